import type { SeatStatus } from '../../contract/holds.ts'
import type { PriceRow } from '../showtimes/pricing.ts'
import type { QuoteRules } from '../showtimes/quote.ts'

/** What a hold's quote rests on; it binds until the hold, or the booking made from it, ends. */
export interface HoldTerms extends QuoteRules {
  readonly currency: string
  readonly prices: readonly PriceRow[]
}

/** A claim on a seat, live or lapsed: it counts while `expiresAt` is null or still to come. */
export interface Claim {
  readonly seatId: string
  readonly kind: 'hold' | 'booking' | 'block'
  readonly ref: string
  readonly expiresAt: number | null
  readonly places: number
}

/** The `ref` of house seats: they belong to nobody's hold or booking. */
export const blockRef = 'block'

/** Expired at the very millisecond that `expiresAt` names, the same moment for everyone. */
export function isLive(claim: { readonly expiresAt: number | null }, nowMs: number): boolean {
  return claim.expiresAt === null || claim.expiresAt > nowMs
}

/** How a claimed seat shows: a pending booking's seats are held until they are paid. */
export function statusOf(claim: Pick<Claim, 'kind' | 'expiresAt'>): SeatStatus {
  if (claim.kind === 'block') return 'blocked'
  return claim.kind === 'booking' && claim.expiresAt === null ? 'booked' : 'held'
}

export interface SeatChange {
  readonly id: string
  readonly status: SeatStatus
}

/** What a showtime's row says about whether and how its seats are sold. */
export interface SalesState {
  readonly status: 'draft' | 'scheduled' | 'cancelled'
  readonly salesOpenAt: number | null
  readonly salesCloseAt: number
  readonly staffSalesCloseAt: number
  readonly salesPaused: number
}

export type Channel = 'web' | 'counter'

/** Why a showtime cannot be sold now, or null when it can. The counter sells until the end. */
export function salesRefusal(
  showtime: SalesState,
  channel: Channel,
  nowMs: number,
): { readonly code: 'showtime_cancelled' | 'sales_closed'; readonly detail: string } | null {
  if (showtime.status === 'cancelled') return { code: 'showtime_cancelled', detail: 'The showtime has been cancelled.' }
  if (showtime.status === 'draft') return { code: 'sales_closed', detail: 'The showtime is not published yet.' }
  if (showtime.salesPaused !== 0) return { code: 'sales_closed', detail: 'Sales are paused.' }
  if (showtime.salesOpenAt !== null && nowMs < showtime.salesOpenAt) {
    return { code: 'sales_closed', detail: 'Sales have not opened yet.' }
  }
  const closesAt = channel === 'counter' ? showtime.staffSalesCloseAt : showtime.salesCloseAt
  if (nowMs >= closesAt) return { code: 'sales_closed', detail: 'Sales have closed.' }
  return null
}
