import type { ShowtimePatch } from '../../contract/showtimes.ts'
import type { Transaction } from '../database/database.ts'
import { announce } from '../database/events.ts'
import { enqueue } from '../database/outbox.ts'
import { lockSeatLedger } from '../database/seat-ledger.ts'
import type { ShowtimeRow } from '../database/tables/showtimes.ts'
import { revisionMatches } from '../http/answer.ts'
import { isRefusal, refuse, refuseFields } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { formatInstant } from '../platform/time.ts'
import { blockOutOfOrder, freeUnsoldSeats, hasSoldSeats, soldSeatsFit } from './claims.ts'
import { gather, hallAsMade } from './gather.ts'
import { mayBecome } from './model.ts'
import { findOverlaps, refuseOverlaps } from './overlap.ts'
import { planChange } from './plan-showtime.ts'
import { findShowtime, lockAuditoriums, writeShowtime } from './store.ts'

type Refused = Refusal<
  | 'not_found'
  | 'validation_failed'
  | 'precondition_failed'
  | 'showtime_cancelled'
  | 'showtime_has_bookings'
  | 'showtime_overlap'
>

/**
 * Changes what is sent. `ifMatch` is the header: another edit revision than the one it names is refused. A showtime that has
 * sold seats keeps its film, start and auditorium (`showtime_has_bookings`) unless `notifyCustomers` is set; then everybody
 * who booked hears of it from the outbox (`showtime_changed`) and may cancel for free until the start.
 */
export async function changeShowtime(
  tx: Transaction,
  id: string,
  patch: ShowtimePatch,
  ifMatch: string | undefined,
): Promise<ShowtimeRow | Refused> {
  const row = await lockShowtime(tx, id, patch.auditoriumId)
  if (!row) return refuse('not_found')
  if (!revisionMatches(ifMatch, row.revision)) return refuse('precondition_failed')
  const planned = await planFor(tx, row, patch)
  if (isRefusal(planned) || isSame(row, planned)) return planned
  const refused = await applySchedule(tx, row, planned, patch.notifyCustomers ?? false)
  if (isRefusal(refused)) return refused
  const written = { ...refused, revision: row.revision + 1, updatedAt: tx.nowMs }
  await writeShowtime(tx, written)
  await announceChange(tx, row, written)
  return written
}

/** Other systems hear what the audience can know: nothing of a draft that stays one. */
export async function announceChange(tx: Transaction, before: ShowtimeRow, after: ShowtimeRow): Promise<void> {
  if (before.status === 'draft' && after.status === 'draft') return
  const held: Readonly<Record<string, unknown>> = { ...before }
  const changed = Object.entries(after).flatMap(([name, value]) =>
    held[name] === value || unsaid.has(name) ? [] : [name],
  )
  if (changed.length === 0) return
  const { id: showtimeId, movieId, auditoriumId, status } = after
  const times = { startsAt: formatInstant(after.startsAt), endsAt: formatInstant(after.endsAt) }
  await announce(tx, 'showtime.changed', after.theatreId, {
    showtimeId,
    changed,
    movieId,
    auditoriumId,
    status,
    ...times,
  })
}

/** What every change changes, and what only this house reckons with. */
const unsaid = new Set(['revision', 'updatedAt', 'busyUntil', 'rescheduledAt', 'staffSalesCloseAt', 'externalKey'])

/** Locks a showtime and the auditoriums concerned (those first) until the transaction ends; answers it as it is then. */
export async function lockShowtime(
  tx: Transaction,
  id: string,
  otherAuditoriumId?: string,
): Promise<ShowtimeRow | undefined> {
  const before = await findShowtime(tx.query, id)
  if (!before) return undefined
  await lockAuditoriums(tx, [before.showtime.auditoriumId, otherAuditoriumId ?? before.showtime.auditoriumId])
  await lockSeatLedger(tx, id)
  return (await findShowtime(tx.query, id))?.showtime
}

/** Outbox work: tell who booked that it is another time, hall or film. */
export const changedWork = 'showtime_changed'

/** The showtime as it would be after a change. */
export async function planFor(
  tx: Transaction,
  row: ShowtimeRow,
  patch: ShowtimePatch,
): Promise<ShowtimeRow | Refusal<'not_found' | 'showtime_cancelled' | 'validation_failed'>> {
  const named = { auditoriumId: row.auditoriumId, movieId: row.movieId, ...definedOf(patch) }
  const surroundings = (await gather(tx, [named])).of(named)
  if (isRefusal(surroundings)) return surroundings
  const isOwnHall = named.auditoriumId === row.auditoriumId
  const hall = isOwnHall ? await hallAsMade(tx, surroundings.hall, row) : surroundings.hall
  const { row: planned, problems } = planChange(row, patch, { ...surroundings, hall })
  if (problems.length > 0) return refuseFields(problems)
  return mayBecome(row.status, planned.status) ? planned : refuse('showtime_cancelled')
}

function definedOf({ auditoriumId, movieId, priceListId }: ShowtimePatch) {
  return {
    ...(auditoriumId !== undefined && { auditoriumId }),
    ...(movieId !== undefined && { movieId }),
    ...(priceListId !== undefined && { priceListId }),
  }
}

/** Whether two rows say the same. */
export function isSame(one: ShowtimeRow, other: ShowtimeRow): boolean {
  const held: Readonly<Record<string, unknown>> = { ...other }
  return Object.entries(one).every(([name, value]) => held[name] === value)
}

/** Whether its auditorium is taken at other times. */
export function isMoved(from: ShowtimeRow, to: ShowtimeRow): boolean {
  return from.auditoriumId !== to.auditoriumId || from.startsAt !== to.startsAt || from.busyUntil !== to.busyUntil
}

/** Whether guests would find something else than they bought: this film, at this time, in this hall. */
export function isAnotherShow(from: ShowtimeRow, to: ShowtimeRow): boolean {
  return from.auditoriumId !== to.auditoriumId || from.startsAt !== to.startsAt || from.movieId !== to.movieId
}

/** Brings seats and guests along with a change of schedule; answers the row to write, or why it may not be. */
async function applySchedule(
  tx: Transaction,
  row: ShowtimeRow,
  planned: ShowtimeRow,
  notifyCustomers: boolean,
): Promise<ShowtimeRow | Refusal<'showtime_has_bookings' | 'showtime_overlap'>> {
  const isAnother = isAnotherShow(row, planned)
  const isWithdrawn = row.status === 'scheduled' && planned.status === 'draft'
  const isSold = (isAnother || isWithdrawn) && (await hasSoldSeats(tx, row.id))
  if (isSold && (isWithdrawn || !notifyCustomers)) return refuse('showtime_has_bookings')
  if (row.auditoriumId !== planned.auditoriumId) {
    if (isSold && !(await soldSeatsFit(tx, planned))) {
      return refuse(
        'showtime_has_bookings',
        'Not all of its guests have their seats in that auditorium: move it instead.',
      )
    }
    await freeUnsoldSeats(tx, row.id)
    await blockOutOfOrder(tx, [planned])
  }
  const overlaps = isMoved(row, planned) ? refuseOverlaps(await findOverlaps(tx, [planned])) : null
  if (overlaps) return overlaps
  if (!isSold) return planned
  await enqueue(tx, changedWork, { showtimeId: row.id, before: shownTo(row), after: shownTo(planned) })
  return { ...planned, rescheduledAt: tx.nowMs }
}

/** What of a showtime its guests are told has changed. */
export function shownTo({ movieId, auditoriumId, startsAt, endsAt }: ShowtimeRow) {
  return { movieId, auditoriumId, startsAt, endsAt }
}
