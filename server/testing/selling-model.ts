/** A box office as small as it can be said: what the real one must look like after each step. Amounts in minor units. */
export interface ModelHold {
  readonly id: string
  readonly token: string
  readonly house: House
  /** Empty in general admission. */
  readonly seats: readonly string[]
  readonly count: number
  expiresAt: number
  extensionsLeft: number
  status: 'live' | 'released' | 'booked'
}

export interface ModelTicket {
  readonly id: string
  readonly seat: string | null
  isVoid: boolean
}

export interface ModelBooking {
  readonly id: string
  readonly accessToken: string
  readonly house: House
  readonly tickets: readonly ModelTicket[]
  expiresAt: number | null
  status: 'pending' | 'confirmed' | 'cancelled'
  paid: number
  refunded: number
}

export interface ModelPayment {
  readonly id: string
  readonly booking: ModelBooking
  status: 'pending' | 'failed' | 'succeeded' | 'expired' | 'partially_refunded' | 'refunded'
}

/** Which of the two showtimes: six numbered seats, or four places. */
export type House = 'reserved' | 'general'

type Holder = ModelHold | ModelBooking | 'block'

export const rules = {
  holdMs: 300_000,
  paymentMs: 600_000,
  places: 4,
  price: 1255,
  refundShare: 0.5,
  seats: ['A1', 'A2', 'A3', 'B1', 'B2', 'B3'],
} as const

/** A refusal: status and code, and what it names. */
export interface No {
  readonly status: number
  readonly code: string
  readonly seats?: readonly string[]
  readonly available?: number
}

export class SellingModel {
  now: number
  readonly holds: ModelHold[] = []
  readonly bookings: ModelBooking[] = []
  readonly payments: ModelPayment[] = []
  /** Who had each seat last. */
  readonly #seats = new Map<string, Holder>()

  constructor(now: number) {
    this.now = now
  }

  statusOf(booking: ModelBooking): 'pending' | 'confirmed' | 'cancelled' | 'expired' {
    const lapsed = booking.status === 'pending' && booking.expiresAt !== null && booking.expiresAt <= this.now
    return lapsed ? 'expired' : booking.status
  }

  isLive(holder: Holder): boolean {
    if (holder === 'block') return true
    if ('extensionsLeft' in holder) return holder.status === 'live' && holder.expiresAt > this.now
    return ['pending', 'confirmed'].includes(this.statusOf(holder))
  }

  /** How a seat shows to everybody. */
  seatStatus(seat: string): 'available' | 'held' | 'booked' | 'blocked' {
    const holder = this.#seats.get(seat)
    if (holder === undefined || !this.isLive(holder)) return 'available'
    if (holder === 'block') return 'blocked'
    return 'extensionsLeft' in holder || holder.status === 'pending' ? 'held' : 'booked'
  }

  takenOf(seats: readonly string[]): string[] {
    return seats.filter((seat) => this.seatStatus(seat) !== 'available').toSorted()
  }

  /** Places of general admission that are held and booked. */
  get places(): { readonly held: number; readonly booked: number } {
    const holds = this.holds.filter((hold) => hold.house === 'general' && this.isLive(hold))
    const bookings = this.bookings.filter((booking) => booking.house === 'general' && this.isLive(booking))
    const ticketsOf = (status: string) =>
      bookings
        .filter((booking) => booking.status === status)
        .reduce((sum, { tickets }) => sum + tickets.filter(({ isVoid }) => !isVoid).length, 0)
    return {
      held: holds.reduce((sum, { count }) => sum + count, 0) + ticketsOf('pending'),
      booked: ticketsOf('confirmed'),
    }
  }

  /** Whether these can be had. */
  wish(seats: readonly string[], count: number): No | null {
    if (seats.length > 0) {
      const taken = this.takenOf(seats)
      return taken.length === 0 ? null : { status: 409, code: 'seats_unavailable', seats: taken }
    }
    const { held, booked } = this.places
    const available = rules.places - held - booked
    return available >= count ? null : { status: 409, code: 'sold_out', available }
  }

  hold(hold: Pick<ModelHold, 'id' | 'token' | 'house' | 'seats' | 'count'>): void {
    const made: ModelHold = { ...hold, expiresAt: this.now + rules.holdMs, extensionsLeft: 1, status: 'live' }
    this.holds.push(made)
    for (const seat of hold.seats) this.#seats.set(seat, made)
  }

  release(hold: ModelHold): void {
    if (hold.status !== 'live') return
    hold.status = 'released'
  }

  extend(hold: ModelHold): No | null {
    if (hold.status === 'released') return { status: 404, code: 'not_found' }
    if (hold.status === 'booked') return { status: 409, code: 'no_extensions_left' }
    if (!this.isLive(hold)) return { status: 410, code: 'hold_expired' }
    if (hold.extensionsLeft === 0) return { status: 409, code: 'no_extensions_left' }
    hold.extensionsLeft -= 1
    hold.expiresAt += rules.holdMs
    return null
  }

  mayBook(hold: ModelHold): No | null {
    if (hold.status === 'released') return { status: 404, code: 'not_found' }
    if (hold.status === 'booked') return { status: 409, code: 'hold_already_booked' }
    return this.isLive(hold) ? null : { status: 410, code: 'hold_expired' }
  }

  book(booking: Pick<ModelBooking, 'id' | 'accessToken' | 'house' | 'tickets'>, hold?: ModelHold): void {
    const made: ModelBooking = {
      ...booking,
      expiresAt: this.now + rules.paymentMs,
      status: 'pending',
      paid: 0,
      refunded: 0,
    }
    this.bookings.push(made)
    for (const { seat } of made.tickets) if (seat !== null) this.#seats.set(seat, made)
    if (hold) hold.status = 'booked'
  }

  mayPay(booking: ModelBooking): No | null {
    return this.statusOf(booking) === 'pending' ? null : { status: 409, code: 'booking_not_payable' }
  }

  beginPayment(id: string, booking: ModelBooking): void {
    for (const payment of this.payments) {
      if (payment.booking === booking && payment.status === 'pending') payment.status = 'expired'
    }
    this.payments.push({ id, booking, status: 'pending' })
  }

  confirm(payment: ModelPayment, outcome: 'succeed' | 'decline' | 'timeout'): No | null {
    const { booking } = payment
    const status = this.statusOf(booking)
    const isOpen = payment.status === 'pending' || payment.status === 'expired'
    if (isOpen && status === 'expired') return { status: 410, code: 'booking_expired' }
    if (payment.status !== 'pending' || status !== 'pending') return { status: 409, code: 'payment_not_confirmable' }
    if (outcome === 'decline') payment.status = 'failed'
    if (outcome !== 'succeed') return null
    payment.status = 'succeeded'
    booking.status = 'confirmed'
    booking.expiresAt = null
    booking.paid = booking.tickets.length * rules.price
    return null
  }

  cancel(booking: ModelBooking, chosen: readonly ModelTicket[] | null): No | null {
    const status = this.statusOf(booking)
    if (status === 'cancelled') return { status: 409, code: 'already_cancelled' }
    if (status === 'expired') return { status: 410, code: 'booking_expired' }
    const live = booking.tickets.filter(({ isVoid }) => !isVoid)
    const tickets = chosen ?? live
    const isPart = tickets.length < live.length
    if (tickets.some(({ isVoid }) => isVoid) || (status === 'pending' && isPart)) {
      return { status: 400, code: 'validation_failed' }
    }
    for (const ticket of tickets) {
      ticket.isVoid = true
      if (ticket.seat !== null) this.#seats.delete(ticket.seat)
    }
    if (status === 'confirmed') this.#refund(booking, tickets.length * rules.price)
    if (!isPart) booking.status = 'cancelled'
    for (const payment of this.payments) {
      if (payment.booking === booking && payment.status === 'pending') payment.status = 'expired'
    }
    return null
  }

  #refund(booking: ModelBooking, worth: number): void {
    booking.refunded += Math.round(Math.min(worth, booking.paid - booking.refunded) * rules.refundShare)
    for (const payment of this.payments) {
      if (payment.booking !== booking || !['succeeded', 'partially_refunded'].includes(payment.status)) continue
      payment.status = booking.refunded === booking.paid ? 'refunded' : 'partially_refunded'
    }
  }

  block(seats: readonly string[]): No | null {
    const taken = this.takenOf(seats).filter((seat) => this.seatStatus(seat) !== 'blocked')
    if (taken.length > 0) return { status: 409, code: 'seats_unavailable', seats: taken }
    for (const seat of seats) this.#seats.set(seat, 'block')
    return null
  }

  unblock(seats: readonly string[]): void {
    for (const seat of seats) if (this.#seats.get(seat) === 'block') this.#seats.delete(seat)
  }
}
