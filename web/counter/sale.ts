import type { Booking } from '../../contract/bookings.ts'
import type { Hold } from '../../contract/holds.ts'
import type { Payment } from '../../contract/payments.ts'
import type { FailureCode } from '../api.ts'
import type { Party } from '../seat-map/choice.ts'

export type Tender = 'cash' | 'card' | 'voucher' | 'comp'

/**
 * Where a sale is. `choose`: nothing is claimed yet. `tender`: seats are held, how is it paid? `cash` to `comp`: taking
 * that money. `reserved`: booked, to be paid later. `done`: paid.
 */
export type Stage = 'choose' | 'tender' | Tender | 'reserved' | 'done'

export interface Details {
  readonly name: string
  readonly email: string
  readonly phone: string
  readonly promoCode: string
  /** When a group pays, as a time on the theatre's clock; empty: now. */
  readonly payBy: string
}

/** What is asked of the server. It carries all it needs, so that it can be asked again word for word. */
export type Work =
  | { readonly kind: 'hold'; readonly count: number; readonly seats: readonly string[] | null }
  | { readonly kind: 'book' }
  | {
      readonly kind: 'pay'
      readonly tender: Tender
      /** Minor units; null lets the house say (a voucher pays what it has, a complimentary ticket all). */
      readonly amount: number | null
      readonly tendered: number | null
      readonly terminalReference: string | null
      readonly voucherCode: string | null
    }
  | { readonly kind: 'giveUp' }

/** Claims that a sale has let go of; given back in the background. */
export interface Loose {
  readonly holdId: string | null
  readonly bookingId: string | null
  readonly token: string
}

export interface Sale {
  /** One for each sale: with `attempt` it makes the key under which the server does each thing once. */
  readonly key: string
  readonly attempt: number
  readonly showtimeId: string | null
  readonly counts: Party
  /** The ticket type that digits count. */
  readonly active: string
  /** Digits as they were typed: a count, or an amount from the right as tills do. */
  readonly typed: string
  /** Seats picked by hand; null: the best there are. */
  readonly seats: readonly string[] | null
  readonly details: Details
  readonly stage: Stage
  readonly hold: Hold | null
  readonly booking: Booking | null
  /** The last money taken: its change is what the till shows. */
  readonly payment: Payment | null
  readonly work: Work | null
  /** What was pressed while the server was at work; done afterwards, in order. */
  readonly queue: readonly Act[]
  readonly problem: Problem | null
  readonly loose: readonly Loose[]
  /** The sale before this one: its change may still be on the desk. */
  readonly last: Last | null
}

export interface Last {
  readonly bookingId: string
  readonly reference: string
  /** Minor units. */
  readonly change: number
}

/** A sale that was put aside: what was chosen, without a claim to it. */
export type Parked = Pick<Sale, 'showtimeId' | 'counts' | 'seats'>

export interface Problem {
  readonly code: FailureCode
  /** Seats that are gone. */
  readonly seats: readonly string[]
  readonly suggestions: readonly (readonly string[])[]
}

/** What the person at the till does. */
export type Act =
  | { readonly type: 'digit'; readonly digit: string }
  | { readonly type: 'erase' | 'enter' | 'back' | 'new' | 'giveUpWaiting' }
  | { readonly type: 'add'; readonly ticketType: string; readonly by: number }
  | { readonly type: 'activate'; readonly ticketType: string }
  | { readonly type: 'show'; readonly showtimeId: string }
  | { readonly type: 'seats'; readonly seats: readonly string[] | null; readonly firstType: string }
  | { readonly type: 'details'; readonly details: Details }
  | { readonly type: 'tender'; readonly tender: Tender }
  | { readonly type: 'note'; readonly amount: number }
  | { readonly type: 'card'; readonly terminalReference: string }
  | { readonly type: 'voucher'; readonly code: string }
  | { readonly type: 'resume'; readonly booking: Booking }
  | { readonly type: 'restore'; readonly parked: Parked }

/** What the server answered. */
export type Outcome =
  | { readonly type: 'held'; readonly hold: Hold }
  | { readonly type: 'booked'; readonly booking: Booking }
  | { readonly type: 'paid'; readonly payment: Payment }
  | { readonly type: 'givenUp' }
  | { readonly type: 'failed'; readonly problem: Problem }
  | { readonly type: 'expired' }
  | { readonly type: 'freed'; readonly loose: Loose }
  | { readonly type: 'extended'; readonly hold: Hold }
  | { readonly type: 'read'; readonly booking: Booking }

export const noDetails: Details = { name: '', email: '', phone: '', promoCode: '', payBy: '' }

export function newSale(key: string, firstType: string, showtimeId: string | null): Sale {
  return {
    key,
    attempt: 0,
    showtimeId,
    counts: {},
    active: firstType,
    typed: '',
    seats: null,
    details: noDetails,
    stage: 'choose',
    hold: null,
    booking: null,
    payment: null,
    work: null,
    queue: [],
    problem: null,
    loose: [],
    last: null,
  }
}

/** What is still to be paid of a booking, minor units. */
export function dueOf(sale: Sale): number {
  return sale.booking ? sale.booking.total.amount - sale.booking.paid.amount : 0
}

/** The amount that was typed, minor units; null while nothing is. */
export function typedAmount(sale: Sale): number | null {
  return sale.typed === '' ? null : Number(sale.typed)
}

/** What goes back to the customer for what was typed; below zero is what is missing. */
export function changeFor(sale: Sale): number {
  return (typedAmount(sale) ?? dueOf(sale)) - dueOf(sale)
}

/** Asks the server: `attempt` makes it an intention of its own. */
export function begin(sale: Sale, work: Work): Sale {
  return { ...sale, work, attempt: sale.attempt + 1, problem: null }
}

/** Lets go of the claims of a sale; seats that were picked by hand stay picked. */
export function letGo(sale: Sale): Sale {
  const { hold, booking } = sale
  if (!hold && !booking) return sale
  const loose = {
    holdId: booking ? null : (hold?.id ?? null),
    bookingId: booking?.id ?? null,
    token: hold?.token ?? booking?.accessToken ?? '',
  }
  return { ...sale, hold: null, booking: null, loose: [...sale.loose, loose] }
}

/** The next sale, with nothing of this one but what is still to be given back. */
export function afresh(sale: Sale): Sale {
  const [key = sale.key, number = '0'] = sale.key.split('#')
  const { booking, payment, loose } = sale
  const change = payment?.change?.amount ?? 0
  const last =
    booking?.status === 'confirmed' ? { bookingId: booking.id, reference: booking.reference, change } : sale.last
  return { ...newSale(`${key}#${Number(number) + 1}`, sale.active, null), loose, last }
}
