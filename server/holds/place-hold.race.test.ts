import { expect, it } from 'vitest'
import * as contract from '../../contract/holds.ts'
import type { Engine } from '../database/database.ts'
import { holdSeats } from '../testing/buying.ts'
import { crowd, tally, beats, winners } from '../testing/crowd.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import type { As, TestApp } from '../testing/harness.ts'
import { makeShowtime, plainLayout } from '../testing/showtimes.ts'
import type { ShowtimeWish } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'

const holdMs = 300_000

async function stage(engine: Engine, wish: ShowtimeWish = {}) {
  const test = await startApp(engine, { environment: { MAX_HOLDS_PER_CLIENT: '0' } })
  const { showtimeId } = await makeShowtime(test, wish)
  const params = { id: showtimeId }
  return {
    test,
    showtimeId,
    hold: (body: object, as?: As) => test.call(contract.placeHold, { params, body }, as),
    counts: async () => (await test.call(contract.readSeatMap, { params })).body.counts,
    held: async () => {
      const { body } = await test.call(contract.readAvailability, { params })
      return 'held' in body ? body.held : []
    },
  }
}

/** A party's seats side by side, by chance but the same in every run. */
function parties(count: number, rows: number, seats: number): string[][] {
  let state = 42
  const chance = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return Math.floor((state / 2 ** 31) * below)
  }
  return Array.from({ length: count }, () => {
    const row = String.fromCodePoint(65 + chance(rows))
    const size = 1 + chance(5)
    const first = 1 + chance(seats - size + 1)
    return Array.from({ length: size }, (_seat, index) => `${row}${first + index}`)
  })
}

async function claimsOf(test: TestApp, showtimeId: string) {
  return await test.database.read.selectFrom('seatClaims').selectAll().where('showtimeId', '=', showtimeId).execute()
}

onBothEngines('seats that many want at once', (engine) => {
  it('two seats and 300 clients: one holds them, the others hear which seats are gone', async () => {
    const { test, showtimeId, hold } = await stage(engine)
    const answers = await crowd(300, (index) => hold({ seats: index % 2 ? ['C4', 'C5'] : ['C5', 'C4'] }))
    expect(tally(answers)).toEqual({ '201': 1, '409 seats_unavailable': 299 })
    for (const answer of answers) {
      if (answer.status === 409) expect(answer.problem['seats']).toEqual(['C4', 'C5'])
    }
    const claims = await claimsOf(test, showtimeId)
    expect(claims.map(({ seatId, ref }) => [seatId, ref])).toEqual([
      ['C4', winners(answers)[0]?.body.id],
      ['C5', winners(answers)[0]?.body.id],
    ])
  })

  it('overlapping parties: no seat is held twice, and nobody is refused for a seat that is free', async () => {
    const { hold, held } = await stage(engine, { layout: plainLayout(4, 12) })
    const wanted = parties(200, 4, 12)
    const answers = await crowd(wanted.length, (index) => hold({ seats: wanted[index] }))
    expect(Object.keys(tally(answers)).toSorted()).toEqual(['201', '409 seats_unavailable'])
    const given = winners(answers).flatMap(({ body }) => body.seats)
    expect(new Set(given).size).toBe(given.length)
    expect((await held()).toSorted()).toEqual(given.toSorted())
    for (const [index, answer] of answers.entries()) {
      if (answer.status !== 409) continue
      const gone = answer.problem['seats'] as string[]
      expect(gone.length).toBeGreaterThan(0)
      expect(gone.every((seat) => wanted[index]?.includes(seat) && given.includes(seat))).toBe(true)
    }
  })

  it('the best seats for 60 pairs in a hall of 40: twenty pairs sit, each somewhere else', async () => {
    const { hold } = await stage(engine)
    const answers = await crowd(60, () => hold({ best: { count: 2 } }))
    expect(tally(answers)).toEqual({ '201': 20, '409 sold_out': 40 })
    expect(new Set(winners(answers).flatMap(({ body }) => body.seats)).size).toBe(40)
  })

  it('general admission: 100 buyers for 30 places, 30 get one', async () => {
    const { hold, counts } = await stage(engine, { layout: { seating: 'general', capacity: 30 } })
    const answers = await crowd(100, () => hold({ count: 1 }))
    expect(tally(answers)).toEqual({ '201': 30, '409 sold_out': 70 })
    expect(await counts()).toMatchObject({ available: 0, held: 30 })
  })

  it('general admission in parties: never more than there is, and who is refused hears how many are left', async () => {
    const { hold, counts } = await stage(engine, { layout: { seating: 'general', capacity: 30 } })
    const sizes = parties(60, 1, 10).map((seats) => seats.length)
    const answers = await crowd(60, (index) => hold({ count: sizes[index] }))
    const sold = winners(answers).reduce((sum, { body }) => sum + body.count, 0)
    expect(sold).toBeLessThanOrEqual(30)
    expect(await counts()).toMatchObject({ available: 30 - sold, held: sold })
    for (const [index, answer] of answers.entries()) {
      if (answer.status === 409) expect(answer.problem['available']).toBeLessThan(sizes[index] ?? 0)
    }
  })

  it('one account may hold five things, also when it asks for thirty at once', async () => {
    const test = await startApp(engine)
    const { showtimeId } = await makeShowtime(test)
    const ada = await signIn(test)
    const hall = parties(30, 5, 8)
    const answers = await crowd(30, (index) =>
      test.call(
        contract.placeHold,
        { params: { id: showtimeId }, body: { seats: [`${hall[index]?.[0]?.[0]}${(index % 8) + 1}`] } },
        ada,
      ),
    )
    expect(tally(answers)['201']).toBe(5)
  })

  it('and also when it asks for them in thirty showtimes', async () => {
    const test = await startApp(engine)
    const made: { readonly showtimeId: string }[] = []
    for (let count = 0; count < 30; count += 1) made.push(await makeShowtime(test))
    const ada = await signIn(test)
    const answers = await crowd(30, (index) =>
      test.call(contract.placeHold, { params: { id: made[index]?.showtimeId }, body: { seats: ['A1'] } }, ada),
    )
    expect(tally(answers)).toEqual({ '201': 5, '429 too_many_holds': 25 })
  })
})

onBothEngines('seats that come free while others ask', (engine) => {
  it('a hold lapses under 30 who want its seats: from that moment one of them has them', async () => {
    const { test, hold, held } = await stage(engine)
    for (let delay = 0; delay < 8; delay += 1) {
      const first = await hold({ seats: ['A1', 'A2'] })
      test.clock.set(Date.parse(first.body.expiresAt) - 1)
      const asked = crowd(30, async (index) => {
        await beats(test, index % 10)
        return await hold({ seats: ['A2', 'A1'] })
      })
      await beats(test, delay)
      test.clock.advance(1)
      const counts = tally(await asked)
      expect(Object.keys(counts).every((name) => ['201', '409 seats_unavailable'].includes(name))).toBe(true)
      expect(counts['201'] ?? 0).toBeLessThanOrEqual(1)
      if (counts['201'] === undefined) expect((await hold({ seats: ['A1', 'A2'] })).status).toBe(201)
      expect(await held()).toEqual(['A1', 'A2'])
      const gone = await test.call(
        contract.readHold,
        { params: { id: first.body.id } },
        { accessToken: first.body.token },
      )
      expect(gone.problem.code).toBe('hold_expired')
      test.clock.advance(holdMs)
    }
  })

  it('a hold is given back while 30 want its seats: at most one gets them, and then nobody else', async () => {
    const { test, hold, held, counts } = await stage(engine)
    for (let delay = 0; delay < 6; delay += 1) {
      const first = (await hold({ seats: ['B1', 'B2'] })).body
      const release = async () => {
        await beats(test, delay)
        return await test.call(contract.releaseHold, { params: { id: first.id } }, { accessToken: first.token })
      }
      const [released, ...answers] = await Promise.all([
        release(),
        ...Array.from({ length: 30 }, () => hold({ seats: ['B1', 'B2'] })),
      ])
      expect(released.status).toBe(204)
      const { '201': won = 0, '409 seats_unavailable': lost = 0 } = tally(answers)
      expect([won + lost, won <= 1]).toEqual([30, true])
      expect(await held()).toEqual(won === 1 ? ['B1', 'B2'] : [])
      test.clock.advance(holdMs)
      expect((await counts()).available).toBe(40)
    }
  })

  it('a hold is extended as it lapses while others want its seats: either it goes on or one of them has them', async () => {
    const { test, hold, held } = await stage(engine)
    for (let delay = 0; delay < 8; delay += 1) {
      const first = (await hold({ seats: ['D1', 'D2'] })).body
      test.clock.set(Date.parse(first.expiresAt) - 1)
      const extend = async () => {
        await beats(test, delay % 3)
        return await test.call(contract.extendHold, { params: { id: first.id } }, { accessToken: first.token })
      }
      const asked = Promise.all([extend(), ...Array.from({ length: 10 }, () => hold({ seats: ['D1', 'D2'] }))])
      await beats(test, delay)
      test.clock.advance(1)
      const [extended, ...answers] = await asked
      tally([extended, ...answers])
      expect([200, 410]).toContain(extended.status)
      const taken = winners(answers).length
      expect(taken).toBeLessThanOrEqual(extended.status === 200 ? 0 : 1)
      expect(await held()).toEqual(extended.status === 200 || taken === 1 ? ['D1', 'D2'] : [])
      test.clock.advance(3 * holdMs)
    }
  })

  it('released twenty times at once, it is given back once', async () => {
    const { test, showtimeId, hold, held } = await stage(engine)
    const first = (await hold({ seats: ['E1'] })).body
    const answers = await crowd(20, () =>
      test.call(contract.releaseHold, { params: { id: first.id } }, { accessToken: first.token }),
    )
    expect(tally(answers)).toEqual({ '204': 20 })
    expect(await held()).toEqual([])
    const told = await test.database.read
      .selectFrom('seatChanges')
      .select('changed')
      .where('showtimeId', '=', showtimeId)
      .orderBy('version')
      .execute()
    expect(told.map(({ changed }) => JSON.parse(changed))).toEqual([
      [{ id: 'E1', status: 'held' }],
      [{ id: 'E1', status: 'available' }],
    ])
  })
})

onBothEngines('house seats and buyers', (engine) => {
  it('a block and 40 holds for the same seats: either the house or one buyer has them', async () => {
    const { test, showtimeId, hold, counts } = await stage(engine)
    const admin = await signIn(test, 'admin')
    for (const [round, row] of ['A', 'B', 'C', 'D', 'E'].entries()) {
      const seats = [`${row}1`, `${row}2`, `${row}3`]
      const block = async () => {
        await beats(test, round)
        return await test.call(contract.blockSeats, { params: { id: showtimeId }, body: { seats } }, admin)
      }
      const [blocked, ...answers] = await Promise.all([
        block(),
        ...Array.from({ length: 40 }, (_buyer, index) => hold({ seats: [`${row}${(index % 5) + 1}`] })),
      ])
      tally([blocked, ...answers])
      const sold = winners(answers).flatMap(({ body }) => body.seats)
      expect(new Set(sold).size).toBe(sold.length)
      expect(sold.some((seat) => seats.includes(seat))).toBe(blocked.status === 409)
    }
    const { available, held, blocked, booked } = await counts()
    expect(available + held + blocked + booked).toBe(40)
  })

  it('twenty of the house block and put back the same seats: the map and the claims agree', async () => {
    const { test, showtimeId, counts } = await stage(engine)
    const admin = await signIn(test, 'admin')
    const answers = await crowd(20, (index) =>
      test.call(
        index % 2 ? contract.blockSeats : contract.unblockSeats,
        { params: { id: showtimeId }, body: { seats: ['A1', 'A2'] } },
        admin,
      ),
    )
    expect(tally(answers)).toEqual({ '200': 20 })
    expect((await claimsOf(test, showtimeId)).length).toBe((await counts()).blocked)
  })
})

onBothEngines('holds', (engine) => {
  it('of one hall, some given back: what the map shows is what the ledger has', async () => {
    const { test, showtimeId, hold, counts } = await stage(engine)
    const first = await holdSeats(test, showtimeId, ['A1'])
    await crowd(40, async (index) => {
      if (index === 20)
        await test.call(contract.releaseHold, { params: { id: first.id } }, { accessToken: first.token })
      return await hold({ seats: [`${'ABCDE'[index % 5]}${(index % 8) + 1}`] })
    })
    expect((await counts()).held).toBe((await claimsOf(test, showtimeId)).length)
  })
})
