import { expect, it } from 'vitest'
import { setLayout } from '../../contract/auditoriums.ts'
import { readSeatMap } from '../../contract/holds.ts'
import { bookSeats, holdSeats } from '../testing/buying.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import { makeShowtime, plainLayout } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'
import { outOfOrderRef } from './claims.ts'

onBothEngines('a new layout', (engine) => {
  it('is taken up by showtimes that nobody has booked, and touches nothing that is sold or held', async () => {
    const test = await startApp(engine)
    const admin = await signIn(test, 'admin')
    const [unsold, held, booked] = [await makeShowtime(test), await makeShowtime(test), await makeShowtime(test)]
    await holdSeats(test, held.showtimeId, ['E8'])
    await bookSeats(test, booked.showtimeId, ['E8'])
    const seatsOf = async (showtimeId: string) => {
      const { body } = await test.call(readSeatMap, { params: { id: showtimeId } })
      return { version: body.version, seats: 'seats' in body ? body.seats?.length : undefined }
    }
    const before = await seatsOf(unsold.showtimeId)
    for (const { auditoriumId } of [unsold, held, booked]) {
      await test.call(setLayout, { params: { id: auditoriumId }, body: plainLayout(2, 3) }, admin)
    }
    const after = await seatsOf(unsold.showtimeId)
    expect(after.seats).toBe(6)
    expect(after.version).toBeGreaterThan(before.version)
    for (const { showtimeId } of [held, booked]) expect((await seatsOf(showtimeId)).seats).toBe(40)
    await bookSeats(test, unsold.showtimeId, ['B3'])
    await bookSeats(test, booked.showtimeId, ['E7'])
  })

  it('is drawn as it says: bowed, and rows half a place aside', async () => {
    const test = await startApp(engine)
    const admin = await signIn(test, 'admin')
    const { auditoriumId, showtimeId } = await makeShowtime(test)
    const read = async () => (await test.call(readSeatMap, { params: { id: showtimeId } })).body
    expect(await read()).not.toHaveProperty('curve')
    const seats = [{ number: '1' }, { number: '2' }]
    const body = {
      curve: 12,
      rows: [
        { label: 'A', seats },
        { label: 'B', stagger: true, seats },
      ],
    }
    await test.call(setLayout, { params: { id: auditoriumId }, body }, admin)
    const drawn = await read()
    expect(drawn.curve).toBe(12)
    expect(drawn.seats?.map(({ id, stagger }) => [id, stagger])).toEqual([
      ['A1', undefined],
      ['A2', undefined],
      ['B1', true],
      ['B2', true],
    ])
  })

  it('keeps house seats that it still has, and waits where one of its categories has no price', async () => {
    const test = await startApp(engine)
    const admin = await signIn(test, 'admin')
    const { auditoriumId, showtimeId } = await makeShowtime(test)
    await test.database.write(async (tx) => {
      const block = { showtimeId, kind: 'block', expiresAt: null, places: 1 } as const
      await tx.query
        .insertInto('seatClaims')
        .values([
          { ...block, seatId: 'A1', ref: 'block' },
          { ...block, seatId: 'E8', ref: 'block' },
          { ...block, seatId: 'A2', ref: outOfOrderRef },
        ])
        .execute()
      const seat = { auditoriumId, seatId: 'A3', reason: 'Broken', untilAt: null, createdBy: null, createdAt: tx.nowMs }
      await tx.query.insertInto('outOfOrderSeats').values(seat).execute()
    })
    const put = async (category: string) => {
      const rows = plainLayout(2, 3)
      const body = 'rows' in rows && {
        rows: rows.rows.map((row) => ({ ...row, seats: row.seats.map((seat) => ({ ...seat, category })) })),
      }
      await test.call(setLayout, { params: { id: auditoriumId }, body }, admin)
      const claims = await test.database.read
        .selectFrom('seatClaims')
        .select(['seatId', 'ref'])
        .orderBy('seatId')
        .execute()
      const showtime = await test.database.read
        .selectFrom('showtimes')
        .select('layoutVersion')
        .executeTakeFirstOrThrow()
      return { claims: claims.map(({ seatId, ref }) => `${seatId} ${ref}`), ...showtime }
    }
    expect((await put('velvet')).layoutVersion).toBe(1)
    expect(await put('standard')).toEqual({ claims: ['A1 block', `A3 ${outOfOrderRef}`], layoutVersion: 3 })
  })
})
