import type { Acknowledged } from '../server/audit/journal.ts'
import type { DoubledProvider } from '../server/testing/doubles.ts'
import { chance } from './chance.ts'
import type { Sent } from './client.ts'

/** What is for sale, and who works at the door. */
export interface Shop {
  /** Showtimes of one film in one theatre, each in a hall of its own: rows `R1-`, `R2-`, … */
  readonly reserved: readonly { readonly id: string; readonly rows: number; readonly seats: number }[]
  readonly general: { readonly id: string }
  /** The access token of somebody who may scan tickets; null: nobody is at the door. */
  readonly door: string | null
}

/** One purchase as its buyer knows it: what was acknowledged. Times are milliseconds since the epoch. */
export interface Purchase {
  readonly name: string
  /** Where its seats are, by the last acknowledged answer. */
  showtimeId?: string
  hold?: { readonly id: string; readonly token: string; readonly expiresAt: number }
  booking?: {
    readonly id: string
    readonly accessToken: string
    readonly expiresAt: number
    readonly tickets: readonly string[]
  }
  payment?: { readonly id: string }
  /** What the test provider was told to do, once that was acknowledged. */
  outcome?: 'succeed' | 'decline' | 'timeout'
  released?: true
  /** The answer was that its time is up. */
  lapsed?: true
  cancelled?: true
  exchanged?: true
  /** The ticket that was let in. */
  admitted?: string
  /** A second door was asked about it. */
  refusedAtDoor?: true
  /** What became of its money outside of the house, where a payment provider takes it. */
  online?: OnlineMoney
}

export interface OnlineMoney {
  readonly provider: DoubledProvider
  /** When the payer paid on the provider's page, or tried to; 0: never. */
  paidAt: number
  /** Nothing more is done. */
  isOver?: true
  /** The bank let the authorisation go before it was captured. */
  bankLapsed?: true
  /** Given back without a cancellation, minor units. */
  goodwill: number
}

export type Acknowledge = (table: Acknowledged['table'], id: unknown, confirmed?: boolean) => void

export interface Step {
  /** What happens outside of the house, just before it. */
  readonly before?: () => void
  readonly request: Sent
  /** Not before this moment. */
  readonly notBefore?: number
  /** The only thing that may be answered, where a success would be wrong. */
  readonly onlyRefusal?: string
  /** What may be answered instead of a success; `lapse` where time may have run out. */
  readonly refusals: readonly string[]
  /** When its time runs out: a refusal for that reason is lawful from then on. */
  readonly lapsesAt?: number
  /** Notes a success in the journal: the first thing that happens to it. */
  note(body: Record<string, unknown>): void
  /** Lawful refusals after which the purchase goes on. */
  readonly goesOnAfter?: readonly string[]
  /** Notes a refusal that is no end. */
  noteRefusal?(body: Record<string, unknown>): void
}

export type NextStep = (purchase: Purchase, shop: Shop, acknowledge: Acknowledge) => Step | null

const shares = { general: 0.2, release: 0.08, leave: 0.1, late: 0.04, cancel: 0.12, exchange: 0.1, scan: 0.3 } as const
const outcomeShares = { succeed: 0.85, decline: 0.93 } as const
/** A buyer who pays too late is this late. */
const tooLateMs = 300

/** What a purchase does next; null when it has come to its end. */
export function nextStep(purchase: Purchase, shop: Shop, acknowledge: Acknowledge): Step | null {
  const { name, hold, booking, payment, outcome } = purchase
  if (purchase.released || purchase.cancelled || purchase.lapsed) return null
  if (!hold) return placeHold(purchase, shop, acknowledge)
  if (!booking) return chance(name, 'release') < shares.release ? release(purchase, hold) : book(purchase, acknowledge)
  if (!payment) return chance(name, 'leave') < shares.leave ? null : beginPayment(purchase, booking, acknowledge)
  if (!outcome) return confirm(purchase, payment.id, booking, acknowledge)
  if (chance(name, 'cancel') < shares.cancel) return cancel(purchase, booking)
  return outcome === 'succeed' ? afterwards(purchase, booking, shop) : null
}

export type Booked = NonNullable<Purchase['booking']>

/** What happens to a booking that is paid: some go to another showtime, some come to the door. */
function afterwards(purchase: Purchase, booking: Booked, shop: Shop): Step | null {
  const { name, exchanged, admitted, showtimeId, refusedAtDoor } = purchase
  const elsewhere = shop.reserved.find(({ id }) => id !== showtimeId)
  const isReserved = shop.reserved.some(({ id }) => id === showtimeId)
  if (!exchanged && isReserved && elsewhere && chance(name, 'exchange') < shares.exchange) {
    return exchange(purchase, booking, elsewhere)
  }
  if (shop.door === null || chance(name, 'scan') >= shares.scan || refusedAtDoor) return null
  return scan(purchase, booking, shop.door, admitted === undefined ? 'a' : 'b')
}

export function placeHold(purchase: Purchase, shop: Shop, acknowledge: Acknowledge): Step {
  const { name } = purchase
  const count = 1 + Math.floor(chance(name, 'count') * 3)
  const inGeneral = chance(name, 'where') < shares.general
  const hall = shop.reserved[Math.floor(chance(name, 'hall') * shop.reserved.length)]
  if (!hall) throw new Error('There is nothing to sell')
  const showtimeId = inGeneral ? shop.general.id : hall.id
  const body = inGeneral ? { count } : { seats: seatsIn(hall, name, 'seats', count) }
  return {
    request: { method: 'POST', path: `/showtimes/${showtimeId}/holds`, body, key: `${name} hold` },
    // Somebody else was faster: the only thing that may go wrong.
    refusals: ['seats_unavailable', 'sold_out'],
    note(answer) {
      acknowledge('holds', answer['id'])
      purchase.showtimeId = showtimeId
      purchase.hold = {
        id: String(answer['id']),
        token: String(answer['token']),
        expiresAt: Date.parse(String(answer['expiresAt'])),
      }
    },
  }
}

/** Neighbours somewhere in a hall. */
function seatsIn({ rows, seats }: Shop['reserved'][number], name: string, question: string, count: number): string[] {
  const row = 1 + Math.floor(chance(name, `${question} row`) * rows)
  const first = 1 + Math.floor(chance(name, `${question} first`) * (seats - count + 1))
  return Array.from({ length: count }, (_seat, index) => `R${row}-${first + index}`)
}

function release(purchase: Purchase, hold: NonNullable<Purchase['hold']>): Step {
  return {
    request: { method: 'DELETE', path: `/holds/${hold.id}`, accessToken: hold.token },
    refusals: [],
    note() {
      purchase.released = true
    },
  }
}

export function book(purchase: Purchase, acknowledge: Acknowledge): Step {
  const { name, hold } = purchase
  const body = { holdId: hold?.id, customer: { name, email: 'ada@example.com' } }
  return {
    request: { method: 'POST', path: '/bookings', body, accessToken: hold?.token, key: `${name} book` },
    refusals: ['hold_expired'],
    lapsesAt: hold?.expiresAt,
    note(answer) {
      acknowledge('bookings', answer['id'])
      const tickets = (answer['tickets'] as { readonly id: string }[]).map(({ id }) => id)
      for (const id of tickets) acknowledge('tickets', id)
      purchase.booking = {
        id: String(answer['id']),
        accessToken: String(answer['accessToken']),
        expiresAt: Date.parse(String(answer['expiresAt'])),
        tickets,
      }
    },
  }
}

function beginPayment(purchase: Purchase, booking: Booked, acknowledge: Acknowledge): Step {
  const body = { bookingId: booking.id, provider: 'test' }
  return {
    request: { method: 'POST', path: '/payments', body, accessToken: booking.accessToken, key: `${purchase.name} pay` },
    refusals: ['booking_expired', 'booking_not_payable'],
    lapsesAt: booking.expiresAt,
    note(answer) {
      acknowledge('payments', answer['id'])
      purchase.payment = { id: String(answer['id']) }
    },
  }
}

function confirm(purchase: Purchase, paymentId: string, booking: Booked, acknowledge: Acknowledge): Step {
  const { name } = purchase
  const late = chance(name, 'late') < shares.late
  const luck = chance(name, 'outcome')
  const outcome =
    late || luck < outcomeShares.succeed ? 'succeed' : luck < outcomeShares.decline ? 'decline' : 'timeout'
  const request: Sent = {
    method: 'POST',
    path: `/payments/${paymentId}/confirm`,
    body: { outcome },
    accessToken: booking.accessToken,
    key: `${name} confirm`,
  }
  return {
    request,
    ...(late && { notBefore: booking.expiresAt + tooLateMs, onlyRefusal: 'booking_expired' }),
    refusals: ['booking_expired', 'payment_not_confirmable'],
    lapsesAt: booking.expiresAt,
    note() {
      if (outcome === 'succeed') acknowledge('bookings', booking.id, true)
      purchase.outcome = outcome
    },
  }
}

export function cancel(purchase: Purchase, { id, accessToken, expiresAt }: Booked): Step {
  return {
    request: {
      method: 'POST',
      path: `/bookings/${id}/cancel`,
      body: {},
      accessToken,
      key: `${purchase.name} cancel`,
    },
    refusals: purchase.outcome === 'succeed' ? [] : ['booking_expired'],
    lapsesAt: expiresAt,
    note() {
      purchase.cancelled = true
    },
  }
}

export function exchange(purchase: Purchase, { id, accessToken, tickets }: Booked, to: Shop['reserved'][number]): Step {
  const body = { showtimeId: to.id, seats: seatsIn(to, purchase.name, 'elsewhere', tickets.length) }
  return {
    request: {
      method: 'POST',
      path: `/bookings/${id}/exchange`,
      body,
      accessToken,
      key: `${purchase.name} exchange`,
    },
    refusals: ['seats_unavailable'],
    note() {
      purchase.exchanged = true
      purchase.showtimeId = to.id
    },
  }
}

/** At door `b` the ticket that door `a` has let in: nobody comes in twice. */
function scan(purchase: Purchase, booking: Booked, bearer: string, door: 'a' | 'b'): Step {
  const [ticketId] = booking.tickets
  return {
    request: {
      method: 'POST',
      path: '/check-ins',
      body: { ticketId, showtimeId: purchase.showtimeId },
      bearer,
      key: `${purchase.name} door ${door}`,
    },
    ...(door === 'b' && { onlyRefusal: 'already_checked_in' }),
    refusals: [],
    note() {
      purchase.admitted = ticketId
    },
    noteRefusal() {
      purchase.refusedAtDoor = true
    },
  }
}
