import { expect, it } from 'vitest'
import * as contract from '../../contract/showtimes.ts'
import { onBothEngines } from '../testing/harness.ts'
import { bookSeats, buySeats, holdSeats } from '../testing/buying.ts'
import type { TestApp } from '../testing/harness.ts'
import { stageHouse } from '../testing/houses.ts'
import { plainLayout } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'

const evening = '2026-12-24T19:30'

onBothEngines('changing a showtime', (engine) => {
  const patch = async (
    { test, owner }: { test: TestApp; owner: { readonly token: string } },
    id: string,
    body: object,
    headers = {},
  ) => await test.call(contract.updateShowtime, { params: { id }, body }, { token: owner.token, headers })

  it('takes the end and the close of sales along with the start', async () => {
    const scene = await stageHouse(engine)
    const made = await scene.make({ startsAt: evening })
    const changed = await patch(scene, made.body.id, { startsAt: '2026-12-25T20:00' })
    expect(changed.body).toMatchObject({
      startsAt: '2026-12-25T19:00:00Z',
      endsAt: '2026-12-25T21:00:00Z',
      salesCloseAt: '2026-12-25T19:15:00Z',
      businessDate: '2026-12-25',
    })
    const again = await scene.test.call(
      contract.replaceShowtime,
      { params: { id: made.body.id }, body: { format: 'IMAX', salesPaused: true, salesCloseAt: null } },
      scene.owner,
    )
    expect(again.body).toMatchObject({ format: 'imax', salesPaused: true, startsAt: '2026-12-25T19:00:00Z' })
  })

  it('never moves an end because the film was edited', async () => {
    const scene = await stageHouse(engine)
    const made = await scene.make({ startsAt: evening })
    await scene.test.database.write(async (tx) => {
      await tx.query.updateTable('movies').set({ runtimeMinutes: 200 }).where('id', '=', made.body.movieId).execute()
    })
    expect((await patch(scene, made.body.id, { language: 'de' })).body.endsAt).toBe(made.body.endsAt)
    expect((await patch(scene, made.body.id, { startsAt: '2026-12-24T20:30' })).body.endsAt).toBe(
      '2026-12-24T21:30:00Z',
    )
  })

  it('compares If-Match with the edit revision alone: a sale does not spoil an edit', async () => {
    const scene = await stageHouse(engine)
    const { id } = (await scene.make({ startsAt: evening })).body
    const read = await scene.test.call(contract.getShowtime, { params: { id } })
    const etag = String(read.headers['etag'])
    await holdSeats(scene.test, id, ['A1'])
    const after = await scene.test.call(
      contract.getShowtime,
      { params: { id } },
      { headers: { 'if-none-match': etag } },
    )
    expect(after.body.availableSeats).toBe(11)
    expect((await patch(scene, id, { language: 'de' }, { 'if-match': etag })).status).toBe(200)
    expect((await patch(scene, id, { language: 'fr' }, { 'if-match': etag })).problem.code).toBe('precondition_failed')
    const now = await scene.test.call(contract.getShowtime, { params: { id } })
    const same = await scene.test.call(
      contract.getShowtime,
      { params: { id } },
      { headers: { 'if-none-match': String(now.headers['etag']) } },
    )
    expect(same.status).toBe(304)
  })

  it('refuses to overlap, and stays as it was', async () => {
    const scene = await stageHouse(engine)
    const made = await scene.make({ startsAt: evening })
    const other = await scene.make({ startsAt: '2026-12-25T19:30' })
    const clash = await patch(scene, made.body.id, { startsAt: '2026-12-25T19:00', language: 'de' })
    expect(clash.problem).toMatchObject({ code: 'showtime_overlap', conflicts: [{ showtimeId: other.body.id }] })
    const read = await scene.test.call(contract.getShowtime, { params: { id: made.body.id } })
    expect(read.body).toEqual(made.body)
    expect((await patch(scene, made.body.id, { startsAt: '2026-12-24T19:40' })).status).toBe(200)
  })

  it('does not move what is sold unless its guests are told', async () => {
    const scene = await stageHouse(engine)
    const { id } = (await scene.make({ startsAt: evening })).body
    await bookSeats(scene.test, id, ['A1'])
    for (const body of [
      { startsAt: '2026-12-24T20:00' },
      { auditoriumId: scene.house.halls[1] },
      { status: 'draft' },
    ]) {
      expect((await patch(scene, id, body)).problem.code).toBe('showtime_has_bookings')
    }
    expect((await patch(scene, id, { visibility: 'unlisted', basePrice: { amount: 1, currency: 'EUR' } })).status).toBe(
      200,
    )
    const moved = await patch(scene, id, { startsAt: '2026-12-24T20:00', notifyCustomers: true })
    expect(moved.body.startsAt).toBe('2026-12-24T19:00:00Z')
    const told = await scene.test.database.read
      .selectFrom('outbox')
      .select('payload')
      .where('kind', '=', 'showtime_changed')
      .execute()
    expect(told.map((row) => JSON.parse(row.payload))).toMatchObject([{ showtimeId: id }])
    const row = await scene.test.database.read.selectFrom('showtimes').select('rescheduledAt').executeTakeFirstOrThrow()
    expect(row.rescheduledAt).toBe(scene.test.clock.now())
  })

  it('in another auditorium takes its seats; guests keep theirs where they are there too', async () => {
    const scene = await stageHouse(engine, { layouts: [plainLayout(3, 4), plainLayout(2, 3)] })
    const unsold = (await scene.make({ startsAt: evening })).body
    await holdSeats(scene.test, unsold.id, ['C4'])
    const moved = await patch(scene, unsold.id, { auditoriumId: scene.house.halls[1] })
    expect(moved.body).toMatchObject({ capacity: 6, availableSeats: 6, auditoriumId: scene.house.halls[1] })
    await holdSeats(scene.test, unsold.id, ['B3'])

    const sold = (await scene.make({ startsAt: evening })).body
    const tell = { auditoriumId: scene.house.halls[1], startsAt: '2026-12-26T19:30', notifyCustomers: true }
    await buySeats(scene.test, sold.id, ['B3'])
    expect((await patch(scene, sold.id, tell)).body).toMatchObject({ capacity: 6, availableSeats: 5 })
    const far = (await scene.make({ startsAt: evening })).body
    await buySeats(scene.test, far.id, ['C4'])
    expect((await patch(scene, far.id, { ...tell, startsAt: '2026-12-27T19:30' })).problem.code).toBe(
      'showtime_has_bookings',
    )
  })

  it('of another’s public showtime is forbidden, of a draft nobody hears', async () => {
    const scene = await stageHouse(engine)
    const shown = (await scene.make({ startsAt: evening })).body.id
    const draft = (await scene.make({ startsAt: '2026-12-26T19:30', status: 'draft' })).body.id
    const other = await signIn(scene.test, 'owner')
    const asOther = async (id: string) => (await patch({ ...scene, owner: other }, id, {})).problem.code
    expect(await asOther(shown)).toBe('forbidden')
    expect(await asOther(draft)).toBe('not_found')
    const del = await scene.test.call(contract.deleteShowtime, { params: { id: shown } }, other)
    expect(del.problem.code).toBe('forbidden')
  })
})

onBothEngines('deleting a showtime', (engine) => {
  it('is possible while nobody ever booked', async () => {
    const { test, owner, make } = await stageHouse(engine)
    const free = (await make({ startsAt: evening })).body.id
    const sold = (await make({ startsAt: '2026-12-26T19:30' })).body.id
    await buySeats(test, sold, ['A1'])
    expect((await test.call(contract.deleteShowtime, { params: { id: free } }, owner)).status).toBe(204)
    expect((await test.call(contract.getShowtime, { params: { id: free } })).problem.code).toBe('not_found')
    const kept = await test.call(contract.deleteShowtime, { params: { id: sold } }, owner)
    expect(kept.problem).toMatchObject({ status: 409, code: 'showtime_has_bookings' })
  })
})
