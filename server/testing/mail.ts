import { mailToken } from '../accounts/mail-tokens.ts'
import type { TestApp } from './harness.ts'

export interface WaitingMail {
  readonly kind: string
  readonly payload: Readonly<Record<string, unknown>>
}

/** The mails that wait in the outbox, oldest first. */
export async function waitingMails(test: TestApp): Promise<WaitingMail[]> {
  const rows = await test.database.read
    .selectFrom('outbox')
    .select(['kind', 'payload'])
    .where('kind', 'like', 'mail.%')
    .orderBy('id')
    .execute()
  return rows.map(({ kind, payload }) => ({ kind, payload: JSON.parse(payload) }))
}

/** The token of the newest link that was mailed to an address. */
export async function mailedToken(test: TestApp, kind: string, email: string): Promise<string> {
  const mail = (await waitingMails(test)).findLast(
    (waiting) => waiting.kind === kind && waiting.payload['email'] === email,
  )
  if (!mail) throw new Error(`There is no ${kind} for ${email}`)
  return mailToken(test.app.house.secrets, String(mail.payload['tokenId']))
}
