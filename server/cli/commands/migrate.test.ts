import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Engine } from '../../database/database.ts'
import { migrationStatus } from '../../database/migrate.ts'
import { migrations } from '../../database/migrations/index.ts'
import { openDatabase } from '../../database/open.ts'
import type { DatabaseLocation } from '../../database/open.ts'
import { takeServerLock } from '../../database/server-lock.ts'
import { createManualClock } from '../../platform/clock.ts'
import { createLog } from '../../platform/log.ts'
import { typeCommand } from '../../testing/command-line.ts'
import { freshDatabase, onBothEngines, testStart } from '../../testing/harness.ts'

async function onFresh(engine: Engine, work: (location: DatabaseLocation) => Promise<void>): Promise<void> {
  const { location, drop } = await freshDatabase(engine)
  try {
    await work(location)
  } finally {
    await drop()
  }
}

const lastName = migrations.at(-1)?.name ?? ''

onBothEngines('migrate', (engine) => {
  test('status names every migration and its state, and nothing that changes with the time', async () => {
    await onFresh(engine, async (location) => {
      const first = await typeCommand(location, ['migrate', 'status'], { clock: createManualClock(0) })
      expect(first.code).toBe(0)
      expect(first.output.trim().split('\n')).toHaveLength(migrations.length)
      for (const { name } of migrations) expect(first.output).toMatch(new RegExp(`^${name} +applied$`, 'm'))
      const second = await typeCommand(location, ['migrate', 'status'], { clock: createManualClock(testStart) })
      expect(second).toEqual(first)
    })
  })

  test('down takes one step back and up brings all of it again, from any depth', async () => {
    await onFresh(engine, async (location) => {
      expect(await typeCommand(location, ['migrate', 'up'])).toMatchObject({
        code: 0,
        output: 'Nothing to do: the schema is up to date.\n',
      })
      expect(await typeCommand(location, ['migrate', 'down'])).toMatchObject({
        code: 0,
        output: `taken back  ${lastName}\n`,
      })
      const state = await typeCommand(location, ['migrate', 'status'])
      expect(state.output).toMatch(new RegExp(`^${lastName} +pending$`, 'm'))
      for (let left = migrations.length - 1; left > 0; left -= 1) {
        expect(await typeCommand(location, ['migrate', 'down'])).toMatchObject({ code: 0, errors: '' })
      }
      expect(await typeCommand(location, ['migrate', 'down'])).toMatchObject({
        code: 0,
        output: 'Nothing to take back.\n',
      })
      const up = await typeCommand(location, ['migrate', 'up'])
      expect(up).toMatchObject({ code: 0, output: migrations.map(({ name }) => `applied  ${name}\n`).join('') })
    })
  })

  test('a schema made by a newer version is left alone', async () => {
    await onFresh(engine, async (location) => {
      const database = openDatabase(location, createManualClock(testStart), createLog('silent'))
      await database.write((tx) =>
        tx.query.insertInto('schemaMigrations').values({ name: '9999-future', appliedAt: 1 }).execute(),
      )
      await database.close()
      for (const action of ['up', 'down', 'status']) {
        const { code, errors } = await typeCommand(location, ['migrate', action])
        expect(code).toBe(1)
        expect(errors).toContain('9999-future')
      }
    })
  })
})

onBothEngines('reset', (engine) => {
  test('empties the database in one transaction, also one made by a newer version', async () => {
    await onFresh(engine, async (location) => {
      const clock = createManualClock(testStart)
      const database = openDatabase(location, clock, createLog('silent'))
      await database.write(async (tx) => {
        await tx.query.insertInto('schemaMigrations').values({ name: '9999-future', appliedAt: 1 }).execute()
        await tx.query.insertInto('settings').values({ name: 'colour', value: 'red' }).execute()
      })
      expect(await typeCommand(location, ['reset', '--yes'])).toMatchObject({ code: 0, errors: '' })
      expect(await database.read.selectFrom('settings').selectAll().where('name', '=', 'colour').execute()).toEqual([])
      expect((await migrationStatus(database)).every(({ applied }) => applied)).toBe(true)
      await database.close()
    })
  })

  test('does nothing without --yes, and nothing in production', async () => {
    await onFresh(engine, async (location) => {
      const database = openDatabase(location, createManualClock(testStart), createLog('silent'))
      await database.write((tx) => tx.query.insertInto('settings').values({ name: 'colour', value: 'red' }).execute())
      expect(await typeCommand(location, ['reset'])).toMatchObject({ code: 2, output: '' })
      const production = await typeCommand(location, ['reset', '--yes'], { variables: { NODE_ENV: 'production' } })
      expect(production).toMatchObject({ code: 1, errors: expect.stringContaining('refused in production') })
      expect(await database.read.selectFrom('settings').select('value').where('name', '=', 'colour').execute()).toEqual(
        [{ value: 'red' }],
      )
      await database.close()
    })
  })
})

test('reset waits for nobody: a server that has the SQLite file open keeps its data', async () => {
  await onFresh('sqlite', async (location) => {
    const lock = takeServerLock(location)
    const refused = await typeCommand(location, ['reset', '--yes'])
    expect(refused).toMatchObject({ code: 1, errors: expect.stringContaining('Stop it first') })
    lock?.release()
    expect(await typeCommand(location, ['reset', '--yes'])).toMatchObject({ code: 0 })
  })
})

test('asking for the state makes no database', async () => {
  await onFresh('sqlite', async (location) => {
    if (location.engine !== 'sqlite') return
    const path = join(location.path, '..', 'none.db')
    const { code, output } = await typeCommand({ engine: 'sqlite', path }, ['migrate', 'status'])
    expect([code, output]).toEqual([0, expect.stringMatching(/^0001-platform +pending$/m)])
    expect(existsSync(path)).toBe(false)
  })
})

test('a wrong setting is told in a line, and the command fails', async () => {
  const location: DatabaseLocation = { engine: 'sqlite', path: '/nowhere/at/all.db' }
  const { code, errors } = await typeCommand(location, ['migrate', 'up'], { variables: { PORT: 'eighty' } })
  expect(code).toBe(1)
  expect(errors).toBe('matinee: PORT must be a whole number from 0 to 65535\n')
})

test('a PostgreSQL that cannot be reached is told in a line', async () => {
  const location: DatabaseLocation = { engine: 'postgres', url: 'postgres://nobody@127.0.0.1:1/none' }
  const { code, errors } = await typeCommand(location, ['migrate', 'up'])
  expect(code).toBe(1)
  expect(errors).toMatch(/^matinee: The database .*ECONNREFUSED/s)
})
