import fc from 'fast-check'
import { expect } from 'vitest'
import * as bookings from '../../contract/bookings.ts'
import type { Booking } from '../../contract/bookings.ts'
import * as holds from '../../contract/holds.ts'
import * as payments from '../../contract/payments.ts'
import { guestCustomer } from './buying.ts'
import type { TestAnswer, TestApp } from './harness.ts'
import { rules } from './selling-model.ts'
import type { House, ModelBooking, ModelHold, No, SellingModel } from './selling-model.ts'

/** One thing that somebody does; `which` counts round what there is. A story of these is what a failure shrinks to. */
export type Step =
  | { readonly do: 'hold'; readonly seats: readonly string[] }
  | { readonly do: 'hold best'; readonly count: number }
  | { readonly do: 'hold places'; readonly count: number }
  | HoldStep
  | BookingStep
  | { readonly do: 'book at once'; readonly seats: readonly string[] }
  | { readonly do: 'confirm'; readonly which: number; readonly outcome: 'succeed' | 'decline' | 'timeout' }
  | { readonly do: 'block' | 'unblock'; readonly seats: readonly string[] }
  | { readonly do: 'wait'; readonly seconds: number }
  | { readonly do: 'tidy up' }

interface HoldStep {
  readonly do: 'release' | 'extend' | 'book'
  readonly which: number
}

type BookingStep =
  | { readonly do: 'begin payment'; readonly which: number }
  | { readonly do: 'cancel'; readonly which: number; readonly tickets: readonly number[] }

const seats = fc.subarray([...rules.seats], { minLength: 1, maxLength: 3 })
const which = fc.nat({ max: 5 })
const act = <Name extends string>(name: Name) => fc.constant(name)

export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: act('hold'), seats }) },
  { weight: 2, arbitrary: fc.record({ do: act('hold best'), count: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 3, arbitrary: fc.record({ do: act('hold places'), count: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 2, arbitrary: fc.record({ do: act('release'), which }) },
  { weight: 2, arbitrary: fc.record({ do: act('extend'), which }) },
  { weight: 6, arbitrary: fc.record({ do: act('book'), which }) },
  { weight: 2, arbitrary: fc.record({ do: act('book at once'), seats }) },
  { weight: 5, arbitrary: fc.record({ do: act('begin payment'), which }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: act('confirm'),
      which,
      outcome: fc.constantFrom('succeed', 'succeed', 'decline', 'timeout'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: act('cancel'), which, tickets: fc.subarray([0, 1, 2]) }) },
  { weight: 1, arbitrary: fc.record({ do: act('block'), seats }) },
  { weight: 1, arbitrary: fc.record({ do: act('unblock'), seats }) },
  { weight: 4, arbitrary: fc.record({ do: act('wait'), seconds: fc.constantFrom(1, 100, 299, 300, 599, 600) }) },
  { weight: 1, arbitrary: fc.record({ do: act('tidy up') }) },
)

/** The real box office, and the model that says what it ought to do. */
export interface World {
  readonly test: TestApp
  readonly model: SellingModel
  readonly showtimes: Readonly<Record<House, string>>
  readonly staff: { readonly token: string }
}

/** Takes one step in both, and compares the answers. */
export async function take(world: World, it: Step): Promise<void> {
  const { test, model, showtimes, staff } = world
  switch (it.do) {
    case 'hold':
      return await hold(world, 'reserved', { seats: it.seats }, model.wish(it.seats, 0))
    case 'hold places':
      return await hold(world, 'general', { count: it.count }, model.wish([], it.count))
    case 'hold best': {
      const free = rules.seats.length - model.takenOf(rules.seats).length
      const no = free < it.count ? { status: 409, code: 'sold_out' } : null
      return await hold(world, 'reserved', { best: { count: it.count } }, no)
    }
    case 'book at once': {
      const body = { showtimeId: showtimes.reserved, seats: it.seats, customer: guestCustomer }
      const answer = await test.call(bookings.createBooking, { body })
      if (agree(answer, model.wish(it.seats, 0))) model.book(madeBooking(answer.body, 'reserved'))
      return
    }
    case 'block':
    case 'unblock': {
      const shape = it.do === 'block' ? holds.blockSeats : holds.unblockSeats
      const answer = await test.call(shape, { params: { id: showtimes.reserved }, body: { seats: it.seats } }, staff)
      agree(answer, it.do === 'block' ? model.block(it.seats) : null)
      if (it.do === 'unblock') model.unblock(it.seats)
      return
    }
    case 'wait':
      test.clock.advance(it.seconds * 1000)
      model.now += it.seconds * 1000
      return
    case 'tidy up':
      for (const job of test.app.jobs) await job.run()
      return
    case 'release':
    case 'extend':
    case 'book':
      return await withHold(world, it)
    case 'begin payment':
    case 'cancel':
      return await withBooking(world, it)
    case 'confirm': {
      const payment = pick(model.payments, it.which)
      if (!payment) return
      const as = { accessToken: payment.booking.accessToken }
      const input = { params: { id: payment.id }, body: { outcome: it.outcome } }
      agree(await test.call(payments.confirmPayment, input, as), model.confirm(payment, it.outcome))
    }
  }
}

async function hold({ test, model, showtimes }: World, house: House, body: object, no: No | null): Promise<void> {
  const answer = await test.call(holds.placeHold, { params: { id: showtimes[house] }, body })
  if (!agree(answer, no)) return
  expect(model.takenOf(answer.body.seats)).toEqual([])
  model.hold({ ...answer.body, house })
}

async function withHold({ test, model }: World, it: HoldStep): Promise<void> {
  const mine = pick(model.holds, it.which)
  if (!mine) return
  const as = { accessToken: mine.token }
  const params = { id: mine.id }
  if (it.do === 'release') {
    agree(await test.call(holds.releaseHold, { params }, as), null)
    model.release(mine)
  } else if (it.do === 'extend') {
    agree(await test.call(holds.extendHold, { params }, as), model.extend(mine))
  } else {
    const body = { holdId: mine.id, customer: guestCustomer }
    const answer = await test.call(bookings.createBooking, { body }, as)
    if (agree(answer, model.mayBook(mine))) model.book(madeBooking(answer.body, mine.house), mine)
  }
}

async function withBooking({ test, model }: World, it: BookingStep): Promise<void> {
  const booking = pick(model.bookings, it.which)
  if (!booking) return
  const as = { accessToken: booking.accessToken }
  if (it.do === 'begin payment') {
    const body = { bookingId: booking.id, provider: 'test' }
    const answer = await test.call(payments.createPayment, { body }, as)
    if (agree(answer, model.mayPay(booking))) model.beginPayment(answer.body.id, booking)
    return
  }
  const chosen = booking.tickets.filter((_ticket, index) => it.tickets.includes(index))
  const body = chosen.length > 0 ? { tickets: chosen.map(({ id }) => id) } : {}
  const answer = await test.call(bookings.cancelBooking, { params: { id: booking.id }, body }, as)
  agree(answer, model.cancel(booking, chosen.length > 0 ? chosen : null))
}

function pick<Item>(items: readonly Item[], index: number): Item | undefined {
  // The latest first: those are the ones that something can still be done with.
  return items.length === 0 ? undefined : items[items.length - 1 - (index % items.length)]
}

function madeBooking(booking: Booking, house: House): Pick<ModelBooking, 'id' | 'accessToken' | 'house' | 'tickets'> {
  const tickets = booking.tickets.map(({ id, seat }) => ({ id, seat, isVoid: false }))
  return { id: booking.id, accessToken: booking.accessToken, house, tickets }
}

/** Asserts that the real answer is the model's; true when both say yes. */
function agree(answer: TestAnswer<unknown>, no: No | null): boolean {
  if (!no) {
    expect(answer.status, answer.raw.body.slice(0, 300)).toBeLessThan(300)
    return true
  }
  expect(answer.problem).toMatchObject(no)
  return false
}

/** Compares all that can be seen: both seat maps, every booking with its money, its tickets and its payments. */
export async function compare(
  world: World,
  seen: Map<string, { readonly version: number; readonly etag: string; readonly body: string }>,
): Promise<void> {
  const { test, model, showtimes, staff } = world
  for (const house of ['reserved', 'general'] as const) {
    const answer = await test.call(holds.readSeatMap, { params: { id: showtimes[house] } })
    const { body } = answer
    const before = seen.get(house)
    const now = { version: body.version, etag: String(answer.headers.etag), body: answer.raw.body }
    // A version only rises, and an ETag never stands for two documents.
    expect(now.version).toBeGreaterThanOrEqual(before?.version ?? 0)
    if (before?.etag === now.etag) expect(now.body).toBe(before.body)
    seen.set(house, now)
    if (house === 'reserved') {
      expect(Object.fromEntries((body.seats ?? []).map(({ id, status }) => [id, status]))).toEqual(
        Object.fromEntries(rules.seats.map((seat) => [seat, model.seatStatus(seat)])),
      )
    } else {
      const { held, booked } = model.places
      expect(body.counts).toEqual({ available: rules.places - held - booked, held, booked, blocked: 0 })
    }
  }
  for (const booking of model.bookings) {
    const read = await test.call(bookings.readBooking, { params: { id: booking.id } }, staff)
    expect(viewOf(read.body)).toEqual(expectedView(model, booking))
  }
}

function viewOf({ status, paid, refunded, tickets, payments: paying }: Booking) {
  return {
    status,
    paid: paid.amount,
    refunded: refunded.amount,
    // What has lapsed may or may not be written down yet.
    tickets: tickets.map((ticket) => (status === 'expired' ? 'lapsed' : ticket.status)),
    payments: paying.map((payment) =>
      status === 'expired' && payment.status === 'pending' ? 'expired' : payment.status,
    ),
  }
}

function expectedView(model: SellingModel, booking: ModelBooking) {
  const status = model.statusOf(booking)
  const own = model.payments.filter((payment) => payment.booking === booking)
  return {
    status,
    paid: booking.paid,
    refunded: booking.refunded,
    tickets: booking.tickets.map(({ isVoid }) => (status === 'expired' ? 'lapsed' : isVoid ? 'void' : 'valid')),
    payments: own.map((payment) => (status === 'expired' && payment.status === 'pending' ? 'expired' : payment.status)),
  }
}

/** How a hold answers to whoever has its token. */
export async function compareHolds({ test, model }: World): Promise<void> {
  for (const mine of model.holds) {
    const answer = await test.call(holds.readHold, { params: { id: mine.id } }, { accessToken: mine.token })
    expect(answer.status).toBe(holdStatus(model, mine))
  }
}

function holdStatus(model: SellingModel, mine: ModelHold): number {
  if (mine.status === 'released') return 404
  return mine.status === 'booked' || model.isLive(mine) ? 200 : 410
}
