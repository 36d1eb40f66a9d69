import { createHash, createHmac } from 'node:crypto'
import { expect, it } from 'vitest'
import { createBooking, exchangeBooking } from '../../contract/bookings.ts'
import { placeHold } from '../../contract/holds.ts'
import { getShowtime } from '../../contract/showtimes.ts'
import * as contract from '../../contract/waiting-room.ts'
import type { Engine } from '../database/database.ts'
import { buySeats, guestCustomer } from '../testing/buying.ts'
import { onBothEngines, startApp, startAppOn } from '../testing/harness.ts'
import type { As, TestAnswer, TestApp } from '../testing/harness.ts'
import { laterShowtime, makeShowtime } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'

const minuteMs = 60_000
const inTenMinutes = '2026-11-21T12:10Z'

/** A showtime whose waiting room opens in ten minutes, three at once, a minute and a half each. */
async function stage(engine: Engine, pace: object = {}) {
  const test = await startApp(engine, { environment: { MAX_HOLDS_PER_CLIENT: '0' } })
  const made = await makeShowtime(test)
  const admin = await signIn(test, 'admin')
  const params = { id: made.showtimeId }
  const set = (body: object) => test.call(contract.setWaitingRoom, { params, body }, admin)
  const usual = { opensAt: inTenMinutes, admitPerMinute: 100, admittedAtOnce: 3, admissionSeconds: 90, ...pace }
  const room = (await set(usual)).body
  const look = async (as: As = {}) => (await test.call(contract.readWaitingRoom, { params }, as)).body
  const hold = (seat: string, as: As = {}) => test.call(placeHold, { params, body: { seats: [seat] } }, as)
  const round = () => goRound(test)
  return { test, ...made, admin, params, set, room, look, hold, round, join: joinOf(test, params) }
}

async function goRound(test: TestApp): Promise<void> {
  await Promise.all(test.app.jobs.filter(({ name }) => name === 'waiting rooms').map((job) => job.run()))
}

/** Somebody new joins: answers how to be that browser from then on. */
function joinOf(test: TestApp, params: { readonly id: string }) {
  return async (as: As = {}) => {
    const answer = await test.call(contract.joinWaitingRoom, { params }, as)
    const cookie = String(answer.headers['set-cookie'] ?? '').split(';')[0] ?? ''
    return { entry: answer.body, as: cookie === '' ? as : { headers: { cookie } } }
  }
}

function admissionOf({ entry }: TestAnswer<{ entry: contract.WaitingEntry | null }>['body'], as: As): As {
  return { ...as, headers: { ...as.headers, 'x-admission': entry?.admission?.token ?? '' } }
}

onBothEngines('a waiting room', (engine) => {
  it('lets nobody hold seats who was not admitted, in one step neither, but the counter', async () => {
    const { test, showtimeId, hold, params, admin, look } = await stage(engine)
    expect((await test.call(getShowtime, { params })).body.waitingRoom).toBe(true)
    expect((await hold('A1')).problem).toMatchObject({ status: 409, code: 'admission_required' })
    const atOnce = { showtimeId, seats: ['A1'], customer: guestCustomer }
    expect((await test.call(createBooking, { body: atOnce })).problem.code).toBe('admission_required')
    expect((await hold('A1', admin)).status).toBe(201)
    await test.call(contract.endWaitingRoom, { params }, admin)
    expect(await look()).toEqual({ showtimeId, room: null, entry: null })
    expect((await hold('A2')).status).toBe(201)
    expect((await test.call(getShowtime, { params })).body.waitingRoom).toBeUndefined()
  })

  it('is in force from the moment it is set, whatever a server knew of the showtime before', async () => {
    const { test, admin, params, hold, set } = await stage(engine)
    await test.call(contract.endWaitingRoom, { params }, admin)
    expect((await hold('A1')).status).toBe(201)
    await set({ opensAt: inTenMinutes })
    expect((await hold('A2')).problem.code).toBe('admission_required')
  })

  it('draws at the opening an order that anybody can check, by a seed whose hash was told before', async () => {
    const { test, params, room, look, join, round } = await stage(engine)
    const people = []
    for (let person = 0; person < 8; person += 1) people.push(await join())
    expect((await look()).room).toMatchObject({ seed: null, drawnAt: null, waiting: 8, seedHash: room.seedHash })
    expect((await test.call(contract.readWaitingDraw, { params })).body).toMatchObject({ seed: null, entries: [] })
    test.clock.advance(10 * minuteMs)
    await round()
    const late = await join()
    expect(late.entry).toMatchObject({ status: 'waiting', ahead: 5 })
    const { body: draw } = await test.call(contract.readWaitingDraw, { params })
    const seed = Buffer.from(draw.seed ?? '', 'hex')
    expect(createHash('sha256').update(seed).digest('hex')).toBe(room.seedHash)
    const lot = (id: string) => createHmac('sha256', seed).update(id).digest('hex')
    const ids = people.map(({ entry }) => entry.id)
    expect(draw.entries).toEqual(ids.toSorted((one, other) => (lot(one) < lot(other) ? -1 : 1)))
    for (const { entry, as } of people) {
      const place = draw.entries.indexOf(entry.id)
      const found = (await look(as)).entry
      expect(found).toMatchObject(place < 3 ? { status: 'admitted' } : { status: 'waiting', ahead: place - 3 })
    }
  })

  it('admits whose turn it is, for as long as it says; then they queue again behind all others', async () => {
    const { test, look, hold, join, round } = await stage(engine, { admittedAtOnce: 1 })
    const [one, two] = [await join(), await join()]
    test.clock.advance(10 * minuteMs)
    await round()
    const isFirst = (await look(one.as)).entry?.status === 'admitted'
    const [first, second] = isFirst ? [one, two] : [two, one]
    const admitted = admissionOf(await look(first.as), first.as)
    expect((await hold('A1', admitted)).status).toBe(201)
    // Somebody else's admission is worth nothing, and neither is one that is made up.
    expect(
      (await hold('A2', { headers: { ...second.as.headers, 'x-admission': admitted.headers?.['x-admission'] ?? '' } }))
        .status,
    ).toBe(409)
    expect(
      (await hold('A2', { headers: { ...first.as.headers, 'x-admission': `zzzzzzzzz.${'A'.repeat(43)}` } })).status,
    ).toBe(409)
    expect((await look(second.as)).entry).toMatchObject({ status: 'waiting', ahead: 0, admission: null })
    test.clock.advance(90_000)
    await round()
    expect((await hold('A2', admitted)).problem.code).toBe('admission_required')
    expect((await look(first.as)).entry?.status).toBe('ended')
    expect((await look(second.as)).entry?.status).toBe('admitted')
    expect((await join(first.as)).entry).toMatchObject({ id: first.entry.id, status: 'waiting', ahead: 0 })
  })

  it('lets a booking be exchanged into its showtime by whoever was admitted, and by nobody else', async () => {
    const { test, look, join, round, params, ...made } = await stage(engine)
    const to = params.id
    const from = await laterShowtime(test, made, 1250)
    const booking = await buySeats(test, from, ['A1'])
    const { as } = await join()
    test.clock.advance(10 * minuteMs)
    await round()
    const exchange = async (more: As = {}, body: object = {}) =>
      await test.call(
        exchangeBooking,
        { params: { id: booking.id }, body: { showtimeId: to, seats: ['B1'], ...body } },
        { accessToken: booking.accessToken, ...more },
      )
    const admitted = admissionOf(await look(as), as)
    expect((await exchange()).problem.code).toBe('admission_required')
    expect((await exchange({}, { dryRun: true })).problem.code).toBe('admission_required')
    // The booking's own key and somebody else's admission.
    expect((await exchange({ headers: { 'x-admission': admitted.headers?.['x-admission'] ?? '' } })).status).toBe(409)
    const exchanged = await exchange(admitted)
    expect(exchanged.body.showtimeId).toBe(to)
  })

  it('tells a hold that was placed again by its key, although the admission has ended', async () => {
    const { test, look, hold, join, round } = await stage(engine)
    const { as } = await join()
    test.clock.advance(10 * minuteMs)
    await round()
    const admitted = admissionOf(await look(as), as)
    const keyed = { headers: { ...admitted.headers, 'idempotency-key': 'one' } }
    const first = await hold('A1', keyed)
    test.clock.advance(120_000)
    const again = await hold('A1', keyed)
    expect(again.headers['idempotency-replayed']).toBe('true')
    expect(again.body.id).toBe(first.body.id)
  })

  it('admits no more in a minute than it says', async () => {
    const { test, look, join, round } = await stage(engine, { admittedAtOnce: 100, admitPerMinute: 2 })
    for (let person = 0; person < 5; person += 1) await join()
    test.clock.advance(10 * minuteMs)
    const waiting = async () => {
      await round()
      return (await look()).room?.waiting
    }
    expect(await waiting()).toBe(3)
    test.clock.advance(59_000)
    expect(await waiting()).toBe(3)
    test.clock.advance(1000)
    expect(await waiting()).toBe(1)
  })

  it('knows everybody once: an account, a guest’s browser, and no more than forty guests of one address', async () => {
    const { test, look, join } = await stage(engine)
    const ada = await signIn(test)
    const { entry } = await join(ada)
    expect((await join(ada)).entry.id).toBe(entry.id)
    const guest = await join()
    expect((await join(guest.as)).entry.id).toBe(guest.entry.id)
    // Who signs in meanwhile is still the one who joined as a guest.
    const both = { ...(await signIn(test)), ...guest.as }
    expect((await look(both)).entry?.id).toBe(guest.entry.id)
    for (let person = 1; person < 40; person += 1) await join()
    const { showtimeId } = entry
    const refused = await test.call(contract.joinWaitingRoom, { params: { id: showtimeId } })
    expect(refused.problem).toMatchObject({ status: 429, code: 'rate_limited' })
    expect((await join(guest.as)).entry.id).toBe(guest.entry.id)
    expect((await look()).room?.waiting).toBe(41)
  })

  it('loses nothing when the server starts again, and opens by the clock though nobody was there', async () => {
    const { test, params, look, join } = await stage(engine)
    const { as, entry } = await join()
    const second = await startAppOn(test.location, { clock: test.clock })
    test.clock.advance(10 * minuteMs)
    // Somebody who comes before the round draws.
    expect((await joinOf(second, params)()).entry).toMatchObject({ status: 'waiting', ahead: 1 })
    await goRound(second)
    const seen = (await second.call(contract.readWaitingRoom, { params }, as)).body
    expect(seen.entry).toMatchObject({ id: entry.id, status: 'admitted' })
    expect(seen).toEqual(await look(as))
  })

  it('can change until it opens, and after that its pace alone', async () => {
    const { test, params, admin, set, join, round, look } = await stage(engine)
    expect((await set({ opensAt: '2026-11-21T11:00Z' })).problem.status).toBe(400)
    expect((await set({ opensAt: '2026-12-24T11:00Z' })).problem.status).toBe(400)
    expect((await set({ opensAt: 'soon' })).problem.status).toBe(400)
    const moved = await set({ opensAt: '2026-11-21T12:12Z' })
    expect(moved.body).toMatchObject({ opensAt: '2026-11-21T12:12:00Z', admittedAtOnce: 3, admissionSeconds: 90 })
    for (let person = 0; person < 5; person += 1) await join()
    test.clock.advance(12 * minuteMs)
    await round()
    expect((await set({ opensAt: '2026-11-21T12:14Z' })).problem.status).toBe(400)
    expect((await set({ opensAt: '2026-11-21T12:12Z', admittedAtOnce: 4 })).status).toBe(200)
    await round()
    expect((await look()).room?.waiting).toBe(1)
    const { body: joined } = await test.call(contract.joinWaitingRoom, { params })
    expect(joined.ahead).toBe(1)
    expect((await test.call(contract.setWaitingRoom, { params, body: {} }, admin)).status).toBe(400)
  })

  it('is not there where nobody has set one: joining is a 404, and seats are sold as ever', async () => {
    const { test } = await stage(engine)
    const { showtimeId } = await makeShowtime(test)
    const params = { id: showtimeId }
    expect((await test.call(contract.joinWaitingRoom, { params })).status).toBe(404)
    expect((await test.call(contract.readWaitingDraw, { params })).body).toEqual({
      seedHash: null,
      seed: null,
      drawnAt: null,
      entries: [],
    })
    expect((await buySeats(test, showtimeId, ['A1'])).status).toBe('confirmed')
  })
})
