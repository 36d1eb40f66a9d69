import { join } from 'node:path'
import { createOutboxWorker } from '../jobs/outbox-worker.ts'
import type { OutboxWorker } from '../jobs/outbox-worker.ts'
import type { Tracer } from '../platform/tracing.ts'
import { mailHandlers } from './mail-handlers.ts'
import type { MailParts } from './mail-handlers.ts'
import type { MailOrigin, MailTransport } from './transport.ts'

/** Where mails go and where links in them lead. */
export interface MailSettings {
  readonly smtpUrl: string | null
  readonly mailFrom: string | null
  readonly publicUrl: string | null
  readonly host: string
  readonly port: number
  readonly dataFolder: string
}

export interface MailOffice {
  readonly worker: OutboxWorker
  close(): void
}

/** Few at a time and few in a run: each may take seconds, and a server that closes waits for the run. */
const pace = { batchRows: 4, batches: 5 }

/** Mails by SMTP, or into `mail/` of the data folder where there is none. */
export function openMail(
  settings: MailSettings,
  parts: Omit<MailParts, 'transport' | 'homeUrl'> & { readonly tracer: Tracer | null },
): MailOffice {
  const { smtpUrl, publicUrl, host, port, dataFolder } = settings
  const origin = originOf(settings)
  const transport = atFirstMail(async () => {
    const { createFolderTransport, createSmtpTransport } = await import('./transport.ts')
    return smtpUrl === null
      ? createFolderTransport(join(dataFolder, 'mail'), origin)
      : createSmtpTransport(smtpUrl, origin)
  })
  const homeUrl = publicUrl ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`
  const handlers = mailHandlers({ ...parts, transport, homeUrl })
  return {
    worker: createOutboxWorker(parts.database, parts.clock, parts.log, handlers, { ...pace, tracer: parts.tracer }),
    close: () => transport.close(),
  }
}

/** A transport that is made for the first mail: the library behind it is large, and a server that has just started sends none. */
function atFirstMail(make: () => Promise<MailTransport>): MailTransport {
  let made: Promise<MailTransport> | null = null
  return {
    async send(mail) {
      made ??= make()
      await (await made).send(mail)
    },
    close() {
      void made?.then((transport) => transport.close())
    },
  }
}

/** `MAIL_FROM`, else the SMTP user where that is an address, else `tickets@` the public host. */
export function originOf({ mailFrom, smtpUrl, publicUrl }: MailSettings): MailOrigin {
  const host = publicUrl === null ? 'localhost' : new URL(publicUrl).hostname
  const user = smtpUrl === null ? '' : decodeURIComponent(new URL(smtpUrl).username)
  const address = mailFrom ?? (user.includes('@') ? user : `tickets@${host}`)
  return { address, domain: address.split('@').at(-1) ?? host }
}
