import type { Transaction } from '../database/database.ts'
import type { BookingRow } from '../database/tables/money.ts'
import { beingChanged } from '../holds/block-seats.ts'
import { unknownSeats } from '../holds/place-hold.ts'
import { dropClaims, hasOtherSeats, liveClaims, lockClaims, noteSeatChange, putClaims } from '../holds/seat-changes.ts'
import type { ShowtimeForSale } from '../holds/store.ts'
import { must } from '../platform/assert.ts'
import { refuse, refuseField } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { rowsBySeat } from './create-booking.ts'
import { statusAt } from './model.ts'
import { lockBooking, lockTickets } from './store.ts'

export interface Move {
  readonly from: string
  readonly to: string
}

/** Outbox work: new tickets for those who sit elsewhere now. */
export const reseatedWork = 'booking.reseated'

/**
 * Seats people of a booking elsewhere in the same showtime, all moves or none; two of them may also change places. The
 * price stays; the codes of the tickets that move are revoked.
 */
export async function changeSeats(
  tx: Transaction,
  showtime: ShowtimeForSale,
  bookingId: string,
  moves: readonly Move[],
): Promise<BookingRow | Refusal> {
  const booking = await lockBooking(tx, bookingId)
  if (!booking) return refuse('not_found')
  // An exchange, or another layout of the hall, since the showtime was looked up.
  if (booking.showtimeId !== showtime.id || (await hasOtherSeats(tx, showtime))) return beingChanged()
  const wrong = judgeMoves(showtime, moves)
  if (wrong) return wrong
  const status = statusAt(booking, tx.nowMs)
  if (status === 'cancelled') return refuse('already_cancelled')
  if (status === 'expired') return refuse('booking_expired')
  const tickets = (await lockTickets(tx, booking.id)).filter((ticket) => ticket.status !== 'void')
  const foreign = moves.findIndex(({ from }) => !tickets.some(({ seatId }) => seatId === from))
  if (foreign >= 0) return refuseField(`/moves/${foreign}/from`, 'must be a seat of this booking')
  const moving = moves.map(({ from }) =>
    must(
      tickets.find(({ seatId }) => seatId === from),
      'Judged before',
    ),
  )
  if (moving.some((ticket) => ticket.status === 'used')) return refuse('ticket_used')
  const taken = await takenByOthers(tx, showtime.id, booking.id, moves)
  if (taken.length > 0) return refuse('seats_unavailable', undefined, { extra: { seats: taken } })
  const froms = moves.map(({ from }) => from)
  const tos = moves.map(({ to }) => to)
  await dropClaims(tx, showtime.id, booking.id, froms)
  await putClaims(
    tx,
    showtime.id,
    tos.map((seatId) => ({ seatId, kind: 'booking', ref: booking.id, expiresAt: booking.expiresAt, places: 1 })),
  )
  const rows = rowsBySeat(showtime)
  for (const [index, ticket] of moving.entries()) {
    const seatId = must(tos[index], 'One for each')
    const place = must(rows.get(seatId), 'Judged before')
    await tx.query
      .updateTable('tickets')
      .set({ seatId, rowLabel: place.row, seatNumber: place.number, codeRevision: ticket.codeRevision + 1 })
      .where('id', '=', ticket.id)
      .execute()
  }
  await noteSeatChange(tx, showtime.id, [
    ...froms.filter((id) => !tos.includes(id)).map((id) => ({ id, status: 'available' as const })),
    ...tos.map((id) => ({ id, status: status === 'confirmed' ? ('booked' as const) : ('held' as const) })),
  ])
  return booking
}

/** What is wrong with the moves themselves, however the booking stands. */
function judgeMoves(showtime: ShowtimeForSale, moves: readonly Move[]): Refusal | null {
  for (const end of ['from', 'to'] as const) {
    const doubled = moves.findIndex((one, index) => moves.findIndex((other) => other[end] === one[end]) !== index)
    if (doubled >= 0) return refuseField(`/moves/${doubled}/${end}`, 'is named twice')
  }
  return unknownSeats(
    showtime,
    moves.map(({ to }) => to),
  )
}

async function takenByOthers(
  tx: Transaction,
  showtimeId: string,
  bookingId: string,
  moves: readonly Move[],
): Promise<string[]> {
  const leaving = new Set(moves.map(({ from }) => from))
  const wanted = new Set(moves.map(({ to }) => to))
  const claims = liveClaims((await lockClaims(tx, showtimeId)) ?? [], tx.nowMs)
  return claims
    .filter(({ seatId, ref }) => wanted.has(seatId) && !(ref === bookingId && leaving.has(seatId)))
    .map(({ seatId }) => seatId)
    .toSorted()
}
