import { expect, it, vi } from 'vitest'
import type { Database } from '../database/database.ts'
import { enqueue } from '../database/outbox.ts'
import { createLog } from '../platform/log.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import { createOutboxWorker, releaseLeases } from './outbox-worker.ts'

onBothEngines('work after a commit', (engine) => {
  it('is worked by as many hands as there are, one after another by one', async () => {
    const { database, clock } = await startApp(engine)
    const workWith = async (hands: number) => {
      await database.write(async (tx) => {
        for (let row = 0; row < 6; row += 1) await enqueue(tx, 'test.far', {})
      })
      const all = Promise.withResolvers<void>()
      let [begun, now, most] = [0, 0, 0]
      // Ends only when as many as there are hands have begun: with one hand less it would wait for ever.
      const far = async () => {
        begun += 1
        now += 1
        most = Math.max(most, now)
        if (begun === hands) all.resolve()
        await all.promise
        now -= 1
      }
      const pace = { hands, batchRows: 2 }
      const worker = createOutboxWorker(database, clock, createLog('silent'), { 'test.far': far }, pace)
      expect(await worker.runOnce()).toBe(6)
      expect(await worker.runOnce()).toBe(0)
      return most
    }
    expect(await workWith(3)).toBe(3)
    expect(await workWith(1)).toBe(1)
  })

  it('that takes long keeps the work behind it from nobody: the next batch is not waited for', async () => {
    const { database, clock } = await startApp(engine)
    await database.write(async (tx) => {
      for (const which of ['slow', 'a', 'b', 'c', 'd', 'e', 'f', 'g']) await enqueue(tx, 'test.far', { which })
    })
    const last = Promise.withResolvers<void>()
    let others = 0
    const handlers = {
      'test.far': async ({ which }: Readonly<Record<string, unknown>>) => {
        if (which === 'slow') return await last.promise
        others += 1
        if (others === 7) last.resolve()
        return undefined
      },
    }
    const pace = { hands: 2, batchRows: 2 }
    const worker = createOutboxWorker(database, clock, createLog('silent'), handlers, pace)
    expect(await worker.runOnce()).toBe(8)
  })

  it('that is done is written down before the run ends, together where it is done together', async () => {
    const { database, clock } = await startApp(engine)
    await database.write(async (tx) => {
      for (let row = 0; row < 8; row += 1) await enqueue(tx, 'test.far', {})
    })
    const together = Promise.withResolvers<void>()
    let begun = 0
    const far = async () => {
      begun += 1
      if (begun === 8) together.resolve()
      await together.promise
    }
    let writes = 0
    const counting: Database = {
      ...database,
      write: async (work, company) => {
        writes += 1
        return await database.write(work, company)
      },
    }
    const pace = { hands: 8, batchRows: 8 }
    expect(await createOutboxWorker(counting, clock, createLog('silent'), { 'test.far': far }, pace).runOnce()).toBe(8)
    const rows = await database.read.selectFrom('outbox').select('doneAt').where('kind', '=', 'test.far').execute()
    expect(rows.map(({ doneAt }) => doneAt)).toEqual(Array.from({ length: 8 }, () => clock.now()))
    // One that leases, one that ends them all.
    expect(writes).toBe(2)
  })

  it('goes on when the database could not write for a moment', async () => {
    const { database, clock } = await startApp(engine)
    await database.write(async (tx) => await enqueue(tx, 'test.far', {}))
    let writes = 0
    const failing: Database = {
      ...database,
      write: async (work, company) => {
        writes += 1
        // The one that says that it is done: its turn never comes.
        if (writes === 2) throw new Error('The database is away')
        return await database.write(work, company)
      },
    }
    const handlers = { 'test.far': async () => undefined }
    const worker = createOutboxWorker(failing, clock, createLog('silent'), handlers)
    expect(await worker.runOnce()).toBe(0)
    clock.advance(5000)
    expect(await worker.runOnce()).toBe(1)
  })

  it('that fails is put off by itself, and nothing that is worked beside it', async () => {
    const { database, clock } = await startApp(engine)
    await database.write(async (tx) => {
      for (const which of ['bad', 'good']) await enqueue(tx, 'test.far', { which })
    })
    const seen: unknown[] = []
    const handlers = {
      'test.far': async ({ which }: Readonly<Record<string, unknown>>) => {
        seen.push(which)
        if (which === 'bad') throw new Error('Nobody answers')
      },
    }
    const worker = createOutboxWorker(database, clock, createLog('silent'), handlers, { hands: 2 })
    expect(await worker.runOnce()).toBe(1)
    clock.advance(5000)
    expect(await worker.runOnce()).toBe(0)
    expect(seen).toEqual(['bad', 'good', 'bad'])
  })

  it('that a killed server had taken is taken at the next start where that is the only server, but not again and again', async () => {
    const { database, clock } = await startApp(engine)
    await database.write(async (tx) => await enqueue(tx, 'test.far', {}))
    let begun = 0
    const killed = createOutboxWorker(database, clock, createLog('silent'), {
      'test.far': async () => {
        begun += 1
        // Its process is no more: nobody will ever say what came of it.
        await new Promise(() => undefined)
      },
    })
    const start = async () => {
      const before = begun
      void killed.runOnce()
      await vi.waitFor(() => expect(begun).toBe(before + 1), 10_000)
      await releaseLeases(database)
    }
    let done = 0
    const next = createOutboxWorker(database, clock, createLog('silent'), { 'test.far': async () => void (done += 1) })
    await start()
    if (engine === 'postgres') {
      expect(await next.runOnce()).toBe(0)
      clock.advance(60_000)
    }
    for (let time = 2; time <= 3; time += 1) {
      await start()
      if (engine === 'postgres') clock.advance(60_000)
    }
    // The fourth time it is taken, it is taken for what ends servers.
    await start()
    expect(await next.runOnce()).toBe(0)
    clock.advance(60_000)
    expect(await next.runOnce()).toBe(1)
    expect(done).toBe(1)
  })
})
