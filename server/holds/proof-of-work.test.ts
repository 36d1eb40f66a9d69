import fc from 'fast-check'
import { describe, expect, it, test as plainTest } from 'vitest'
import { cancelBooking, createBooking } from '../../contract/bookings.ts'
import * as holds from '../../contract/holds.ts'
import { readMetrics } from '../../contract/platform.ts'
import { bookSeats, buySeats, guestCustomer, holdSeats, payBooking } from '../testing/buying.ts'
import type { Engine } from '../database/database.ts'
import { onBothEngines, startApp, startAppOn } from '../testing/harness.ts'
import type { As } from '../testing/harness.ts'
import { makeShowtime } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'
import { challengeOf, solveChallenge } from '../testing/solving.ts'
import { bitsAt, leadingZeroBits } from './proof-of-work.ts'

// A hall of forty counts as one of 200, of which twenty are a tenth. Twelve bits are solved in some milliseconds.
const environment = {
  RATE_LIMIT: 'on',
  MAX_HOLDS_PER_CLIENT: '0',
  PROOF_OF_WORK_PERCENT: '10',
  PROOF_OF_WORK_BITS: '12',
}

const row = (label: string) => Array.from({ length: 8 }, (_seat, index) => `${label}${index + 1}`)

/** A hall of forty seats, of which sixteen are held: four more make it half. */
async function stage(engine: Engine, more: Record<string, string> = {}) {
  const test = await startApp(engine, { environment: { ...environment, ...more } })
  const made = await makeShowtime(test)
  const hold = (seats: readonly string[], as: As = {}, showtimeId = made.showtimeId) =>
    test.call(holds.placeHold, { params: { id: showtimeId }, body: { seats } }, as)
  await hold(row('A'))
  await hold(row('B'))
  return { test, hold, ...made }
}

/** Half of the hall is held, and a second has gone by. */
async function attack(engine: Engine, more: Record<string, string> = {}) {
  const scene = await stage(engine, more)
  await scene.hold(['C1', 'C2', 'C3', 'C4'])
  scene.test.clock.advance(1000)
  const refused = () => scene.hold(['D1'])
  const proof = async () => solveChallenge(challengeOf(await refused()))
  return { ...scene, refused, proof }
}

const withProof = (proof: string, more: Record<string, string> = {}): As => ({
  headers: { 'x-proof-of-work': proof, ...more },
})

onBothEngines('a showtime of which much is held and not paid', (engine) => {
  it('asks for no work below the house’s measure, and from there on for the solution of a challenge', async () => {
    const { test, hold } = await stage(engine)
    test.clock.advance(1000)
    expect((await hold(['C1', 'C2', 'C3', 'C4'])).status).toBe(201)
    test.clock.advance(1000)
    const refused = await hold(['D1'])
    expect(refused.problem).toMatchObject({ status: 403, code: 'pow_required' })
    const challenge = challengeOf(refused)
    expect(challenge.bits).toBe(12)
    expect(Date.parse(challenge.expiresAt)).toBe(test.clock.now() + 120_000)
    expect((await hold(['D1'], withProof(solveChallenge(challenge)))).status).toBe(201)
    const { raw } = await test.call(readMetrics)
    expect(raw.body).toContain('matinee_proofs_of_work_total{outcome="asked"} 1')
    expect(raw.body).toContain('matinee_proofs_of_work_total{outcome="solved"} 1')
  })

  it('counts what lapsed for a quarter of an hour, and nothing that was paid or given back', async () => {
    const { test, hold, showtimeId, refused } = await attack(engine)
    test.clock.advance(300_000)
    expect((await refused()).status).toBe(403)
    test.clock.advance(600_000)
    expect((await refused()).status).toBe(201)
    for (const label of ['A', 'B', 'C']) await buySeats(test, showtimeId, row(label))
    test.clock.advance(300_000)
    expect((await hold(['D2'])).status).toBe(201)
  })

  it('counts bookings that wait for their money, and those that waited in vain', async () => {
    const { test, showtimeId, hold } = await stage(engine)
    await bookSeats(test, showtimeId, ['C1', 'C2', 'C3', 'C4'])
    test.clock.advance(1000)
    expect((await hold(['D1'])).status).toBe(403)
    test.clock.advance(605_000)
    await Promise.all(test.app.jobs.map((job) => job.run()))
    expect((await hold(['D1'])).status).toBe(403)
  })

  it('counts seats that are given back and taken again for as long as they were kept', async () => {
    const test = await startApp(engine, { environment })
    const { showtimeId } = await makeShowtime(test)
    const keep = async (label: string, keptMs: number) => {
      const hold = await holdSeats(test, showtimeId, row(label))
      test.clock.advance(keptMs)
      await test.call(holds.releaseHold, { params: { id: hold.id } }, { accessToken: hold.token })
    }
    // Whoever only looks presses nobody.
    for (let times = 0; times < 6; times += 1) await keep('A', 10_000)
    const hold = async (seat: string) =>
      await test.call(holds.placeHold, { params: { id: showtimeId }, body: { seats: [seat] } })
    expect((await hold('E1')).status).toBe(201)
    await keep('A', 290_000)
    const { id, accessToken } = await bookSeats(test, showtimeId, row('A'))
    test.clock.advance(290_000)
    expect((await hold('E2')).status).toBe(201)
    await test.call(cancelBooking, { params: { id }, body: {} }, { accessToken })
    await holdSeats(test, showtimeId, row('B').slice(0, 5))
    test.clock.advance(1000)
    expect((await hold('E3')).problem.code).toBe('pow_required')
  })

  it('counts seats that are extended, booked and waited with, for as long as that lasts', async () => {
    const test = await startApp(engine, { environment })
    const { showtimeId } = await makeShowtime(test)
    const [held] = [await holdSeats(test, showtimeId, row('A')), await holdSeats(test, showtimeId, row('B'))]
    const as = { accessToken: held.token }
    await test.call(holds.extendHold, { params: { id: held.id } }, as)
    test.clock.advance(599_000)
    const { body: booking } = await test.call(createBooking, { body: { holdId: held.id, customer: guestCustomer } }, as)
    test.clock.advance(401_000)
    const hold = async () => await test.call(holds.placeHold, { params: { id: showtimeId }, body: { seats: ['E1'] } })
    expect((await hold()).problem.code).toBe('pow_required')
    await payBooking(test, booking)
    test.clock.advance(1000)
    expect((await hold()).status).toBe(201)
  })

  it('takes a solution once; the same act by its key gets its answer again, solution or not', async () => {
    const { hold, proof } = await attack(engine)
    const solved = await proof()
    const keyed = { 'idempotency-key': 'one' }
    const first = await hold(['D1'], withProof(solved, keyed))
    expect(first.status).toBe(201)
    expect((await hold(['D2'], withProof(solved))).status).toBe(403)
    expect((await hold(['D2'], withProof(solved, { 'idempotency-key': 'two' }))).status).toBe(403)
    for (const as of [withProof(solved, keyed), { headers: keyed }]) {
      const again = await hold(['D1'], as)
      expect(again.headers['idempotency-replayed']).toBe('true')
      expect(again.body.id).toBe(first.body.id)
    }
  })

  it('keeps a solution spent when its key comes again with another wish', async () => {
    const { hold, proof } = await attack(engine)
    const solved = await proof()
    const keyed = { 'idempotency-key': 'one' }
    expect((await hold(['D1'], withProof(solved, keyed))).status).toBe(201)
    expect((await hold(['D2'], withProof(solved, keyed))).problem.code).toBe('idempotency_key_reused')
    expect((await hold(['D3'], withProof(solved))).problem.code).toBe('pow_required')
  })

  it('takes a solution once of many that come at the same time', async () => {
    const { hold, proof } = await attack(engine)
    const solved = await proof()
    const answers = await Promise.all(row('D').map((seat) => hold([seat], withProof(solved))))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 403)).toHaveLength(7)
  })

  it('leaves the solution to whoever got no seats for it', async () => {
    const { hold, proof } = await attack(engine)
    const solved = await proof()
    expect((await hold(['A1'], withProof(solved))).problem.code).toBe('seats_unavailable')
    expect((await hold(['D1'], withProof(solved))).status).toBe(201)
  })

  it('takes no solution of another showtime, another caller, another time, and none that is made up', async () => {
    const { test, hold, proof } = await attack(engine)
    const solved = await proof()
    const other = await makeShowtime(test)
    for (const label of ['A', 'B', 'C']) await holdSeats(test, other.showtimeId, row(label))
    test.clock.advance(1000)
    expect((await hold(['D1'], withProof(solved), other.showtimeId)).status).toBe(403)
    const ada = await signIn(test)
    expect((await hold(['D1'], { ...ada, ...withProof(solved) })).status).toBe(403)
    const [expiresAt = '', , nonce = '', signature = ''] = solved.split('.')
    for (const forged of [
      '',
      'x'.repeat(99),
      `${expiresAt}.1.${nonce}.${signature}.1`,
      `${expiresAt}z.12.${nonce}.${signature}.1`,
      `${expiresAt}.12.${nonce}.${'A'.repeat(22)}.1`,
      `${expiresAt}.12.${'A'.repeat(8)}.${signature}.1`,
    ]) {
      expect((await hold(['D1'], withProof(forged))).status, forged).toBe(403)
    }
    test.clock.advance(119_000)
    expect((await hold(['D1'], withProof(solved))).status).toBe(403)
  })

  it('asks for it in one step, too, but not for the booking of a hold, nor at the counter', async () => {
    const { test, hold, showtimeId, proof } = await attack(engine)
    const atOnce = { showtimeId, seats: ['D1'], customer: guestCustomer }
    expect((await test.call(createBooking, { body: atOnce })).problem.code).toBe('pow_required')
    expect((await test.call(createBooking, { body: atOnce }, withProof(await proof()))).status).toBe(201)
    const { body: held } = await hold(['D2'], withProof(await proof()))
    const booked = await test.call(
      createBooking,
      { body: { holdId: held.id, customer: guestCustomer } },
      { accessToken: held.token },
    )
    expect(booked.status).toBe(201)
    expect((await hold(['D3'], await signIn(test, 'admin'))).status).toBe(201)
  })

  it('asks for more work the more is taken and not paid', async () => {
    const { hold, refused, proof, test } = await attack(engine)
    for (const seats of [row('D'), row('E'), ['C5', 'C6', 'C7', 'C8']]) await hold(seats, withProof(await proof()))
    test.clock.advance(1000)
    expect(challengeOf(await refused()).bits).toBe(13)
  })

  it('is seen by every server', async () => {
    const { test, showtimeId } = await attack(engine === 'sqlite' ? 'postgres' : engine)
    const second = await startAppOn(test.location, { environment, clock: test.clock })
    const body = { seats: ['D1'] }
    const refused = await second.call(holds.placeHold, { params: { id: showtimeId }, body })
    const solved = solveChallenge(challengeOf(refused))
    expect((await test.call(holds.placeHold, { params: { id: showtimeId }, body }, withProof(solved))).status).toBe(201)
  })

  it('asks nobody, unless the house wants it so, while a hall is held whole for the first time', async () => {
    const { hold, refused } = await attack(engine, { PROOF_OF_WORK_PERCENT: '150' })
    for (const seats of [['C5', 'C6', 'C7', 'C8'], row('D'), row('E')]) expect((await hold(seats)).status).toBe(201)
    expect((await refused()).problem.code).toBe('seats_unavailable')
  })

  it('takes nobody for an attacker where a small hall is taken several times over', async () => {
    const { test, hold, refused } = await attack(engine, { PROOF_OF_WORK_PERCENT: '150' })
    for (const label of ['D', 'E']) await hold(row(label))
    for (let taken = 0; taken < 2; taken += 1) {
      test.clock.advance(301_000)
      for (const label of ['A', 'B', 'C', 'D', 'E']) expect((await hold(row(label))).status).toBe(201)
    }
    expect((await refused()).problem.code).toBe('seats_unavailable')
  })

  it('asks nobody where the house has turned it off, or all limits', async () => {
    for (const [name, value] of [
      ['PROOF_OF_WORK_PERCENT', '0'],
      ['RATE_LIMIT', 'off'],
    ] as const) {
      const { refused } = await attack(engine, { [name]: value })
      expect((await refused()).status).toBe(201)
    }
  })
})

describe('the work', () => {
  plainTest('grows with what is unpaid, never beyond sixteen times the first', () => {
    const settings = { percent: 50, bits: 16 }
    expect([0, 0.49, 0.5, 0.99, 1, 1.5, 2.5, 100].map((share) => bitsAt(share, settings))).toEqual([
      0, 0, 16, 16, 17, 18, 20, 20,
    ])
    fc.assert(
      fc.property(
        fc.float({ min: 0, max: 10, noNaN: true }),
        fc.float({ min: 0, max: 1, noNaN: true }),
        (share, more) => {
          expect(bitsAt(share + more, settings)).toBeGreaterThanOrEqual(bitsAt(share, settings))
        },
      ),
    )
  })

  plainTest('is counted in zero bits at the beginning of the hash', () => {
    expect(leadingZeroBits(Uint8Array.of(0x80))).toBe(0)
    expect(leadingZeroBits(Uint8Array.of(0x01))).toBe(7)
    expect(leadingZeroBits(Uint8Array.of(0, 0x10))).toBe(11)
    expect(leadingZeroBits(Uint8Array.of(0, 0))).toBe(16)
  })
})
