import * as contract from '../../contract/auditoriums.ts'
import type { Database } from '../database/database.ts'
import type { OutOfOrderSeatRow } from '../database/tables/venues.ts'
import { signedIn } from '../http/caller.ts'
import type { Routes } from '../http/routes.ts'
import { isRefusal, refuseField } from '../platform/refusal.ts'
import { formatInstantOrNull, isTimeProblem, parseTime } from '../platform/time.ts'
import { findManagedAuditorium } from '../venues/find.ts'
import { outOfOrderSeats } from '../venues/out-of-order.ts'
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
      const until = body.until === undefined || body.until === null ? null : parseTime(body.until, theatre?.timeZone)
      if (until !== null && isTimeProblem(until)) return refuseField('/until', until.problem)
      const createdBy = signedIn(caller).userId
      const wanted = { seats: body.seats, reason: body.reason, untilMs: until, createdBy }
      const outcome = await database.write((tx) => setOutOfOrder(tx, subject.id, wanted))
      if (isRefusal(outcome)) return outcome
      const bookings = outcome.bookings.map((hit) => ({ ...hit, seats: [...hit.seats] }))
      return { seats: outcome.seats.map(presentSeat), bookings }
    },
  })
}

function presentSeat({ seatId, reason, untilAt }: OutOfOrderSeatRow) {
  return { seat: seatId, reason, until: formatInstantOrNull(untilAt) }
}
