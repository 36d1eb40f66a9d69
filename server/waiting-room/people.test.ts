import { expect, it } from 'vitest'
import { deleteMe, exportMe } from '../../contract/accounts.ts'
import * as contract from '../../contract/waiting-room.ts'
import { retentions, pruneOld } from '../cli/retention.ts'
import type { Engine } from '../database/database.ts'
import { must } from '../platform/assert.ts'
import { holdSeats } from '../testing/buying.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import { makeShowtime } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'

const dayMs = 24 * 3600 * 1000

async function stage(engine: Engine) {
  const test = await startApp(engine)
  const { showtimeId } = await makeShowtime(test)
  const [admin, ada] = [await signIn(test, 'admin'), await signIn(test)]
  const params = { id: showtimeId }
  await test.call(contract.setWaitingRoom, { params, body: { opensAt: '2026-11-21T12:10Z' } }, admin)
  const { body: entry } = await test.call(contract.joinWaitingRoom, { params }, ada)
  return { test, showtimeId, params, admin, ada, entry }
}

onBothEngines('a place in a waiting room', (engine) => {
  it('is exported with the rest, as are the seats that somebody holds', async () => {
    const { test, showtimeId, admin, ada, entry } = await stage(engine)
    const open = await makeShowtime(test)
    const hold = await holdSeats(test, open.showtimeId, ['A1', 'A2'], ada)
    const exported = (await test.call(exportMe, {}, ada)).body
    expect(exported).toMatchObject({
      waitingRooms: [{ id: entry.id, showtimeId, address: '127.0.0.1', place: null, joinedAt: entry.joinedAt }],
      holds: [{ id: hold.id, showtimeId: open.showtimeId, seats: ['A1', 'A2'], address: '127.0.0.1' }],
    })
    const other = (await test.call(exportMe, {}, admin)).body
    expect(other).toMatchObject({ waitingRooms: [], holds: [] })
  })

  it('becomes nobody’s when the account goes, and the draw can still be checked', async () => {
    const { test, params, admin, ada, entry } = await stage(engine)
    await test.call(contract.joinWaitingRoom, { params }, admin)
    await test.call(deleteMe, {}, ada)
    const rows = JSON.stringify(await test.database.read.selectFrom('waitingEntries').selectAll().execute())
    expect(rows).not.toContain(ada.userId)
    expect(rows).toContain(admin.userId)
    test.clock.advance(10 * 60_000)
    await Promise.all(test.app.jobs.filter(({ name }) => name === 'waiting rooms').map((job) => job.run()))
    const { body: draw } = await test.call(contract.readWaitingDraw, { params })
    expect(draw.entries).toHaveLength(2)
    expect(draw.entries).toContain(entry.id)
  })

  it('is kept for thirty days after the room has opened, however long before somebody joined', async () => {
    const { test, ada, admin } = await stage(engine)
    const retention = must(
      retentions.find(({ table }) => table === 'waiting_entries'),
      'Places are pruned',
    )
    const later = new Date(test.clock.now() + 40 * dayMs).toISOString()
    const far = await makeShowtime(test, { startsInMs: 60 * dayMs })
    await test.call(contract.setWaitingRoom, { params: { id: far.showtimeId }, body: { opensAt: later } }, admin)
    await test.call(contract.joinWaitingRoom, { params: { id: far.showtimeId } }, ada)
    test.clock.advance(31 * dayMs)
    expect(await pruneOld(test.database, retention, test.clock.now())).toBe(1)
    const left = await test.database.read.selectFrom('waitingEntries').select('showtimeId').execute()
    expect(left).toEqual([{ showtimeId: far.showtimeId }])
  })
})
