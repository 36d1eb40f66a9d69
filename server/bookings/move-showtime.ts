import { sql } from 'kysely'
import type { Layout } from '../../contract/layouts.ts'
import type { Transaction } from '../database/database.ts'
import { enqueue } from '../database/outbox.ts'
import type { ShowtimeRow } from '../database/tables/showtimes.ts'
import { bestSeats } from '../holds/choose-seats.ts'
import { putClaims, raiseVersion } from '../holds/seat-changes.ts'
import { seatPlanOf } from '../holds/seat-plan.ts'
import type { SeatPlan } from '../holds/seat-plan.ts'
import { must } from '../platform/assert.ts'
import { isRefusal, refuse, refuseField } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { announceChange, changedWork, lockShowtime, planFor, shownTo } from '../showtimes/change-showtime.ts'
import { blockOutOfOrder, hasSoldSeats } from '../showtimes/claims.ts'
import { findOverlaps, refuseOverlaps } from '../showtimes/overlap.ts'
import { outOfOrderSeats } from '../venues/out-of-order.ts'
import { findAuditorium, findLayout } from '../venues/store.ts'
import { rowsBySeat } from './create-booking.ts'

export interface MoveRequest {
  readonly showtimeId: string
  readonly auditoriumId: string
  /** The new start, with an offset or local to the theatre; undefined keeps the time. */
  readonly startsAt?: string | undefined
  readonly dryRun: boolean
}

interface Seated {
  readonly bookingId: string
  readonly reference: string
  readonly ticketId: string
  readonly seatId: string
}

export interface SeatMove {
  readonly bookingId: string
  readonly reference: string
  readonly from: string
  readonly to: string
}

export interface MovedShowtime {
  readonly dryRun: boolean
  readonly moves: SeatMove[]
  readonly withoutEqualSeat: Omit<SeatMove, 'to'>[]
}

/** Outbox work: tell who is seated elsewhere. */
export const movedWork = 'showtime.moved'

/**
 * Moves a showtime to another hall of its theatre, at another time if that is given, and seats its guests again: the same seat where there is an equal one,
 * else the best of the same category, parties together. A dry run only says who would go where; for real it is refused
 * while somebody has no equal seat.
 */
export async function moveShowtime(tx: Transaction, request: MoveRequest): Promise<MovedShowtime | Refusal> {
  const showtime = await lockShowtime(tx, request.showtimeId, request.auditoriumId)
  if (!showtime) return refuse('not_found')
  const hall = await findAuditorium(tx.query, request.auditoriumId)
  if (!hall || hall.theatreId !== showtime.theatreId)
    return refuseField('/auditoriumId', 'must be another hall of the same theatre')
  const to = must(await findLayout(tx.query, hall.id, hall.layoutVersion), 'A hall has its layout')
  const from = must(
    await findLayout(tx.query, showtime.auditoriumId, showtime.layoutVersion),
    'A showtime has its layout',
  )
  if (to.seating !== from.seating) return refuseField('/auditoriumId', 'must be a hall with the same kind of seating')
  const moved = await planFor(tx, showtime, {
    auditoriumId: hall.id,
    ...(request.startsAt !== undefined && { startsAt: request.startsAt }),
  })
  if (isRefusal(moved)) return moved
  if (showtime.status === 'cancelled') return refuse('showtime_cancelled')
  const refused = await judgeOverlap(tx, moved)
  if (refused) return refused
  const seated = await readSeated(tx, showtime.id)
  const broken = (await outOfOrderSeats(tx.query, hall.id))
    .filter(({ untilAt }) => untilAt === null || untilAt > moved.startsAt)
    .map(({ seatId }) => seatId)
  const plan = seatAgain(seated, from, to, broken)
  const result = { dryRun: request.dryRun, moves: plan.moves, withoutEqualSeat: plan.withoutEqualSeat }
  if (request.dryRun) return result
  if (plan.withoutEqualSeat.length > 0 || (await tooSmall(tx, moved, to))) {
    return refuse('sold_out', 'Not everybody has an equal seat there.', {
      extra: { withoutEqualSeat: plan.withoutEqualSeat },
    })
  }
  const isSold = await hasSoldSeats(tx, showtime.id)
  const isLater = moved.startsAt !== showtime.startsAt
  await apply(tx, isSold && isLater ? { ...moved, rescheduledAt: tx.nowMs } : moved, to, seated, plan.seats)
  if (isSold) await tell(tx, showtime, moved, plan.moves)
  await announceChange(tx, showtime, moved)
  return result
}

/** One mail to everybody who booked: of the new time, or else of the new hall. */
async function tell(tx: Transaction, from: ShowtimeRow, to: ShowtimeRow, moves: readonly SeatMove[]): Promise<void> {
  const isLater = from.startsAt !== to.startsAt
  const payload = isLater ? { before: shownTo(from), after: shownTo(to) } : { moves }
  await enqueue(tx, isLater ? changedWork : movedWork, { showtimeId: from.id, ...payload })
}

async function judgeOverlap(tx: Transaction, moved: ShowtimeRow): Promise<Refusal | null> {
  const overlaps = await findOverlaps(tx, [moved])
  if (overlaps.length === 0) return null
  const refused = refuseOverlaps(overlaps)
  return isRefusal(refused) ? refused : null
}

async function readSeated(tx: Transaction, showtimeId: string): Promise<Seated[]> {
  const rows = await tx.query
    .selectFrom('tickets')
    .innerJoin('bookings', 'bookings.id', 'tickets.bookingId')
    .innerJoin('seatClaims', (join) =>
      join.onRef('seatClaims.ref', '=', 'bookings.id').onRef('seatClaims.seatId', '=', 'tickets.seatId'),
    )
    .select(['bookings.id as bookingId', 'bookings.reference', 'tickets.id as ticketId', 'tickets.seatId'])
    .where('tickets.showtimeId', '=', showtimeId)
    .where('seatClaims.showtimeId', '=', showtimeId)
    .where('tickets.status', '<>', 'void')
    .orderBy('bookings.createdAt')
    .orderBy('tickets.id')
    .execute()
  return rows.flatMap(({ seatId, ...row }) => (seatId === null ? [] : [{ ...row, seatId }]))
}

interface Reseating {
  /** The new seat of each ticket. */
  readonly seats: ReadonlyMap<string, string>
  readonly moves: SeatMove[]
  readonly withoutEqualSeat: Omit<SeatMove, 'to'>[]
}

/** First everybody who can keep the seat, then party by party, the largest first. */
function seatAgain(seated: readonly Seated[], from: Layout, to: Layout, outOfOrder: readonly string[]): Reseating {
  const before = seatPlanOf(from)
  const after = seatPlanOf(to)
  const seats = new Map<string, string>()
  const taken = new Set(outOfOrder)
  const keepsSeat = ({ seatId }: Seated) => isEqualSeat(before, after, seatId, seatId) && !outOfOrder.includes(seatId)
  const parties = [...Map.groupBy(seated, ({ bookingId }) => bookingId).values()]
  for (const party of parties) {
    if (!party.every(keepsSeat)) continue
    for (const { ticketId, seatId } of party) seats.set(ticketId, seatId)
    for (const { seatId } of party) taken.add(seatId)
  }
  const withoutEqualSeat: Omit<SeatMove, 'to'>[] = []
  const moves: SeatMove[] = []
  const homeless = parties.filter(([first]) => first && !seats.has(first.ticketId))
  for (const party of homeless.toSorted((one, other) => other.length - one.length)) {
    for (const { guest, to: seat } of seatParty(party, before, to, taken)) {
      const { bookingId, reference, seatId } = guest
      if (seat === null) {
        withoutEqualSeat.push({ bookingId, reference, from: seatId })
        continue
      }
      taken.add(seat)
      seats.set(guest.ticketId, seat)
      if (seat !== seatId) moves.push({ bookingId, reference, from: seatId, to: seat })
    }
  }
  return { seats, moves, withoutEqualSeat }
}

function isEqualSeat(before: SeatPlan, after: SeatPlan, from: string, to: string): boolean {
  const old = before.byId.get(from)
  const candidate = after.byId.get(to)
  return (
    old !== undefined && candidate !== undefined && old.category === candidate.category && old.kind === candidate.kind
  )
}

/** Seats of the same category for a party, together where it can be; seats of a special kind one by one. */
function seatParty(
  party: readonly Seated[],
  before: SeatPlan,
  to: Layout,
  taken: ReadonlySet<string>,
): { readonly guest: Seated; readonly to: string | null }[] {
  const after = seatPlanOf(to)
  const used = new Set(taken)
  const groups = Map.groupBy(party, ({ seatId }) => {
    const seat = before.byId.get(seatId)
    return `${seat?.category}\n${seat?.kind === 'sofa' ? 'standard' : seat?.kind}`
  })
  return [...groups.values()].flatMap((guests) => {
    const seat = before.byId.get(guests[0]?.seatId ?? '')
    const ordinary = seat?.kind === 'standard' || seat?.kind === 'sofa'
    const chosen = ordinary
      ? (bestSeats(to, used, { count: guests.length, category: seat.category }) ?? [])
      : [...after.byId.values()]
          .filter(({ id, kind, category }) => kind === seat?.kind && category === seat.category && !used.has(id))
          .map(({ id }) => id)
    for (const id of chosen.slice(0, guests.length)) used.add(id)
    return guests.map((guest, index) => ({ guest, to: chosen[index] ?? null }))
  })
}

async function tooSmall(tx: Transaction, moved: ShowtimeRow, to: Layout): Promise<boolean> {
  if (to.seating === 'reserved') return false
  const { places } = await tx.query
    .selectFrom('seatClaims')
    .select((select) => select.fn.coalesce(select.fn.sum<number>('places'), select.lit(0)).as('places'))
    .where('showtimeId', '=', moved.id)
    .where('kind', '=', 'booking')
    .where((where) => where.or([where('expiresAt', 'is', null), where('expiresAt', '>', tx.nowMs)]))
    .executeTakeFirstOrThrow()
  return places > moved.capacity
}

/** Writes the new hall, the new seats and their claims; codes of tickets that move are revoked, holds and blocks end. */
async function apply(
  tx: Transaction,
  moved: ShowtimeRow,
  to: Layout,
  seated: readonly Seated[],
  seats: ReadonlyMap<string, string>,
): Promise<void> {
  await tx.query
    .updateTable('showtimes')
    .set({
      auditoriumId: moved.auditoriumId,
      layoutVersion: moved.layoutVersion,
      capacity: moved.capacity,
      startsAt: moved.startsAt,
      endsAt: moved.endsAt,
      busyUntil: moved.busyUntil,
      businessDate: moved.businessDate,
      salesCloseAt: moved.salesCloseAt,
      staffSalesCloseAt: moved.staffSalesCloseAt,
      rescheduledAt: moved.rescheduledAt,
      revision: moved.revision + 1,
      updatedAt: tx.nowMs,
    })
    .where('id', '=', moved.id)
    .execute()
  await tx.query
    .updateTable('holds')
    .set({ status: 'released' })
    .where('showtimeId', '=', moved.id)
    .where('status', '=', sql.lit('live'))
    .execute()
  const expiries = await tx.query
    .selectFrom('seatClaims')
    .select(['ref', 'expiresAt'])
    .where('showtimeId', '=', moved.id)
    .where('kind', '=', 'booking')
    .execute()
  const expiryOf = new Map(expiries.map(({ ref, expiresAt }) => [ref, expiresAt]))
  await tx.query
    .deleteFrom('seatClaims')
    .where('showtimeId', '=', moved.id)
    .where((where) => (to.seating === 'reserved' ? where.lit(true) : where('kind', '<>', 'booking')))
    .execute()
  const rows = rowsBySeat({ layout: to })
  for (const guest of seated) {
    const seatId = must(seats.get(guest.ticketId), 'Everybody has a seat')
    await putClaims(tx, moved.id, [
      { seatId, kind: 'booking', ref: guest.bookingId, expiresAt: expiryOf.get(guest.bookingId) ?? null, places: 1 },
    ])
    if (seatId === guest.seatId) continue
    const place = must(rows.get(seatId), 'The seat is in the layout')
    await tx.query
      .updateTable('tickets')
      .set((set) => ({
        seatId,
        rowLabel: place.row,
        seatNumber: place.number,
        codeRevision: set('codeRevision', '+', 1),
      }))
      .where('id', '=', guest.ticketId)
      .execute()
  }
  await blockOutOfOrder(tx, [moved])
  await raiseVersion(tx, moved.id)
}
