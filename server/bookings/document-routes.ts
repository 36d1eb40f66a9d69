import { basePath } from '../../contract/api.ts'
import * as contract from '../../contract/tickets.ts'
import { Bytes } from '../http/answer.ts'
import type { Approach } from '../http/request.ts'
import type { Routes } from '../http/routes.ts'
import { isRefusal, refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { calendarFile } from '../tickets/calendar.ts'
import { makeTicketCode } from '../tickets/code.ts'
import { googleWalletUrl } from '../tickets/google-wallet.ts'
import type { GoogleIdentity } from '../tickets/google-wallet.ts'
import type { TicketKeys } from '../tickets/keys.ts'
import type { PrintedTicket } from '../tickets/model.ts'
import type { PdfOrder, PdfPress } from '../tickets/print-pdf.ts'
import { qrSvg } from '../tickets/qr.ts'
import { walletFile } from '../tickets/wallet-pass.ts'
import type { WalletIdentity } from '../tickets/wallet-pass.ts'
import { findBookingFor } from './find-booking.ts'
import type { FindParts, FoundBooking } from './find-booking.ts'
import { readCalendarEntry, readReceiptDocument, readTicketsDocument } from './read-documents.ts'
import type { TicketCodeOf } from './read-documents.ts'

export interface DocumentParts extends FindParts {
  readonly ticketKeys: TicketKeys
  readonly press: PdfPress
  /** The house at Apple; null where it has no certificate. */
  readonly wallet: WalletIdentity | null
  /** The house at Google; null where it has no key. */
  readonly google: GoogleIdentity | null
  readonly publicUrl: string | null
}

type AtId = Pick<Approach, 'caller' | 'accessToken'> & { readonly params: { readonly id: string } }

/** What is handed out for a booking: codes, prints, calendar entries, passes. */
export function addDocumentRoutes(routes: Routes, parts: DocumentParts): void {
  const { database, press, wallet } = parts
  const find = async (approach: AtId) => await findBookingFor(parts, approach, approach.params.id)
  addQr(routes, parts)
  addWallets(routes, parts)
  routes.add(contract.downloadTickets, {
    find,
    async handle({ subject: { booking }, query, now }) {
      if (booking.status !== 'confirmed') return notConfirmed(booking.status)
      const document = await readTicketsDocument(database.read, booking, await codeMaker(parts), now)
      const order: PdfOrder = { kind: 'tickets', document, size: query.size ?? 'a4' }
      return pdf(await press.print(order), `tickets-${booking.reference}`)
    },
  })
  routes.add(contract.downloadReceipt, {
    find,
    async handle({ subject: { booking }, now }) {
      if (booking.confirmedAt === null) return notConfirmed(booking.status)
      const document = await readReceiptDocument(database.read, booking, now)
      return pdf(await press.print({ kind: 'receipt', document }), `receipt-${booking.reference}`)
    },
  })
  routes.add(contract.downloadCalendar, {
    find,
    async handle({ subject: { booking } }) {
      if (booking.confirmedAt === null) return notConfirmed(booking.status)
      const file = calendarFile(await readCalendarEntry(database.read, booking, parts.publicUrl))
      return attachment(file, 'text/calendar; charset=utf-8', `${booking.reference}.ics`)
    },
  })
  routes.add(contract.downloadWalletPass, {
    find: (approach) => (wallet ? find(approach) : refuse('not_found', 'This house gives out no passes for wallets.')),
    async handle({ subject: { booking }, now }) {
      if (!wallet) return refuse('not_found')
      if (booking.status !== 'confirmed') return notConfirmed(booking.status)
      const document = await readTicketsDocument(database.read, booking, await codeMaker(parts), now)
      const file = await walletFile(wallet, document)
      return attachment(file.bytes, file.mediaType, `${booking.reference}.${file.mediaType.split('.').at(-1)}`)
    },
  })
}

function addWallets(routes: Routes, parts: DocumentParts): void {
  const { database, wallet, google, publicUrl } = parts
  routes.add(contract.listWallets, {
    find: async (approach: AtId) => await findBookingFor(parts, approach, approach.params.id),
    async handle({ subject: { booking }, now }) {
      if (booking.status !== 'confirmed') return notConfirmed(booking.status)
      const apple = wallet ? `${basePath}/bookings/${booking.id}/wallet.pkpass` : null
      if (!google) return { apple, google: [] }
      const document = await readTicketsDocument(database.read, booking, await codeMaker(parts), now)
      const urlOf = (ticket: PrintedTicket) => googleWalletUrl(google, document, ticket, publicUrl)
      return { apple, google: document.tickets.map((ticket) => ({ ticketId: ticket.id, url: urlOf(ticket) })) }
    },
  })
}

function addQr(routes: Routes, parts: DocumentParts): void {
  routes.add(contract.getTicketQr, {
    async find({ params, caller, accessToken }): Promise<(FoundBooking & { ticketId: string }) | Refusal<'not_found'>> {
      const ticket = await parts.database.read
        .selectFrom('tickets')
        .select(['id', 'bookingId'])
        .where('id', '=', params.id)
        .executeTakeFirst()
      if (!ticket) return refuse('not_found')
      const found = await findBookingFor(parts, { caller, accessToken }, ticket.bookingId)
      return isRefusal(found) ? found : { ...found, ticketId: ticket.id }
    },
    async handle({ subject: { booking, ticketId } }) {
      const ticket = await parts.database.read
        .selectFrom('tickets')
        .selectAll()
        .where('id', '=', ticketId)
        .executeTakeFirstOrThrow()
      if (booking.status !== 'confirmed' || ticket.status === 'void') {
        return refuse('not_found', 'This ticket has no code: its booking is not confirmed, or it was cancelled.')
      }
      const title = [booking.reference, ticket.seatId].filter((part) => part !== null).join(' ')
      const svg = qrSvg((await codeMaker(parts))(ticket), title)
      return new Bytes(svg, { 'content-type': 'image/svg+xml; charset=utf-8', 'cache-control': 'private, no-store' })
    },
  })
}

async function codeMaker({ ticketKeys }: DocumentParts): Promise<TicketCodeOf> {
  const key = await ticketKeys.signing()
  return (ticket) => makeTicketCode(key, ticket)
}

function notConfirmed(
  status: FoundBooking['booking']['status'],
): Refusal<'booking_cancelled' | 'booking_not_confirmed'> {
  return status === 'cancelled' ? refuse('booking_cancelled') : refuse('booking_not_confirmed')
}

function pdf(bytes: Buffer | Refusal<'busy'>, name: string): Bytes | Refusal<'busy'> {
  if (isRefusal(bytes)) return bytes
  return new Bytes(bytes, {
    'content-type': 'application/pdf',
    'content-disposition': `inline; filename="${name}.pdf"`,
    'cache-control': 'private, no-store',
  })
}

/** Names are references and fixed words: nothing in them needs quoting. */
function attachment(bytes: Buffer | string, mediaType: string, name: string): Bytes {
  return new Bytes(bytes, {
    'content-type': mediaType,
    'content-disposition': `attachment; filename="${name}"`,
    'cache-control': 'private, no-store',
  })
}
