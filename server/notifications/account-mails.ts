import { mailToken } from '../accounts/mail-tokens.ts'
import type { Database } from '../database/database.ts'
import type { Secrets } from '../platform/secrets.ts'
import { ticketLocaleOf } from '../tickets/model.ts'
import type { Letter } from './model.ts'
import { mailWords } from './words/words.ts'
import type { MailWords, Said } from './words/words.ts'

export interface AccountMailParts {
  readonly database: Database
  readonly secrets: Secrets
  /** Where links lead. */
  readonly homeUrl: string
}

interface AccountMail {
  readonly say: (words: MailWords, house: string) => Said
  readonly button: (words: MailWords) => string
  /** Below the house's address; with the token of the link where the mail has one. */
  readonly path: string
}

const toAccount: Pick<AccountMail, 'button' | 'path'> = { button: (words) => words.openAccount, path: '/account' }

const kinds: Readonly<Record<string, AccountMail>> = {
  'mail.verify-email': {
    say: (words, house) => words.verifyEmail(house),
    button: (words) => words.confirmEmail,
    path: '/verify-email',
  },
  'mail.reset-password': {
    say: (words, house) => words.resetPassword(house),
    button: (words) => words.choosePassword,
    path: '/reset-password',
  },
  'mail.password-changed': { say: (words, house) => words.passwordChanged(house), ...toAccount },
  'mail.email-changed': { say: (words, house) => words.emailChanged(house), ...toAccount },
  'mail.second-factor-on': { say: (words, house) => words.factorOn(house), ...toAccount },
  'mail.second-factor-off': { say: (words, house) => words.factorOff(house), ...toAccount },
  'mail.owner-approved': {
    say: (words, house) => words.approved(house),
    button: (words) => words.openManagement,
    path: '/manage',
  },
  'mail.staff-invitation': { say: (words, house) => words.invited(house), ...toAccount },
}

export const accountMailKinds: readonly string[] = Object.keys(kinds)

/** A letter to an account; null when its link has expired while it waited. */
export async function accountLetter(
  { database, secrets, homeUrl }: AccountMailParts,
  kind: string,
  payload: Readonly<Record<string, unknown>>,
  nowMs: number,
): Promise<Letter | null> {
  const mail = kinds[kind]
  const email = textOf(payload['email'])
  if (!mail || email === null) return null
  const tokenId = textOf(payload['tokenId'])
  const minutes = Math.round((Number(payload['expiresAt']) - nowMs) / 60_000)
  if (tokenId !== null && minutes < 1) return null
  const locale = ticketLocaleOf(textOf(payload['locale']))
  const words = mailWords(locale)
  const sender = textOf(payload['theatreName']) ?? (await houseName(database))
  const { subject, paragraphs } = mail.say(words, sender)
  const query = tokenId === null ? '' : `?token=${encodeURIComponent(mailToken(secrets, tokenId))}`
  return {
    locale,
    sender,
    recipient: { name: textOf(payload['name']), email },
    subject,
    paragraphs,
    facts: [],
    button: { label: mail.button(words), url: `${homeUrl}${mail.path}${query}` },
    afterword: tokenId === null ? [] : [words.linkLasts(minutes)],
    attachments: [],
  }
}

/** A house with one theatre is called as that is; one with several as the software. */
async function houseName(database: Database): Promise<string> {
  const theatres = await database.read.selectFrom('theatres').select('name').limit(2).execute()
  return theatres.length === 1 ? (theatres[0]?.name ?? 'Matinee') : 'Matinee'
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}
