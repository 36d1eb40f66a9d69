import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { assert } from '../platform/assert.ts'
import type { Mail } from './model.ts'

/** Where mails go. `send` throws when it could not be handed over and may be tried again. */
export interface MailTransport {
  send(mail: Mail): Promise<void>
  close(): void
}

/** The address that mails come from, and the domain of their ids. */
export interface MailOrigin {
  readonly address: string
  readonly domain: string
}

/** Nobody can be reached there: another try would fail alike. */
export class UndeliverableMail extends Error {
  override readonly name = 'UndeliverableMail'
}

/** Milliseconds: together less than the outbox worker's lease of a few mails. */
const patience = { connectionTimeout: 5000, greetingTimeout: 5000, socketTimeout: 10_000 }

/** Sends by SMTP; `smtp://` takes STARTTLS where it is offered, `smtps://` is TLS from the start. */
export function createSmtpTransport(url: string, origin: MailOrigin): MailTransport {
  const parsed = new URL(url)
  const transport = createTransport({
    host: parsed.hostname,
    port: Number(parsed.port) || (parsed.protocol === 'smtps:' ? 465 : 587),
    secure: parsed.protocol === 'smtps:',
    ...(parsed.username !== '' && {
      auth: { user: decodeURIComponent(parsed.username), pass: decodeURIComponent(parsed.password) },
    }),
    ...patience,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    async send(mail) {
      try {
        await transport.sendMail(messageOf(mail, origin))
      } catch (error) {
        if (isFinal(error)) throw new UndeliverableMail('The address was refused for good', { cause: error })
        throw error
      }
    },
    close: () => transport.close(),
  }
}

/** Without SMTP, mails lie in a folder, one `.eml` each, named by their id: a second try writes the same file. */
export function createFolderTransport(folder: string, origin: MailOrigin): MailTransport {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'unix' })
  return {
    async send(mail) {
      const { message } = await transport.sendMail(messageOf(mail, origin))
      assert(Buffer.isBuffer(message), 'A buffered message is a buffer')
      const path = join(folder, `${mail.id}.eml`)
      await mkdir(folder, { recursive: true })
      // Mails hold tickets and links: for the owner of the process alone.
      await writeFile(`${path}.part`, message, { mode: 0o600 })
      await rename(`${path}.part`, path)
    },
    close: () => transport.close(),
  }
}

function messageOf(mail: Mail, { address, domain }: MailOrigin) {
  return {
    messageId: `<${mail.id}@${domain}>`,
    from: { name: mail.sender, address },
    to: { name: mail.recipient.name ?? '', address: mail.recipient.email },
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    attachments: mail.attachments.map(({ filename, contentType, content }) => ({ filename, contentType, content })),
    // No out-of-office answers, please (RFC 3834).
    headers: { 'auto-submitted': 'auto-generated', 'content-language': mail.locale },
  }
}

/** A 5xx to `RCPT TO` is about the recipient; anything else may be better in an hour. */
function isFinal(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { responseCode, command } = error as Error & { responseCode?: number; command?: string }
  return command === 'RCPT TO' && responseCode !== undefined && responseCode >= 500
}
