import type { Static } from 'typebox'
import * as contract from '../../contract/auditoriums.ts'
import type { Database } from '../database/database.ts'
import type { OutOfOrderSeatRow } from '../database/tables/venues.ts'
import { signedIn } from '../http/caller.ts'
import type { Routes } from '../http/routes.ts'
import { isRefusal, refuseField } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { formatInstantOrNull, isTimeProblem, parseTime } from '../platform/time.ts'
import { findManagedAuditorium } from '../venues/find.ts'
import { outOfOrderSeats } from '../venues/out-of-order.ts'
import type { BrokenSeat } from '../venues/out-of-order.ts'
import { findTheatre } from '../venues/store.ts'
import { setOutOfOrder } from './set-out-of-order.ts'

/** Seats that are broken: out of every coming showtime of their auditorium. */
export function addOutOfOrderRoutes(routes: Routes, database: Database): void {
  const find = findManagedAuditorium(database)

  routes.add(contract.readOutOfOrder, {
    find,
    handle: async ({ subject }) => ({ seats: (await outOfOrderSeats(database.read, subject.id)).map(presentSeat) }),
  })

  routes.add(contract.setOutOfOrder, {
    find,
    async handle({ subject, body, caller }) {
      const theatre = await findTheatre(database.read, subject.theatreId)
      const seats = readSeats(body, theatre?.timeZone)
      if (isRefusal(seats)) return seats
      const createdBy = signedIn(caller).userId
      const outcome = await database.write((tx) => setOutOfOrder(tx, subject.id, { seats, createdBy }))
      if (isRefusal(outcome)) return outcome
      const bookings = outcome.bookings.map((hit) => ({ ...hit, seats: [...hit.seats] }))
      return { seats: outcome.seats.map(presentSeat), bookings }
    },
  })
}

/** Each seat with its own reason and end, or else those of all; local times are the theatre's. */
function readSeats(
  body: Static<typeof contract.setOutOfOrder.body>,
  timeZone: string | undefined,
): BrokenSeat[] | Refusal<'validation_failed'> {
  const common = readUntil(body.until, timeZone)
  if (common !== null && isTimeProblem(common)) return refuseField('/until', common.problem)
  const seats = new Map<string, BrokenSeat>()
  for (const [index, each] of body.seats.entries()) {
    const isPlain = typeof each === 'string'
    const seatId = isPlain ? each : each.seat
    const untilMs = isPlain ? common : readUntil(each.until, timeZone)
    if (untilMs !== null && isTimeProblem(untilMs)) return refuseField(`/seats/${index}/until`, untilMs.problem)
    if (seats.has(seatId)) return refuseField(`/seats/${index}`, 'names a seat a second time')
    seats.set(seatId, { seatId, reason: isPlain ? body.reason : each.reason, untilMs })
  }
  return [...seats.values()]
}

function readUntil(until: string | null | undefined, timeZone: string | undefined) {
  return until === undefined || until === null ? null : parseTime(until, timeZone)
}

function presentSeat({ seatId, reason, untilAt }: OutOfOrderSeatRow) {
  return { seat: seatId, reason, until: formatInstantOrNull(untilAt) }
}
