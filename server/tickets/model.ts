/** What is printed and sent about a booking: plain values, gathered by whoever owns the rows. No I/O here. */

/** Languages that tickets, receipts and calendar entries are written in. */
export const ticketLocales = ['en', 'de', 'fr', 'es'] as const
export type TicketLocale = (typeof ticketLocales)[number]

/** The language for a customer's locale (`de-AT` → `de`); English where there is none of ours. */
export function ticketLocaleOf(locale: string | null | undefined): TicketLocale {
  const language = locale?.toLowerCase().split(/[-_]/, 1)[0]
  return ticketLocales.find((known) => known === language) ?? 'en'
}

export interface PlaceOfShow {
  readonly name: string
  /** Street, postcode and city as one would write them; may be empty. */
  readonly address: readonly string[]
  /** IANA */
  readonly timeZone: string
  readonly latitude: number | null
  readonly longitude: number | null
}

/** One screening that somebody holds tickets for. */
export interface Outing {
  readonly bookingId: string
  readonly reference: string
  readonly locale: TicketLocale
  readonly theatre: PlaceOfShow
  readonly movieTitle: string
  /** Short marks beside the title: format, language, certification. */
  readonly facts: readonly string[]
  readonly auditoriumName: string
  readonly startsAtMs: number
  readonly endsAtMs: number
  /** `2026-12-25`; another day than the calendar's for a screening after midnight. */
  readonly businessDate: string
}

export interface PrintedTicket {
  readonly id: string
  readonly code: string
  /** Null for general admission. */
  readonly row: string | null
  readonly number: string | null
  /** As the theatre calls it: `Adult`. */
  readonly ticketTypeName: string
  /** Minor units, what this ticket cost. */
  readonly priceAmount: number
  readonly currency: string
}

export interface TicketsDocument extends Outing {
  readonly tickets: readonly PrintedTicket[]
  readonly madeAtMs: number
}

export interface ReceiptLine {
  readonly quantity: number
  readonly description: string
  /** Minor units, for all of the quantity; below zero for discounts and refunds. */
  readonly amount: number
}

export interface ReceiptPayment {
  readonly atMs: number
  /** `card`, `cash`, `voucher`, `test`, `stripe`, … or `refund`. */
  readonly method: string
  /** Minor units; below zero for money given back. */
  readonly amount: number
}

export interface ReceiptDocument extends Outing {
  readonly currency: string
  readonly customerName: string | null
  readonly soldAtMs: number
  readonly lines: readonly ReceiptLine[]
  /** Minor units, all of them. */
  readonly subtotal: number
  readonly discount: number
  readonly fees: number
  /** Only what is added to the prices. */
  readonly taxAdded: number
  /** The part of the total that is tax already within the prices. */
  readonly taxIncluded: number
  readonly taxRatePercent: number
  readonly total: number
  readonly paid: number
  readonly refunded: number
  readonly payments: readonly ReceiptPayment[]
  readonly madeAtMs: number
}

export const pdfSizes = ['a4', 'a6', '80mm'] as const
export type PdfSize = (typeof pdfSizes)[number]
