import { expect, it } from 'vitest'
import * as contract from '../../contract/waiting-room.ts'
import { crowd } from '../testing/crowd.ts'
import { onBothEngines, startApp, startAppOn } from '../testing/harness.ts'
import { makeShowtime } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'

onBothEngines('two servers with one waiting room', (engine) => {
  it('draw once and admit no more than may be in at once, each person in their turn', async () => {
    const first = await startApp(engine)
    const second = engine === 'postgres' ? await startAppOn(first.location, { clock: first.clock }) : first
    const { showtimeId } = await makeShowtime(first)
    const params = { id: showtimeId }
    const body = { opensAt: '2026-11-21T12:10Z', admitPerMinute: 1000, admittedAtOnce: 7, admissionSeconds: 60 }
    await first.call(contract.setWaitingRoom, { params, body }, await signIn(first, 'admin'))
    const servers = [first, second]
    const serverOf = (index: number) => servers[index % 2] ?? first
    await crowd(30, (index) => serverOf(index).call(contract.joinWaitingRoom, { params }))
    first.clock.advance(600_000)
    // Late-comers, draws and admissions, all at once.
    const late = crowd(8, (index) => serverOf(index).call(contract.joinWaitingRoom, { params }))
    const jobs = servers.flatMap(({ app }) => app.jobs.filter(({ name }) => name === 'waiting rooms'))
    const goRound = async () => await Promise.all(Array.from({ length: 4 }, () => jobs.map((job) => job.run())).flat())
    await Promise.all([late, goRound()])
    const { read } = first.database
    const all = () => read.selectFrom('waitingEntries').selectAll().orderBy('place').execute()
    const places = Array.from({ length: 38 }, (_entry, index) => index + 1)
    expect((await all()).map(({ place }) => place)).toEqual(places)
    expect((await all()).filter(({ drawnPlace }) => drawnPlace !== null)).toHaveLength(30)
    for (let round = 1; round <= 6; round += 1) {
      const entries = await all()
      const inside = entries.filter(({ admissionEndsAt }) => (admissionEndsAt ?? 0) > first.clock.now())
      const admitted = Math.min(7 * round, 38)
      expect(inside).toHaveLength(admitted - 7 * (round - 1))
      expect(entries.filter(({ admittedAt }) => admittedAt !== null).map(({ place }) => place)).toEqual(
        places.slice(0, admitted),
      )
      first.clock.advance(60_000)
      await goRound()
    }
  })
})
