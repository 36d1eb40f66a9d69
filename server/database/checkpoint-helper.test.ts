import { existsSync, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { expect, it } from 'vitest'
import { createSqliteLedger } from '../holds/sqlite-ledger.ts'
import { createManualClock } from '../platform/clock.ts'
import { createLog } from '../platform/log.ts'
import { freshDatabase } from '../testing/harness.ts'
import { createCheckpointHelper, startCheckpointThread } from './checkpoint-helper.ts'
import { tooLongPages } from './log-keeper.ts'
import { openDatabase } from './open.ts'
import { openConnection } from './sqlite-connection.ts'

/** A SQLite file with a connection that never moves its log. */
async function openFile() {
  const { location, drop } = await freshDatabase('sqlite')
  if (location.engine !== 'sqlite') throw new Error('There is no file')
  const connection = openConnection(location.path)
  connection.exec('PRAGMA wal_autocheckpoint = 0')
  return {
    path: location.path,
    /** Commits some so many pages. */
    write: (pages: number) =>
      connection.exec(`REPLACE INTO settings (name, value) VALUES ('filler', hex(zeroblob(${pages * 2048})))`),
    /** Pages in the log, and how many of them the file has. */
    state() {
      const { log, checkpointed } = connection.prepare('PRAGMA wal_checkpoint(NOOP)').get() ?? {}
      return { pages: Number(log), moved: Math.max(0, Number(checkpointed)) }
    },
    async close() {
      connection.close()
      await drop()
    },
  }
}

/** The helper, and the threads that it has started; the first ones as told. */
function helperOf(path: string, first: readonly string[] = []) {
  const threads: Worker[] = []
  const helper = createCheckpointHelper(path, (started) => {
    const text = first[threads.length]
    const thread = text === undefined ? startCheckpointThread(started) : new Worker(text, { eval: true })
    threads.push(thread)
    return thread
  })
  return { helper, threads, end: () => Promise.all(threads.map((thread) => thread.terminate())) }
}

it('a thread moves what has been committed, and leaves what a reader needs where it is', async () => {
  const { path, write, state, close } = await openFile()
  const { helper, threads, end } = helperOf(path)
  write(100)
  await helper.pass()
  expect(state().moved).toBe(state().pages)
  const reader = openConnection(path, { readOnly: true })
  write(100)
  reader.exec('BEGIN; SELECT count(*) FROM settings')
  const needed = state().pages
  write(100)
  await helper.pass()
  expect(state().moved).toBe(needed)
  reader.exec('COMMIT')
  await helper.pass()
  expect(state().moved).toBe(state().pages)
  expect(threads).toHaveLength(1)
  reader.close()
  await end()
  await close()
})

it('a thread that dies at its work fails that pass alone: the next one has another thread', async () => {
  const { path, write, state, close } = await openFile()
  const dying = [
    "throw new Error('no memory')",
    "require('node:worker_threads').parentPort.once('message', () => process.exit(1))",
  ]
  const { helper, threads, end } = helperOf(path, dying)
  write(100)
  await expect(helper.pass()).rejects.toThrow('ended')
  await expect(helper.pass()).rejects.toThrow('ended')
  expect(state().moved).toBe(0)
  await helper.pass()
  await helper.pass()
  expect(state().moved).toBe(state().pages)
  expect(threads).toHaveLength(3)
  await end()
  await close()
})

it('a file that cannot be opened fails the pass, and the thread opens it with the next one', async () => {
  const { path, write, close } = await openFile()
  const elsewhere = `${path}.elsewhere`
  const { helper, threads, end } = helperOf(join(elsewhere, 'link.db'))
  write(100)
  await expect(helper.pass()).rejects.toThrow('unable to open')
  mkdirSync(elsewhere)
  await helper.pass()
  expect(threads).toHaveLength(1)
  await end()
  await close()
})

it('under load the log of a server stays bounded, and nothing of it is left when the server has closed', async () => {
  const { location, drop } = await freshDatabase('sqlite')
  if (location.engine !== 'sqlite') throw new Error('There is no file')
  const log = `${location.path}-wal`
  const clock = createManualClock(1000)
  const database = openDatabase(location, clock, createLog('silent'))
  const ledger = createSqliteLedger(database, clock)
  const turn = () => ledger.release({ kind: 'release', showtimeId: 'sho_none', holdId: 'hld_none' })
  await turn()
  const observer = openConnection(location.path, { readOnly: true })
  const state = observer.prepare('PRAGMA wal_checkpoint(NOOP)')
  let written = 0
  // Until the log has begun anew, twice.
  for (let begun = 0, before = 0; begun < 2;) {
    await database.write(async ({ query }) => {
      const value = String(written).padStart(400 * 4096, '0')
      await query.replaceInto('settings').values({ name: 'filler', value }).execute()
    })
    written += 1
    await turn()
    const { log: pages } = state.get() ?? {}
    if (Number(pages) < before) begun += 1
    before = Number(pages)
    expect(written).toBeLessThan(5000)
  }
  expect(statSync(log).size).toBeLessThan(2 * tooLongPages * 4120)
  observer.close()
  await ledger.close()
  await database.close()
  // SQLite removes it with the last connection: no thread has kept one.
  expect(existsSync(log)).toBe(false)
  const again = openConnection(location.path, { readOnly: true })
  expect(again.prepare("SELECT value FROM settings WHERE name = 'filler'").get()?.['value']).toMatch(
    new RegExp(`^0+${written - 1}$`),
  )
  again.close()
  await drop()
})
