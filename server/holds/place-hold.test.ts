import { expect, it } from 'vitest'
import * as holds from '../../contract/holds.ts'
import type { TestApp } from '../testing/harness.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import { signIn } from '../testing/sign-in.ts'
import { makeShowtime, plainLayout } from '../testing/showtimes.ts'
import type { ShowtimeWish } from '../testing/showtimes.ts'

async function stage(engine: 'sqlite' | 'postgres', wish: ShowtimeWish = {}, environment: Record<string, string> = {}) {
  const test = await startApp(engine, { environment: { MAX_HOLDS_PER_CLIENT: '0', ...environment } })
  const made = await makeShowtime(test, wish)
  const hold = (body: object, as?: Parameters<TestApp['call']>[2]) =>
    test.call(holds.placeHold, { params: { id: made.showtimeId }, body }, as)
  const map = async () => (await test.call(holds.readSeatMap, { params: { id: made.showtimeId } })).body
  return { test, ...made, hold, map }
}

onBothEngines('holding seats', (engine) => {
  it('claims all the seats, with a price that binds and a time to decide', async () => {
    const { test, hold, map, showtimeId } = await stage(engine)
    const { body } = await hold({ seats: ['C4', 'C5'] })
    expect(body).toMatchObject({
      showtimeId,
      seats: ['C4', 'C5'],
      count: 2,
      expiresAt: new Date(test.clock.now() + 300_000).toISOString().replace('.000', ''),
      extensionsLeft: 1,
      quote: { total: { amount: 2500, currency: 'GBP' } },
    })
    const { seats, counts } = await map()
    expect(seats?.filter(({ status }) => status === 'held').map(({ id }) => id)).toEqual(['C4', 'C5'])
    expect(counts).toEqual({ available: 38, held: 2, booked: 0, blocked: 0 })
  })

  it('takes all or nothing, and says which seats are gone and where else a party can sit', async () => {
    const { hold, map } = await stage(engine)
    await hold({ seats: ['C4', 'C5'] })
    const { status, problem } = await hold({ seats: ['C5', 'C6'] })
    expect(status).toBe(409)
    expect(problem).toMatchObject({ code: 'seats_unavailable', seats: ['C5'] })
    const suggestions = problem['suggestions'] as string[][]
    expect(suggestions.length).toBeGreaterThan(0)
    for (const group of suggestions) {
      expect(group).toHaveLength(2)
      expect(group).not.toContain('C4')
      expect(group).not.toContain('C5')
    }
    expect((await map()).counts.held).toBe(2)
  })

  it('refuses seats that do not exist, twins, too many, and what is not a wish', async () => {
    const { hold } = await stage(engine)
    expect((await hold({ seats: ['C4', 'Z9'] })).problem).toMatchObject({
      status: 400,
      code: 'unknown_seats',
      seats: ['Z9'],
    })
    expect((await hold({ seats: ['C4', 'C4'] })).problem).toMatchObject({ status: 400, code: 'validation_failed' })
    const eleven = Array.from({ length: 11 }, (_, index) => (index < 8 ? `A${index + 1}` : `B${index - 7}`))
    expect((await hold({ seats: eleven })).problem).toMatchObject({ status: 400, code: 'validation_failed' })
    for (const body of [
      {},
      { seats: [] },
      { seats: ['A1'], count: 1 },
      { count: 2 },
      { seats: ['A1'], price: 1 },
      [],
    ]) {
      expect((await hold(body)).status, JSON.stringify(body)).toBe(400)
    }
  })

  it('frees the seats at the very moment the hold ends, with no sweeper', async () => {
    const { test, hold, map } = await stage(engine)
    const first = await hold({ seats: ['A1'] })
    test.clock.advance(299_999)
    expect((await hold({ seats: ['A1'] })).status).toBe(409)
    test.clock.advance(1)
    expect((await map()).counts.available).toBe(40)
    expect((await hold({ seats: ['A1'] })).status).toBe(201)
    const gone = await test.call(holds.readHold, { params: { id: first.body.id } }, { accessToken: first.body.token })
    expect(gone.problem).toMatchObject({ status: 410, code: 'hold_expired' })
  })

  it('is shown and given back only to who has its token', async () => {
    const { test, hold, map } = await stage(engine)
    const { body } = await hold({ seats: ['A1', 'A2'] })
    const id = { params: { id: body.id } }
    expect((await test.call(holds.readHold, id)).problem.code).toBe('not_found')
    expect((await test.call(holds.releaseHold, id, { accessToken: 'x'.repeat(43) })).status).toBe(404)
    const own = { accessToken: body.token }
    expect((await test.call(holds.readHold, id, own)).body).toEqual(body)
    expect((await test.call(holds.releaseHold, id, own)).status).toBe(204)
    expect((await test.call(holds.releaseHold, id, own)).status).toBe(204)
    expect((await test.call(holds.readHold, id, own)).status).toBe(404)
    expect((await map()).counts.available).toBe(40)
  })

  it('can be extended once, by the time it had', async () => {
    const { test, hold } = await stage(engine)
    const { body } = await hold({ seats: ['A1'] })
    const own = { accessToken: body.token }
    test.clock.advance(200_000)
    const extended = await test.call(holds.extendHold, { params: { id: body.id } }, own)
    expect(Date.parse(extended.body.expiresAt)).toBe(Date.parse(body.expiresAt) + 300_000)
    expect(extended.body.extensionsLeft).toBe(0)
    expect((await test.call(holds.extendHold, { params: { id: body.id } }, own)).problem).toMatchObject({
      status: 409,
      code: 'no_extensions_left',
    })
    test.clock.advance(350_000)
    expect((await hold({ seats: ['A1'] })).status).toBe(409)
    test.clock.advance(50_000)
    expect((await test.call(holds.extendHold, { params: { id: body.id } }, own)).status).toBe(410)
  })

  it('gives a party the best seats that are free, until there are none', async () => {
    const { test, hold, showtimeId } = await stage(engine, { layout: plainLayout(2, 3) })
    const best = await test.call(holds.readBestSeats, { params: { id: showtimeId }, query: { count: 3 } })
    const held = await hold({ best: { count: 3 } })
    expect(held.body.seats).toEqual(best.body.seats)
    expect((await hold({ best: { count: 3 } })).status).toBe(201)
    expect((await hold({ best: { count: 1 } })).problem).toMatchObject({ status: 409, code: 'sold_out' })
  })

  it('seats a group at the counter as near as can be; on the web a hold stays as large as the house allows', async () => {
    const { test, hold, map } = await stage(engine, { layout: plainLayout(5, 8) })
    const clerk = await signIn(test, 'admin')
    const group = await hold({ best: { count: 24 } }, clerk)
    expect(group.status).toBe(201)
    expect(new Set(group.body.seats).size).toBe(24)
    expect((await map()).counts).toMatchObject({ held: 24, available: 16 })
    expect((await hold({ best: { count: 11 } })).problem.code).toBe('validation_failed')
    expect((await hold({ best: { count: 17 } }, clerk)).problem.code).toBe('sold_out')
  })

  it('counts places in general admission, and never more than there are', async () => {
    const { hold, map } = await stage(engine, { layout: { seating: 'general', capacity: 5 } })
    const held = await hold({ count: 3 })
    expect(held.body).toMatchObject({ seats: [], count: 3, quote: { total: { amount: 3750 } } })
    expect((await hold({ count: 3 })).problem).toMatchObject({ status: 409, code: 'sold_out', available: 2 })
    expect((await hold({ seats: ['A1'] })).status).toBe(400)
    expect((await hold({ count: 2 })).status).toBe(201)
    const read = await map()
    expect(read.counts).toEqual({ available: 0, held: 5, booked: 0, blocked: 0 })
    expect(read.seats).toBeUndefined()
  })

  it('sells only while sales are open', async () => {
    const day = 24 * 3600_000
    const cases: [ShowtimeWish, string][] = [
      [{ change: { status: 'cancelled', cancelledAt: 1 } }, 'showtime_cancelled'],
      [{ change: { salesPaused: 1 } }, 'sales_closed'],
      [{ change: { salesOpenAt: Date.UTC(2026, 10, 22) } }, 'sales_closed'],
      [{ startsInMs: -day }, 'sales_closed'],
    ]
    for (const [wish, code] of cases) {
      const { hold } = await stage(engine, wish)
      expect((await hold({ seats: ['A1'] })).problem).toMatchObject({ status: 409, code })
    }
    const draft = await stage(engine, { change: { status: 'draft' } })
    expect((await draft.hold({ seats: ['A1'] })).status).toBe(404)
    const admin = await signIn(draft.test, 'admin')
    expect((await draft.hold({ seats: ['A1'] }, admin)).problem).toMatchObject({ status: 409, code: 'sales_closed' })
  })

  it('limits how many holds one client has open, and counts them off again', async () => {
    const { test, hold } = await stage(engine, {}, { MAX_HOLDS_PER_CLIENT: '2' })
    const first = await hold({ seats: ['A1'] })
    await hold({ seats: ['A2'] })
    const third = await hold({ seats: ['A3'] })
    expect(third.problem).toMatchObject({ status: 429, code: 'too_many_holds' })
    expect(third.headers['retry-after']).toBeDefined()
    await test.call(holds.releaseHold, { params: { id: first.body.id } }, { accessToken: first.body.token })
    expect((await hold({ seats: ['A3'] })).status).toBe(201)
    test.clock.advance(300_000)
    expect((await hold({ seats: ['A4'] })).status).toBe(201)
    const owner = await signIn(test, 'admin')
    for (const seat of ['B1', 'B2', 'B3']) expect((await hold({ seats: [seat] }, owner)).status).toBe(201)
  })

  it('answers a repeated request with what it answered first, and makes no second hold', async () => {
    const { test, hold, map } = await stage(engine)
    const key = { headers: { 'idempotency-key': 'one click' } }
    const first = await hold({ seats: ['A1'] }, key)
    const second = await hold({ seats: ['A1'] }, key)
    expect(second.status).toBe(201)
    expect(second.body).toEqual(first.body)
    expect(second.headers['idempotency-replayed']).toBe('true')
    expect((await hold({ seats: ['A2'] }, key)).problem).toMatchObject({ status: 422, code: 'idempotency_key_reused' })
    expect((await map()).counts.held).toBe(1)
    test.clock.advance(24 * 3600_000 + 1)
    expect((await hold({ seats: ['A2'] }, key)).status).toBe(201)
  })

  it('leaves no claim behind when it is given back after its time, even where a clock is set back afterwards', async () => {
    const { test, hold, map } = await stage(engine)
    const { body } = await hold({ seats: ['A1'] })
    const heldAt = test.clock.now()
    test.clock.advance(300_000)
    const as = { accessToken: body.token }
    expect((await test.call(holds.releaseHold, { params: { id: body.id } }, as)).status).toBe(204)
    test.clock.set(heldAt + 1000)
    expect((await map()).counts.held).toBe(0)
    expect((await hold({ seats: ['A1'] })).status).toBe(201)
  })

  it('keeps house seats out of sale, never over a seat that somebody has', async () => {
    const { test, hold, map, showtimeId } = await stage(engine)
    const admin = await signIn(test, 'admin')
    await hold({ seats: ['A1'] })
    const block = (seats: string[]) =>
      test.call(holds.blockSeats, { params: { id: showtimeId }, body: { seats } }, admin)
    expect((await block(['A1', 'A2'])).problem).toMatchObject({ status: 409, code: 'seats_unavailable', seats: ['A1'] })
    expect((await block(['B1', 'B2'])).body).toEqual({ blocked: ['B1', 'B2'] })
    expect((await block(['B3'])).body).toEqual({ blocked: ['B1', 'B2', 'B3'] })
    expect((await hold({ seats: ['B1'] })).status).toBe(409)
    expect((await map()).counts.blocked).toBe(3)
    const freed = await test.call(
      holds.unblockSeats,
      { params: { id: showtimeId }, body: { seats: ['B1', 'A1'] } },
      admin,
    )
    expect(freed.body).toEqual({ blocked: ['B2', 'B3'] })
    expect((await hold({ seats: ['B1'] })).status).toBe(201)
    expect((await test.call(holds.blockSeats, { params: { id: showtimeId }, body: { seats: ['C1'] } })).status).toBe(
      401,
    )
  })

  it('shows the same bytes to everybody, with a tag that changes when the seats do', async () => {
    const { test, hold, showtimeId } = await stage(engine)
    const url = `/api/v1/showtimes/${showtimeId}/seats`
    const first = await test.inject({ url })
    const etag = String(first.headers['etag'])
    expect((await test.inject({ url, headers: { 'if-none-match': etag } })).statusCode).toBe(304)
    await hold({ seats: ['A1'] })
    const second = await test.inject({ url, headers: { 'if-none-match': etag } })
    expect(second.statusCode).toBe(200)
    expect(second.json().version).toBeGreaterThan(first.json().version)
    test.clock.advance(300_000)
    const third = await test.inject({ url, headers: { 'if-none-match': String(second.headers['etag']) } })
    expect(third.statusCode).toBe(200)
    expect(third.json().counts.available).toBe(40)
  })
})
