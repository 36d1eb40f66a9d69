import type { Insertable, Kysely, Selectable, Updateable } from 'kysely'
import type { Transaction } from '../database/database.ts'
import type { UserRow } from '../database/tables/accounts.ts'
import type { Tables } from '../database/tables/index.ts'
import { isUsable } from './model.ts'

type Query = Kysely<Tables>

export type Account = Selectable<UserRow>

export async function findAccount(query: Query, id: string): Promise<Account | undefined> {
  return await query.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function findAccountByEmail(query: Query, emailFolded: string): Promise<Account | undefined> {
  return await query.selectFrom('users').selectAll().where('emailFolded', '=', emailFolded).executeTakeFirst()
}

/** The account of a caller: undefined when it went away since the caller was identified. */
export async function findUsableAccount(query: Query, id: string): Promise<Account | undefined> {
  const account = await findAccount(query, id)
  return account && isUsable(account) ? account : undefined
}

/**
 * An account as it is now, and stays until the transaction ends, for who is going to change it, or to let somebody in by what it
 * says: of two at once the second finds what the first has left. On SQLite the transaction itself is the lock.
 */
export async function lockAccount(tx: Transaction, id: string): Promise<Account | undefined> {
  if (tx.raw.engine === 'sqlite') return await findAccount(tx.query, id)
  const account = await tx.query
    .selectFrom('users')
    .selectAll()
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst()
  tx.renewTime()
  return account
}

export async function lockUsableAccount(tx: Transaction, id: string): Promise<Account | undefined> {
  const account = await lockAccount(tx, id)
  return account && isUsable(account) ? account : undefined
}

/** False when there is an account with this email already: the key of the database decides, also between two at once. */
export async function insertAccount(tx: Transaction, row: Insertable<UserRow>): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx.query
    .insertInto('users')
    .values(row)
    .onConflict((conflict) => conflict.column('emailFolded').doNothing())
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows === 1n
}

export async function updateAccount(tx: Transaction, id: string, change: Updateable<UserRow>): Promise<void> {
  await tx.query
    .updateTable('users')
    .set({ ...change, updatedAt: tx.nowMs })
    .where('id', '=', id)
    .execute()
}

/**
 * Whoever may take an administrator away waits here for one another: after it, counting them is no hope but a fact.
 * One row is the lock, on both engines.
 */
export async function lockAdministrators(tx: Transaction): Promise<void> {
  await tx.query
    .insertInto('settings')
    .values({ name: 'accounts.administrators', value: '' })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: '' }))
    .execute()
}

/** How many could administer the house right now. */
export async function countAdministrators(tx: Transaction): Promise<number> {
  const { count } = await tx.query
    .selectFrom('users')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('role', '=', 'admin')
    .where('bannedAt', 'is', null)
    .where('deletedAt', 'is', null)
    .executeTakeFirstOrThrow()
  return count
}
