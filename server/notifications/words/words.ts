import type { TicketLocale } from '../../tickets/model.ts'
import { german } from './german.ts'
import { english } from './english.ts'
import { french } from './french.ts'
import { spanish } from './spanish.ts'

/** What one mail says: its subject, which is its heading too, and its paragraphs. */
export interface Said {
  readonly subject: string
  readonly paragraphs: readonly string[]
}

/** Every sentence of our mails, in one language. Sums, times and names come in as they are to be read. */
export interface MailWords {
  readonly greeting: (name: string | null) => string
  readonly film: string
  readonly when: string
  readonly before: string
  readonly where: string
  readonly seats: string
  readonly tickets: string
  readonly reference: string
  readonly total: string
  readonly refund: string
  readonly showBooking: string
  readonly confirmEmail: string
  readonly choosePassword: string
  readonly openAccount: string
  readonly openManagement: string
  /** Below every mail: who sends it and that nobody reads answers. */
  readonly footer: (house: string) => string
  readonly orOpen: string
  readonly confirmed: (film: string) => Said
  readonly cancelled: (film: string) => Said
  readonly partlyCancelled: (film: string, count: number) => Said
  readonly uncollected: (film: string) => Said
  readonly screeningCancelled: (film: string, reason: string | null) => Said
  readonly exchanged: (film: string) => Said
  readonly reseated: (film: string) => Said
  readonly hallMoved: (film: string) => Said
  readonly rescheduled: (film: string) => Said
  readonly refunded: (sum: string) => Said
  readonly refundOnItsWay: (sum: string) => string
  readonly refundAtCounter: (sum: string) => string
  readonly verifyEmail: (house: string) => Said
  readonly resetPassword: (house: string) => Said
  readonly linkLasts: (minutes: number) => string
  readonly passwordChanged: (house: string) => Said
  readonly emailChanged: (house: string) => Said
  readonly factorOn: (house: string) => Said
  readonly factorOff: (house: string) => Said
  readonly invited: (theatre: string) => Said
  readonly approved: (house: string) => Said
}

const words: Readonly<Record<TicketLocale, MailWords>> = { en: english, de: german, fr: french, es: spanish }

export function mailWords(locale: TicketLocale): MailWords {
  return words[locale]
}
