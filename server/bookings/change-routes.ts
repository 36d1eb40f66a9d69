import type { Booking } from '../../contract/bookings.ts'
import * as contract from '../../contract/bookings.ts'
import { bucket, takeAttempt } from '../accounts/attempts.ts'
import { payOutBooking } from '../../contract/pay-out.ts'
import { foldEmail } from '../accounts/model.ts'
import { limits as mailLimits } from '../accounts/throttle.ts'
import { enqueue } from '../database/outbox.ts'
import type { Transaction } from '../database/database.ts'
import type { BookingRow } from '../database/tables/money.ts'
import type { Channel } from '../holds/model.ts'
import { isOpenToAll, worksAt } from '../holds/policy.ts'
import { signedIn } from '../http/caller.ts'
import type { Routes } from '../http/routes.ts'
import { must } from '../platform/assert.ts'
import { isRefusal, refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { isAdmitted } from '../waiting-room/admission.ts'
import { changeSeats, reseatedWork } from './change-seats.ts'
import { confirmedWork } from './confirm-booking.ts'
import { exchangeBooking } from './exchange-booking.ts'
import { findBookingById, refunderOf } from './find-booking.ts'
import { statusAt } from './model.ts'
import { payOut } from './pay-out.ts'
import { presentBooking, withTokens } from './present.ts'
import type { BookingPresenter } from './present.ts'
import { changeOrRehearse } from './rehearse.ts'
import { createPresenter } from './presenter.ts'
import type { BookingParts } from './routes.ts'
import { findBookingIn, lockBooking, readWholeBookingIn } from './store.ts'

/** What can be changed about a booking that stands: who it is for, where they sit, which showtime they see. */
export function addBookingChanges(routes: Routes, parts: BookingParts): void {
  addExchange(routes, parts)
  addHouseChanges(routes, parts)
  addPayOut(routes, parts)
  routes.add(contract.resendBooking, {
    find: findBookingById(parts),
    handle: async ({ subject, commit }) => await commit(async (tx) => await resendTickets(tx, subject.booking.id)),
  })
}

async function resendTickets(
  tx: Transaction,
  bookingId: string,
): Promise<{ status: 'accepted' } | Refusal<'not_found' | 'booking_cancelled' | 'booking_expired' | 'rate_limited'>> {
  const booking = await findBookingIn(tx, bookingId)
  if (!booking) return refuse('not_found')
  const status = statusAt(booking, tx.nowMs)
  if (status === 'cancelled') return refuse('booking_cancelled')
  if (status !== 'confirmed') return refuse('booking_expired', 'There are no tickets to send.')
  // Whatever RATE_LIMIT says: a guest's email is whatever the guest has written.
  const full = await takeAttempt(tx, bucket(mailLimits.resentTickets, 'resend', bookingId))
  if (full) return full
  await enqueue(tx, confirmedWork, { bookingId })
  return { status: 'accepted' }
}

function addExchange(routes: Routes, parts: BookingParts): void {
  routes.add(contract.exchangeBooking, {
    find: findBookingById(parts),
    async handle(request) {
      const { subject, body, caller, client, address, commit, now } = request
      const { store, database, secrets, limits, testPayments } = parts
      const to = await store.findShowtime(body.showtimeId)
      const visible = to && (isOpenToAll(to) || (await worksAt(database, caller, to)))
      if (!visible) return refuse('not_found', 'There is no such showtime.')
      const userId = caller.kind === 'account' ? caller.userId : null
      const house = subject.house && (await worksAt(database, caller, to))
      const channel: Channel = house ? 'counter' : 'web'
      const maker = { client, address, userId, channel, isAdmitted: isAdmitted(secrets, to.id, request, now) }
      const exchange = async (tx: Transaction, presenter: BookingPresenter): Promise<Booking | Refusal> => {
        const wish = { bookingId: subject.booking.id, from: subject.showtime, to, seats: body.seats ?? null }
        const booking = await exchangeBooking(tx, {
          ...wish,
          maker,
          limits,
          testPayments,
          by: refunderOf(caller, { ...subject, house }),
        })
        if (isRefusal(booking)) return booking
        return presentBooking(presenter, await readFresh(tx, booking), tx.nowMs, subject.house)
      }
      return await changeOrRehearse(parts, { isRehearsal: body.dryRun ?? false, commit, change: exchange })
    },
  })
}

function addHouseChanges(routes: Routes, parts: BookingParts): void {
  routes.add(contract.changeSeats, {
    find: findBookingById(parts, 'house'),
    async handle({ subject, body, commit }) {
      const presenter = await createPresenter(parts)
      return await commit(
        async (tx): Promise<Booking | Refusal> => {
          const booking = await changeSeats(tx, subject.showtime, subject.booking.id, body.moves)
          if (isRefusal(booking)) return booking
          if (booking.status === 'confirmed') await enqueue(tx, reseatedWork, { bookingId: booking.id })
          return presentBooking(presenter, await readFresh(tx, booking), tx.nowMs, true)
        },
        (booking) => withTokens(parts.secrets, booking),
      )
    },
  })
  routes.add(contract.patchBooking, {
    find: findBookingById(parts, 'house'),
    async handle({ subject, body, commit }) {
      const presenter = await createPresenter(parts)
      return await commit(
        async (tx): Promise<Booking | Refusal> => {
          const booking = await lockBooking(tx, subject.booking.id)
          if (!booking) return refuse('not_found')
          await tx.query
            .updateTable('bookings')
            .set({ ...changesOf(body), ...(await ownerAfter(tx, booking, body)), updatedAt: tx.nowMs })
            .where('id', '=', booking.id)
            .execute()
          const mailAgain = body.customer?.email !== undefined && booking.status === 'confirmed'
          if (mailAgain) await enqueue(tx, confirmedWork, { bookingId: booking.id })
          return presentBooking(presenter, await readFresh(tx, booking), tx.nowMs, true)
        },
        (booking) => withTokens(parts.secrets, booking),
      )
    },
  })
}

function addPayOut(routes: Routes, parts: BookingParts): void {
  routes.add(payOutBooking, {
    find: findBookingById(parts, 'house'),
    async handle({ subject, body, caller, commit }) {
      const presenter = await createPresenter(parts)
      const wish = { refundIds: body.refunds ?? null, shiftId: body.shiftId ?? null, userId: signedIn(caller).userId }
      return await commit(
        async (tx): Promise<Booking | Refusal> => {
          const booking = await payOut(tx, { bookingId: subject.booking.id, ...wish })
          if (isRefusal(booking)) return booking
          return presentBooking(presenter, await readFresh(tx, booking), tx.nowMs, true)
        },
        (booking) => withTokens(parts.secrets, booking),
      )
    },
  })
}

/** A booking whose account is gone belongs to nobody once the house writes down somebody: it tells no more who that was. */
async function ownerAfter(
  { query }: Transaction,
  { userId }: BookingRow,
  { customer }: { readonly customer?: object },
): Promise<{ userId?: null }> {
  if (userId === null || customer === undefined) return {}
  const gone = await query
    .selectFrom('users')
    .select('id')
    .where('id', '=', userId)
    .where('deletedAt', 'is not', null)
    .executeTakeFirst()
  return gone ? { userId: null } : {}
}

type Change = Pick<
  BookingRow,
  'customerName' | 'customerEmail' | 'customerEmailFolded' | 'customerPhone' | 'customerLocale' | 'notes'
>

function changesOf(body: {
  readonly customer?: contract.CustomerInput
  readonly notes?: string | null
}): Partial<Change> {
  const { customer, notes } = body
  return {
    ...(customer?.name !== undefined && { customerName: customer.name }),
    ...(customer?.email !== undefined && {
      customerEmail: customer.email,
      customerEmailFolded: foldEmail(customer.email),
    }),
    ...(customer?.phone !== undefined && { customerPhone: customer.phone }),
    ...(customer?.locale !== undefined && { customerLocale: customer.locale }),
    ...(notes !== undefined && { notes }),
  }
}

async function readFresh(tx: Transaction, booking: BookingRow) {
  const fresh = must(await findBookingIn(tx, booking.id), 'Bookings are never deleted')
  return await readWholeBookingIn(tx, fresh)
}
