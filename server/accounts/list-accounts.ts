import type { Kysely } from 'kysely'
import type { Role } from '../../contract/operation.ts'
import { limitOf, orderBy, readCursor, toPage } from '../database/paging.ts'
import type { Order, Page } from '../database/paging.ts'
import type { Tables } from '../database/tables/index.ts'
import { searchWords } from '../platform/fold.ts'
import { isRefusal } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { isLive } from './model.ts'
import type { AccountSession } from './sessions.ts'
import type { Account } from './store.ts'

export interface AccountFilter {
  readonly q?: string | undefined
  readonly role?: Role | undefined
  readonly banned?: boolean | undefined
  readonly requestedRole?: 'owner' | undefined
  readonly limit?: number | undefined
  readonly cursor?: string | undefined
}

const newestFirst: Order = { name: 'accounts', keys: [{ column: 'users.id', direction: 'desc', type: 'text' }] }

/** Accounts that are not deleted, newest first; every word of `q` occurs in email or name. */
export async function listAccounts<Item>(
  query: Kysely<Tables>,
  filter: AccountFilter,
  present: (account: Account) => Item,
): Promise<Page<Item> | Refusal<'validation_failed'>> {
  const after = readCursor(newestFirst, filter.cursor)
  if (isRefusal(after)) return after
  let found = query.selectFrom('users').selectAll().where('deletedAt', 'is', null).where(after)
  for (const word of searchWords(filter.q ?? '')) found = found.where('searchText', 'like', `%${word}%`)
  if (filter.role !== undefined) found = found.where('role', '=', filter.role)
  if (filter.banned !== undefined) found = found.where('bannedAt', filter.banned ? 'is not' : 'is', null)
  if (filter.requestedRole !== undefined) found = found.where('requestedRole', '=', filter.requestedRole)
  const limit = limitOf(filter)
  const rows = await found
    .orderBy(orderBy(newestFirst))
    .limit(limit + 1)
    .execute()
  return toPage(newestFirst, rows, limit, ({ id }) => [id], present)
}

const newestSessionFirst: Order = {
  name: 'sessions',
  keys: [{ column: 'sessions.id', direction: 'desc', type: 'text' }],
}

/** Where an account is signed in now, newest first. */
export async function listSessions<Item>(
  query: Kysely<Tables>,
  { userId, role, nowMs }: { readonly userId: string; readonly role: Role; readonly nowMs: number },
  page: { readonly limit?: number | undefined; readonly cursor?: string | undefined },
  present: (session: AccountSession) => Item,
): Promise<Page<Item> | Refusal<'validation_failed'>> {
  const after = readCursor(newestSessionFirst, page.cursor)
  if (isRefusal(after)) return after
  const rows = await query
    .selectFrom('sessions')
    .selectAll()
    .where('userId', '=', userId)
    .where('endedAt', 'is', null)
    .where('expiresAt', '>', nowMs)
    .where(after)
    .orderBy(orderBy(newestSessionFirst))
    .execute()
  const live = rows.filter((session) => isLive(session, role, nowMs))
  return toPage(newestSessionFirst, live, limitOf(page), ({ id }) => [id], present)
}
