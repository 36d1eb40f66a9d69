import { sql } from 'kysely'
import type { Kysely, Selectable } from 'kysely'
import type { Transaction } from '../database/database.ts'
import { enqueue, outboxRow } from '../database/outbox.ts'
import type { MailTokenRow } from '../database/tables/accounts.ts'
import type { Tables } from '../database/tables/index.ts'
import { newId } from '../platform/ids.ts'
import { refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import type { Secrets } from '../platform/secrets.ts'
import { mailTokenMs } from './model.ts'
import type { Account } from './store.ts'

type Purpose = MailTokenRow['purpose']

/** Mails that tell an account what happened to it, without a link. */
export type Notice = 'password-changed' | 'email-changed' | 'second-factor-on' | 'second-factor-off'

const kinds: Record<Purpose, string> = { verify_email: 'mail.verify-email', reset_password: 'mail.reset-password' }

/** Who gets a mail. */
type Recipient = Pick<Account, 'id' | 'email' | 'emailFolded' | 'name' | 'locale'>

/** Nobody's account: what is written for it is written nowhere, by the same statements. */
export function nobodyAt(email: string, emailFolded: string): Recipient {
  return { id: 'nobody', email, emailFolded, name: '', locale: null }
}

/**
 * Puts a mail with a link into the outbox. The row names the link by its id; whoever writes the mail makes the token of it
 * with `mailToken`, so that no token lies in the database. Written only where the account is there, by statements that are
 * the same where it is not: how long it takes tells nothing.
 */
export async function mailLink(tx: Transaction, account: Recipient, purpose: Purpose): Promise<void> {
  const row: Omit<MailTokenRow, 'usedAt'> = {
    id: newId('mailToken', tx.nowMs),
    userId: account.id,
    purpose,
    emailFolded: account.emailFolded,
    createdAt: tx.nowMs,
    expiresAt: tx.nowMs + mailTokenMs,
  }
  await insertWhere(tx, 'mailTokens', row, { table: 'users', id: account.id })
  const mail = outboxRow(tx, kinds[purpose], { ...recipient(account), tokenId: row.id, expiresAt: row.expiresAt })
  await insertWhere(tx, 'outbox', mail, { table: 'mailTokens', id: row.id })
}

/** Inserts a row where another one is there. */
async function insertWhere(
  tx: Transaction,
  into: 'mailTokens' | 'outbox',
  row: Readonly<Record<string, string | number>>,
  there: { readonly table: 'users' | 'mailTokens'; readonly id: string },
): Promise<void> {
  const columns = sql.join(Object.keys(row).map((name) => sql.ref(name)))
  const values = sql.join(
    Object.values(row).map((value) => sql`CAST(${value} AS ${sql.raw(typeof value === 'number' ? 'BIGINT' : 'TEXT')})`),
  )
  await sql`INSERT INTO ${sql.table(into)} (${columns}) SELECT ${values} FROM ${sql.table(there.table)} WHERE id = ${there.id}`.execute(
    tx.query,
  )
}

/** Puts a mail without a link into the outbox, for the address given. */
export async function mailNotice(tx: Transaction, account: Account, notice: Notice): Promise<void> {
  await enqueue(tx, `mail.${notice}`, recipient(account))
}

function recipient({ id, email, name, locale }: Recipient) {
  return { userId: id, email, name, locale }
}

const signingPurpose = 'mail-token'

/** The token of a link: its id, and what only this house can make of it. */
export function mailToken(secrets: Secrets, id: string): string {
  return `${id}.${secrets.sign(signingPurpose, id)}`
}

/** The link that a token opens now, without using it up. */
export async function readMailToken(
  query: Kysely<Tables>,
  secrets: Secrets,
  token: string,
  purpose: Purpose,
  nowMs: number,
): Promise<Selectable<MailTokenRow> | undefined> {
  const [id = '', signature = ''] = token.split('.')
  if (!secrets.verify(signingPurpose, id, signature)) return undefined
  return await query
    .selectFrom('mailTokens')
    .selectAll()
    .where('id', '=', id)
    .where('purpose', '=', purpose)
    .where('usedAt', 'is', null)
    .where('expiresAt', '>', nowMs)
    .executeTakeFirst()
}

/** Uses a token up; `token_used` when it was used, has expired, was for another address, or never was one. */
export async function useMailToken(
  tx: Transaction,
  secrets: Secrets,
  token: string,
  purpose: Purpose,
): Promise<Selectable<MailTokenRow> | Refusal<'token_used'>> {
  const link = await readMailToken(tx.query, secrets, token, purpose, tx.nowMs)
  if (!link) return refuse('token_used')
  const { numUpdatedRows } = await tx.query
    .updateTable('mailTokens')
    .set({ usedAt: tx.nowMs })
    .where('id', '=', link.id)
    .where('usedAt', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n ? link : refuse('token_used')
}

/** The other links of an account stop working, too: a second mail from the same evening opens nothing. */
export async function spendMailTokens(tx: Transaction, userId: string, purpose: Purpose): Promise<void> {
  await tx.query
    .updateTable('mailTokens')
    .set({ usedAt: tx.nowMs })
    .where('userId', '=', userId)
    .where('purpose', '=', purpose)
    .where('usedAt', 'is', null)
    .execute()
}
