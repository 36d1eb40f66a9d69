import { expect, it } from 'vitest'
import * as bookings from '../../contract/bookings.ts'
import { checkIn } from '../../contract/door.ts'
import * as holds from '../../contract/holds.ts'
import type { OperationShape } from '../../contract/operation.ts'
import { payOutBooking } from '../../contract/pay-out.ts'
import * as payments from '../../contract/payments.ts'
import * as prices from '../../contract/prices.ts'
import * as promotions from '../../contract/promotions.ts'
import * as shifts from '../../contract/shifts.ts'
import * as showtimes from '../../contract/showtimes.ts'
import { updateTheatre } from '../../contract/venues.ts'
import * as vouchers from '../../contract/vouchers.ts'
import { buySeats, holdSeats } from '../testing/buying.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import type { As, TestApp } from '../testing/harness.ts'
import { makeShowtime } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'

const gbp = (amount: number) => ({ amount, currency: 'GBP' })
const eur = (amount: number) => ({ amount, currency: 'EUR' })

interface Case {
  readonly shape: OperationShape
  readonly params?: object
  /** Has the right shape, and meets a conflict. */
  readonly good: object
  readonly conflict: string
  /** Each is wrong in itself, and meets the same conflict. */
  readonly wrong: readonly object[]
  readonly as: As
}

/** A house in which nothing can be done any more. */
async function setStage(test: TestApp) {
  const owner = await signIn(test, 'owner')
  const made = await makeShowtime(test, { ownerId: owner.userId })
  const beside = await makeShowtime(test, { beside: made, startsInMs: 60 * 3600_000 })
  const { showtimeId, theatreId } = made
  const cancelled = await buySeats(test, showtimeId, ['A1', 'A2'])
  const byBuyer = { accessToken: cancelled.accessToken }
  await test.call(bookings.cancelBooking, { params: { id: cancelled.id }, body: {} }, byBuyer)
  const paid = await buySeats(test, showtimeId, ['B1', 'B2'])
  const shift = await test.call(shifts.openShift, { body: { theatreId, till: 'Till', float: gbp(0) } }, owner)
  await test.call(shifts.closeShift, { params: { id: shift.body.id }, body: { counted: gbp(0) } }, owner)
  const lapsed = await holdSeats(test, showtimeId, ['C1', 'C2'])
  test.clock.advance(301_000)
  await test.call(promotions.createPromotion, { body: { code: 'SPRING', percentOff: 10 } }, owner)
  const params = { id: theatreId }
  await test.call(prices.createTicketType, { params, body: { key: 'usher', name: 'Usher' } }, owner)
  await test.call(vouchers.createVoucher, { body: { code: 'GIFT', balance: gbp(500) } }, owner)
  const stopped = await makeShowtime(test, { ownerId: owner.userId })
  await test.call(showtimes.cancelShowtime, { params: { id: stopped.showtimeId }, body: { reason: 'Fire' } }, owner)
  return { owner, made, beside, cancelled, byBuyer, paid, shiftId: shift.body.id, lapsed, stopped }
}

type Stage = Awaited<ReturnType<typeof setStage>>

function salesCases({ made, beside, cancelled, byBuyer, paid, lapsed, stopped, owner }: Stage): Case[] {
  const { showtimeId } = made
  const customer = { email: 'ada@example.com' }
  const ticket = (seat: string) => ({ seat, ticketType: 'adult' })
  return [
    {
      shape: holds.placeHold,
      params: { id: stopped.showtimeId },
      good: { seats: ['A1'] },
      conflict: 'showtime_cancelled',
      wrong: [{ seats: ['Z99'] }, { seats: ['A1', 'A1'] }, { count: 2 }, {}, { best: { count: 11 } }],
      as: {},
    },
    {
      shape: bookings.createBooking,
      good: { showtimeId, seats: ['B1'], customer },
      conflict: 'seats_unavailable',
      wrong: [
        { showtimeId, seats: ['B1'] },
        { showtimeId, seats: ['B1'], customer, tickets: [ticket('B2')] },
        { showtimeId, seats: ['B1'], customer, tickets: [ticket('B1'), ticket('B2')] },
      ],
      as: {},
    },
    {
      shape: bookings.createBooking,
      good: { holdId: lapsed.id, customer },
      conflict: 'hold_expired',
      wrong: [
        { holdId: lapsed.id, customer, tickets: [ticket('C1')] },
        { holdId: lapsed.id, customer, tickets: [ticket('C1'), ticket('C9')] },
      ],
      as: { accessToken: lapsed.token },
    },
    {
      shape: bookings.cancelBooking,
      params: { id: cancelled.id },
      good: { tickets: [cancelled.tickets[0]?.id] },
      conflict: 'already_cancelled',
      wrong: [{ tickets: [paid.tickets[0]?.id] }, { tickets: [] }],
      as: byBuyer,
    },
    {
      shape: bookings.exchangeBooking,
      params: { id: cancelled.id },
      good: { showtimeId: beside.showtimeId, seats: ['A1', 'A2'] },
      conflict: 'already_cancelled',
      wrong: [
        { showtimeId: beside.showtimeId, seats: ['A1', 'Z9'] },
        { showtimeId: beside.showtimeId, seats: ['A1', 'A1'] },
        { showtimeId: beside.showtimeId },
        { showtimeId, seats: ['A1', 'A2'] },
        { showtimeId: stopped.showtimeId, seats: ['A1', 'A2'] },
      ],
      as: byBuyer,
    },
    {
      shape: bookings.changeSeats,
      params: { id: cancelled.id },
      good: { moves: [{ from: 'A1', to: 'A5' }] },
      conflict: 'already_cancelled',
      wrong: [
        { moves: [{ from: 'A1', to: 'Z9' }] },
        {
          moves: [
            { from: 'A1', to: 'A5' },
            { from: 'A2', to: 'A5' },
          ],
        },
      ],
      as: owner,
    },
    {
      shape: checkIn,
      good: { bookingId: cancelled.id },
      conflict: 'booking_cancelled',
      wrong: [{ bookingId: cancelled.id, admit: 3 }, { bookingId: cancelled.id, ticketId: 'x' }, {}],
      as: owner,
    },
  ]
}

function moneyCases({ made, cancelled, byBuyer, paid, shiftId, stopped, owner }: Stage): Case[] {
  const bookingId = cancelled.id
  const counter = { bookingId, provider: 'counter', tender: 'cash' }
  const startsAt = '2026-11-30T19:30Z'
  return [
    {
      shape: payments.createPayment,
      good: { bookingId, provider: 'test' },
      conflict: 'booking_not_payable',
      wrong: [{ bookingId, provider: 'test', tender: 'cash' }],
      as: byBuyer,
    },
    {
      shape: payments.createPayment,
      good: counter,
      conflict: 'booking_not_payable',
      wrong: [
        { bookingId, provider: 'counter' },
        { ...counter, amount: eur(100) },
        { ...counter, amount: gbp(200), tendered: gbp(100) },
        { ...counter, tender: 'voucher' },
        { ...counter, voucherCode: 'GIFT' },
        { ...counter, tender: 'card', tendered: gbp(100) },
      ],
      as: owner,
    },
    {
      shape: payments.refundPayment,
      params: { id: paid.payments[0]?.id },
      good: { amount: gbp(99_999) },
      conflict: 'refund_exceeds_payment',
      wrong: [{ amount: eur(99_999) }, { amount: gbp(0) }],
      as: owner,
    },
    {
      shape: payOutBooking,
      params: { id: paid.id },
      good: {},
      conflict: 'nothing_due_at_counter',
      wrong: [{ refunds: ['ref_nothing'] }, { shiftId: 'shf_nothing' }],
      as: owner,
    },
    {
      shape: shifts.moveCash,
      params: { id: shiftId },
      good: { amount: gbp(5), reason: 'Change' },
      conflict: 'shift_closed',
      wrong: [
        { amount: gbp(0), reason: 'Change' },
        { amount: eur(5), reason: 'Change' },
      ],
      as: owner,
    },
    {
      shape: shifts.closeShift,
      params: { id: shiftId },
      good: { counted: gbp(5) },
      conflict: 'shift_closed',
      wrong: [{ counted: eur(5) }, { counted: {} }],
      as: owner,
    },
    {
      shape: promotions.createPromotion,
      good: { code: 'SPRING', percentOff: 10 },
      conflict: 'promotion_exists',
      wrong: [{ code: 'SPRING' }, { code: 'SPRING', percentOff: 10, amountOff: gbp(1) }],
      as: owner,
    },
    {
      shape: vouchers.createVoucher,
      good: { code: 'GIFT', balance: gbp(500) },
      conflict: 'voucher_exists',
      wrong: [{ code: 'GIFT', balance: gbp(500), validTo: 'tomorrow' }],
      as: owner,
    },
    {
      shape: prices.createTicketType,
      params: { id: made.theatreId },
      good: { key: 'usher', name: 'Usher' },
      conflict: 'ticket_type_exists',
      wrong: [{ key: 'usher', name: 'Usher', requires: { ticketType: 'nobody', ratio: 1 } }],
      as: owner,
    },
    {
      shape: updateTheatre,
      params: { id: made.theatreId },
      good: { currency: 'EUR' },
      conflict: 'theatre_in_use',
      wrong: [{ currency: 'EUR', timeZone: 'Mars/Phobos' }],
      as: owner,
    },
    {
      shape: showtimes.updateShowtime,
      params: { id: made.showtimeId },
      good: { startsAt },
      conflict: 'showtime_has_bookings',
      wrong: [
        { startsAt: '2027-03-28T01:30' },
        { startsAt, prices: [{ category: 'standard', ticketType: 'adult', price: eur(1) }] },
        { startsAt, endsAt: '2026-11-30T19:00Z' },
      ],
      as: owner,
    },
    {
      shape: showtimes.moveShowtime,
      params: { id: stopped.showtimeId },
      good: { auditoriumId: stopped.auditoriumId },
      conflict: 'showtime_cancelled',
      wrong: [{ auditoriumId: made.auditoriumId }],
      as: owner,
    },
  ]
}

onBothEngines('a request that is wrong and meets a conflict', (engine) => {
  it('hears what is wrong with it: 400 comes before 409 and 410', async () => {
    const test = await startApp(engine, { environment: { MAX_HOLDS_PER_CLIENT: '0' } })
    const stage = await setStage(test)
    for (const { shape, params, good, conflict, wrong, as } of [...salesCases(stage), ...moneyCases(stage)]) {
      const input = params === undefined ? {} : { params }
      const met = await test.call(shape, { ...input, body: good }, as)
      expect.soft(met.raw.json().code, `${shape.id} ${JSON.stringify(good)}`).toBe(conflict)
      for (const body of wrong) {
        const refused = await test.call(shape, { ...input, body }, as)
        expect.soft(refused.status, `${shape.id} ${JSON.stringify(body)}: ${refused.raw.json().code}`).toBe(400)
      }
    }
  })
})
