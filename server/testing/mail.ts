import { mailToken } from '../accounts/mail-tokens.ts'
import type { Engine } from '../database/database.ts'
import { createOutboxWorker } from '../jobs/outbox-worker.ts'
import { mailHandlers } from '../notifications/mail-handlers.ts'
import type { Mail } from '../notifications/model.ts'
import { startApp } from './harness.ts'
import type { TestApp } from './harness.ts'

export interface WaitingMail {
  readonly kind: string
  readonly payload: Readonly<Record<string, unknown>>
}

/** A worker whose mails can be read; `fail` is what happens to the next ones. */
export async function openPost(engine: Engine) {
  const app = await startApp(engine)
  const sent: Mail[] = []
  const failures: Error[] = []
  const transport = {
    async send(mail: Mail) {
      const failure = failures.shift()
      if (failure) throw failure
      sent.push(mail)
    },
    close() {},
  }
  const { house } = app.app
  const handlers = mailHandlers({ ...house, transport, homeUrl: 'https://kino.example' })
  const worker = createOutboxWorker(app.database, app.clock, house.log, handlers)
  return { app, sent, failures, post: () => worker.runOnce() }
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
