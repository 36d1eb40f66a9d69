import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import { isRefusal, refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { endEverySession } from './end-session.ts'
import type { AccountParts } from './parts.ts'
import { countAdministrators, lockAdministrators, lockUsableAccount, updateAccount } from './store.ts'
import type { Account } from './store.ts'

/**
 * Closes an account: what is personal goes, here and in the rooms further right; its id stays, so that the ledger still
 * adds up. Refuses `last_admin` and `owns_theatres`.
 */
export async function closeAccount(
  parts: AccountParts,
  userId: string,
): Promise<Refusal<'last_admin' | 'owns_theatres' | 'unauthenticated'> | undefined> {
  return await parts.database.write(async (tx) => {
    await lockAdministrators(tx)
    const account = await lockUsableAccount(tx, userId)
    if (!account) return refuse('unauthenticated')
    if (account.role === 'admin' && (await countAdministrators(tx)) === 1) return refuse('last_admin')
    const person = { userId, emailFolded: account.emailFolded }
    for (const dependent of parts.dependents) {
      const refused = await dependent.refuseClosing?.(tx, person)
      if (isRefusal(refused)) return refused
    }
    for (const dependent of parts.dependents) await dependent.erase?.(tx, person)
    await endEverySession(tx, parts, account, null)
    await forget(tx, account)
    return undefined
  })
}

/** Leaves an id, a role, and times. The email is free again, and no mail goes there any more. */
async function forget(tx: Transaction, { id, email }: Account): Promise<void> {
  for (const known of [`"userId":${JSON.stringify(id)}`, `"email":${JSON.stringify(email)}`]) {
    const payload = `%${known.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
    await tx.query
      .deleteFrom('outbox')
      .where('kind', 'like', 'mail.%')
      .where(sql<boolean>`payload like ${payload} escape '\\'`)
      .execute()
  }
  for (const table of ['mailTokens', 'recoveryCodes'] as const) {
    await tx.query.deleteFrom(table).where('userId', '=', id).execute()
  }
  await tx.query.deleteFrom('sessions').where('userId', '=', id).execute()
  const nobody = `${id}@deleted.invalid`
  await updateAccount(tx, id, {
    email: nobody,
    emailFolded: nobody,
    name: 'Deleted account',
    searchText: '',
    passwordHash: null,
    requestedRole: null,
    locale: null,
    emailVerifiedAt: null,
    totpSecret: null,
    totpConfirmedAt: null,
    totpUsedStep: null,
    deletedAt: tx.nowMs,
  })
}
