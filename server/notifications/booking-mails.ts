import type { Database } from '../database/database.ts'
import type { BookingRow, TicketRow } from '../database/tables/money.ts'
import { cancelledWork } from '../bookings/cancel-booking.ts'
import { reseatedWork } from '../bookings/change-seats.ts'
import { confirmedWork } from '../bookings/confirm-booking.ts'
import { exchangedWork } from '../bookings/exchange-booking.ts'
import { uncollectedWork } from '../bookings/settle-payment.ts'
import { movedWork } from '../bookings/move-showtime.ts'
import { changedWork } from '../showtimes/change-showtime.ts'
import { refundMail } from '../payments/store.ts'
import { moneyText } from '../tickets/words.ts'
import type { Occasion } from './booking-letters.ts'

/** What a row of the outbox asks for: a letter about a booking, or rows for each of many bookings. */
export type BookingMail = (
  database: Database,
  payload: Readonly<Record<string, unknown>>,
) => Promise<{ readonly booking: BookingRow; readonly occasion: Occasion } | null>

const hallMovedMail = 'mail.hall-moved'
const rescheduledMail = 'mail.rescheduled'

/** The mails that one row tells many people: which kind each of them gets. */
export const fanOuts: Readonly<Record<string, string>> = {
  [movedWork]: hallMovedMail,
  [changedWork]: rescheduledMail,
}

/** Mails about tickets that hold: nothing is sent when they do not any more. */
function ticketsMail(say: Occasion['say']): BookingMail {
  return async (database, { bookingId }) => {
    const booking = await findBooking(database, bookingId)
    return booking?.status === 'confirmed' ? { booking, occasion: { say, attach: 'tickets' } } : null
  }
}

export const bookingMails: Readonly<Record<string, BookingMail>> = {
  [confirmedWork]: ticketsMail((words, { movieTitle }) => words.confirmed(movieTitle)),
  [exchangedWork]: ticketsMail((words, { movieTitle }) => words.exchanged(movieTitle)),
  [reseatedWork]: ticketsMail((words, { movieTitle }) => words.reseated(movieTitle)),
  [hallMovedMail]: ticketsMail((words, { movieTitle }) => words.hallMoved(movieTitle)),
  async [rescheduledMail](database, { bookingId, before }) {
    const booking = await findBooking(database, bookingId)
    if (booking?.status !== 'confirmed') return null
    const startsAt = typeof before === 'object' && before !== null && 'startsAt' in before ? before.startsAt : null
    const occasion: Occasion = {
      say: (words, { movieTitle }) => words.rescheduled(movieTitle),
      attach: 'tickets',
      ...(typeof startsAt === 'number' && { startedAtMs: startsAt }),
    }
    return { booking, occasion }
  },
  [cancelledWork]: cancellation,
  async [uncollectedWork](database, { bookingId }) {
    const booking = await findBooking(database, bookingId)
    const say: Occasion['say'] = (words, { movieTitle }) => words.uncollected(movieTitle)
    return booking ? { booking, occasion: { say, attach: 'calendar' } } : null
  },
  async [refundMail](database, { refundId }) {
    const refund = await database.read
      .selectFrom('refunds')
      .selectAll()
      .where('id', '=', String(refundId))
      .executeTakeFirst()
    const booking = await findBooking(database, refund?.bookingId)
    if (!refund || !booking) return null
    const say: Occasion['say'] = (words, { locale }) =>
      words.refunded(moneyText(refund.amount, refund.currency, locale))
    return { booking, occasion: { say, attach: 'nothing', refund: await refundOf(database, [refund.id]) } }
  },
}

async function cancellation(database: Database, payload: Readonly<Record<string, unknown>>): ReturnType<BookingMail> {
  const booking = await findBooking(database, payload['bookingId'])
  if (!booking) return null
  const showtime = await database.read
    .selectFrom('showtimes')
    .select(['status', 'cancelReason'])
    .where('id', '=', booking.showtimeId)
    .executeTakeFirstOrThrow()
  const byHouse = showtime.status === 'cancelled'
  const tickets = await ticketsOf(database, booking.id, textsOf(payload['ticketIds']))
  const whole = booking.status === 'cancelled'
  const say: Occasion['say'] = (words, { movieTitle }) => {
    if (byHouse) return words.screeningCancelled(movieTitle, showtime.cancelReason)
    return whole ? words.cancelled(movieTitle) : words.partlyCancelled(movieTitle, tickets.length)
  }
  const refund = await refundOf(database, textsOf(payload['refundIds']))
  return { booking, occasion: { say, attach: whole ? 'calendar' : 'nothing', tickets, refund } }
}

async function findBooking(database: Database, id: unknown): Promise<BookingRow | undefined> {
  if (typeof id !== 'string') return undefined
  return await database.read.selectFrom('bookings').selectAll().where('id', '=', id).executeTakeFirst()
}

async function ticketsOf(database: Database, bookingId: string, ids: readonly string[]): Promise<TicketRow[]> {
  return await database.read
    .selectFrom('tickets')
    .selectAll()
    .where('bookingId', '=', bookingId)
    .$if(ids.length > 0, (query) => query.where('id', 'in', [...ids]))
    .orderBy('seatId')
    .orderBy('id')
    .execute()
}

/** What goes back by itself, and what waits at the counter: cash that the house handed over at once does neither. */
async function refundOf(database: Database, ids: readonly string[]): Promise<Occasion['refund']> {
  if (ids.length === 0) return { onItsWay: 0, atCounter: 0 }
  const rows = await database.read
    .selectFrom('refunds')
    .innerJoin('payments', 'payments.id', 'refunds.paymentId')
    .select(['refunds.amount', 'refunds.status', 'payments.provider'])
    .where('refunds.id', 'in', [...ids])
    .execute()
  const sumOf = (counts: (row: (typeof rows)[number]) => boolean) =>
    rows.reduce((sum, row) => (counts(row) ? sum + row.amount : sum), 0)
  return {
    onItsWay: sumOf(({ provider }) => provider !== 'counter'),
    atCounter: sumOf(({ provider, status }) => provider === 'counter' && status === 'pending'),
  }
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}
