import { expect, it } from 'vitest'
import * as bookings from '../../contract/bookings.ts'
import * as holds from '../../contract/holds.ts'
import type { AnswerOf, InputOf, OperationShape } from '../../contract/operation.ts'
import * as payments from '../../contract/payments.ts'
import type { Engine } from '../database/database.ts'
import { bookSeats, buySeats, guestCustomer, holdSeats, readBooking } from '../testing/buying.ts'
import { crowd, tally } from '../testing/crowd.ts'
import { onBothEngines, startApp, startAppOn } from '../testing/harness.ts'
import type { As, TestAnswer, TestApp } from '../testing/harness.ts'
import { ledgerProblems } from '../testing/ledger-check.ts'
import { makeShowtime } from '../testing/showtimes.ts'

const environment = { MAX_HOLDS_PER_CLIENT: '0' }

/** One server on SQLite, two on PostgreSQL. */
async function servers(engine: Engine): Promise<[TestApp, ...TestApp[]]> {
  const first = await startApp(engine, { environment })
  if (engine === 'sqlite') return [first]
  return [first, await startAppOn(first.location, { environment, clock: first.clock })]
}

/**
 * The same request with the same key, fifty times at once and once more: one effect, whose answer everybody gets but those
 * who came while the first was running.
 */
async function fiftyTimes<Shape extends OperationShape>(
  tests: readonly TestApp[],
  shape: Shape,
  input: Partial<{ [Part in keyof InputOf<Shape>]: unknown }>,
  as: As = {},
): Promise<AnswerOf<Shape>> {
  const headers = { 'idempotency-key': 'the same' }
  const ask = (index: number): Promise<TestAnswer<AnswerOf<Shape>>> =>
    (tests[index % tests.length] ?? tests[0])?.call(shape, input, { ...as, headers }) as never
  const answers = await crowd(50, ask)
  const { '409 idempotency_in_progress': running = 0, [String(shape.answer.status)]: done = 0 } = tally(answers)
  expect([running + done, done > 0]).toEqual([50, true])
  const again = await ask(1)
  expect(again.headers['idempotency-replayed']).toBe('true')
  const successes = answers.filter(({ status }) => status === shape.answer.status)
  expect(successes.filter(({ headers: { 'idempotency-replayed': replayed } }) => !replayed)).toHaveLength(1)
  for (const answer of successes) expect(answer.body).toEqual(again.body)
  return again.body
}

onBothEngines('one Idempotency-Key fifty times at once', (engine) => {
  it('makes one hold, one booking, one payment, one confirmation, one cancellation', async () => {
    const tests = await servers(engine)
    const [test] = tests
    const { showtimeId } = await makeShowtime(test)
    const hold = await fiftyTimes(tests, holds.placeHold, { params: { id: showtimeId }, body: { seats: ['A1', 'A2'] } })
    const byHold = { accessToken: hold.token }
    const extended = await fiftyTimes(tests, holds.extendHold, { params: { id: hold.id } }, byHold)
    expect(Date.parse(extended.expiresAt) - Date.parse(hold.expiresAt)).toBe(300_000)
    const body = { holdId: hold.id, customer: guestCustomer }
    const booking = await fiftyTimes(tests, bookings.createBooking, { body }, byHold)
    const as = { accessToken: booking.accessToken }
    const begin = { body: { bookingId: booking.id, provider: 'test' } }
    const payment = await fiftyTimes(tests, payments.createPayment, begin, as)
    await fiftyTimes(tests, payments.confirmPayment, { params: { id: payment.id }, body: {} }, as)
    expect(await readBooking(test, booking)).toMatchObject({ status: 'confirmed', paid: { amount: 2500 } })
    const part = { params: { id: booking.id }, body: { tickets: [booking.tickets[0]?.id] } }
    await fiftyTimes(tests, bookings.cancelBooking, part, as)
    expect(await readBooking(test, booking)).toMatchObject({ status: 'confirmed', refunded: { amount: 1250 } })
    const rows = await test.database.read.selectFrom('payments').selectAll().execute()
    expect(rows).toHaveLength(1)
    expect(await ledgerProblems(test.database, test.clock.now())).toEqual([])
  })

  it('with another body it is another request, and hears so; a refused one may be tried again', async () => {
    const tests = await servers(engine)
    const [test] = tests
    const { showtimeId } = await makeShowtime(test)
    const headers = { 'idempotency-key': 'a key' }
    const params = { id: showtimeId }
    const mine = await holdSeats(test, showtimeId, ['B1'])
    const hold = (seat: string) => test.call(holds.placeHold, { params, body: { seats: [seat] } }, { headers })
    expect((await hold('B1')).status).toBe(409)
    await test.call(holds.releaseHold, { params: { id: mine.id } }, { accessToken: mine.token })
    expect((await hold('B1')).status).toBe(201)
    const answers = await crowd(20, async (index) => await hold(`C${(index % 8) + 1}`))
    expect(tally(answers)).toEqual({ '422 idempotency_key_reused': 20 })
    test.clock.advance(24 * 3600_000)
    expect((await hold('C1')).status).toBe(201)
  })

  it('must be 1 to 255 characters, for a hold as for everything else', async () => {
    const [test] = await servers(engine)
    const { showtimeId } = await makeShowtime(test)
    const headers = { 'idempotency-key': 'x'.repeat(256) }
    const body = { showtimeId, seats: ['A1'], customer: guestCustomer }
    const held = await test.call(holds.placeHold, { params: { id: showtimeId }, body: { seats: ['A1'] } }, { headers })
    expect(held.status).toBe(400)
    expect((await test.call(bookings.createBooking, { body }, { headers })).status).toBe(400)
    const booking = await bookSeats(test, showtimeId, ['A1'])
    expect(booking.status).toBe('pending')
    expect((await buySeats(test, showtimeId, ['A2'])).status).toBe('confirmed')
  })
})
