import * as contract from '../../contract/administration.ts'
import type { Database } from '../database/database.ts'
import { limitOf, readCursor, toPage } from '../database/paging.ts'
import { readRow } from '../database/rows.ts'
import { isRefusal, refuse } from '../platform/refusal.ts'
import { mayManageTheatre } from '../venues/policy.ts'
import { findTheatre } from '../venues/store.ts'
import type { Routes } from '../http/routes.ts'
import { listPayments, paymentOrder, presentListed, refundsOf } from './list-payments.ts'
import { readQuestion } from './managed.ts'
import { presentBooking, withTokens } from './present.ts'
import { readStory } from './read-story.ts'
import { createPresenter } from './presenter.ts'
import { answerPage } from './routes.ts'
import type { BookingParts } from './routes.ts'
import { readWholeBooking } from './store.ts'

/** What managers read of bookings and payments: owners of their theatres alone, administrators everything. */
export function addAdministrationRoutes(routes: Routes, parts: BookingParts): void {
  addBookings(routes, parts)
  addPayments(routes, parts.database)
}

function addBookings(routes: Routes, parts: BookingParts): void {
  const { database } = parts
  routes.add(contract.listAllBookings, {
    async handle({ query, caller, now }) {
      const asked = await readQuestion(database, caller, query)
      if (isRefusal(asked)) return asked
      const { userId, showtimeId, status, q } = query
      const created = { createdFrom: asked.fromMs, createdBefore: asked.beforeMs }
      const filter = { theatreIds: asked.theatreIds, userId, showtimeId, status, q, ...created }
      return await answerPage(parts, filter, query, now, null)
    },
  })
  routes.add(contract.readBookingStory, {
    async find({ params, caller }) {
      const booking = await readRow(database, 'bookings', params.id)
      const theatre = booking && (await findTheatre(database.read, booking.theatreId))
      return booking && theatre && mayManageTheatre(caller, theatre) ? booking : refuse('not_found')
    },
    async handle({ subject, now }) {
      const presenter = await createPresenter(parts)
      const whole = await readWholeBooking(database.read, subject)
      const booking = withTokens(parts.secrets, presentBooking(presenter, whole, now, true))
      return { ...booking, ...(await readStory(database.read, whole)) }
    },
  })
}

function addPayments(routes: Routes, database: Database): void {
  routes.add(contract.listAllPayments, {
    async handle({ query, caller }) {
      const asked = await readQuestion(database, caller, query)
      if (isRefusal(asked)) return asked
      const after = readCursor(paymentOrder, query.cursor)
      if (isRefusal(after)) return after
      const limit = limitOf(query)
      const { showtimeId, bookingId, provider, status, tender } = query
      const filter = { ...asked, showtimeId, bookingId, provider, status, tender }
      const rows = await listPayments(database.read, filter, after, limit + 1)
      const refunds = await refundsOf(database.read, rows.slice(0, limit))
      return toPage(
        paymentOrder,
        rows,
        limit,
        ({ createdAt, id }) => [createdAt, id],
        (row) => presentListed(row, refunds),
      )
    },
  })
}
