import { maximumProgramme } from '../../contract/programme.ts'
import type { Transaction } from '../database/database.ts'
import type { ShowtimeRow } from '../database/tables/showtimes.ts'
import type { FieldProblem } from '../http/validate.ts'
import { must } from '../platform/assert.ts'
import { newId } from '../platform/ids.ts'
import { refuseField, refuseFields } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { addLocalDays, formatLocal, isTimeProblem } from '../platform/time.ts'
import { addShowtimes } from './add-showtimes.ts'
import { timesOf } from './model.ts'
import type { Hall } from './model.ts'
import { findHalls, findProgramme, lockAuditoriums } from './store.ts'

export interface CopyRequest {
  readonly theatreId: string
  /** Business days, both included. */
  readonly from: string
  readonly to: string
  /** How many days later the copies are. */
  readonly days: number
  /** The copies' status; as the original's when undefined. */
  readonly status?: 'draft' | 'scheduled' | undefined
}

/**
 * Repeats the showtimes of a theatre's business days so many days later, at the same times on its clock: all or none. Prices are
 * those of the original; layout, capacity and turnaround are the auditorium's of today. What was cancelled is not repeated.
 */
export async function copyShowtimes(
  tx: Transaction,
  request: CopyRequest,
  createdBy: string | null,
): Promise<ShowtimeRow[] | Refusal<'validation_failed' | 'showtime_overlap'>> {
  const { theatreId, from, to } = request
  const candidates = await findProgramme(tx.query, { theatreId, from, to }, maximumProgramme + 1)
  if (candidates.length > maximumProgramme) {
    return refuseField('/to', `is too far: no more than ${maximumProgramme} showtimes are copied at once`)
  }
  await lockAuditoriums(
    tx,
    candidates.map((row) => row.auditoriumId),
  )
  const halls = await findHalls(
    tx.query,
    candidates.map((row) => row.auditoriumId),
  )
  const problems: FieldProblem[] = []
  const copies = candidates.flatMap((row) => {
    const hall = must(halls.get(row.auditoriumId), 'A showtime has an auditorium')
    return copyOf(row, request, hall, tx.nowMs, createdBy, problems) ?? []
  })
  return problems.length > 0 ? refuseFields(problems) : await addShowtimes(tx, copies)
}

function copyOf(
  row: ShowtimeRow,
  { days, status }: CopyRequest,
  hall: Hall,
  nowMs: number,
  createdBy: string | null,
  problems: FieldProblem[],
): ShowtimeRow | undefined {
  const startsAt = addLocalDays(row.startsAt, days, row.timeZone)
  if (isTimeProblem(startsAt)) {
    problems.push({
      path: '/days',
      message: `take ${formatLocal(row.startsAt, row.timeZone)} to where ${startsAt.problem}`,
    })
    return undefined
  }
  const later = startsAt - row.startsAt
  const times = timesOf(startsAt, row.endsAt + later, hall)
  const { auditoriumId, layoutVersion, seating, capacity } = hall
  return {
    ...row,
    id: newId('showtime', nowMs),
    externalKey: null,
    auditoriumId,
    layoutVersion,
    seating,
    capacity,
    ...times,
    status: status ?? row.status,
    salesOpenAt: row.salesOpenAt === null ? null : row.salesOpenAt + later,
    salesCloseAt: row.salesCloseAt + later,
    staffSalesCloseAt: times.endsAt,
    salesPaused: 0,
    rescheduledAt: null,
    cancelledAt: null,
    cancelReason: null,
    revision: 1,
    createdBy,
    createdAt: nowMs,
    updatedAt: nowMs,
  }
}
