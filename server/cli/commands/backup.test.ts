import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { login } from '../../../contract/accounts.ts'
import { storedTables } from '../../database/backup/tables.ts'
import type { Database } from '../../database/database.ts'
import { openDatabase } from '../../database/open.ts'
import { takeServerLock } from '../../database/server-lock.ts'
import { createLog } from '../../platform/log.ts'
import { buySeats } from '../../testing/buying.ts'
import { typeCommand } from '../../testing/command-line.ts'
import { engines, onBothEngines, startApp } from '../../testing/harness.ts'
import type { TestApp } from '../../testing/harness.ts'
import { liveInHouse } from '../../testing/lived-in-house.ts'
import type { LivedInHouse } from '../../testing/lived-in-house.ts'
import { signIn } from '../../testing/sign-in.ts'

const folder = mkdtempSync(join(tmpdir(), 'matinee-backup-'))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0
const newFile = () => join(folder, `${(files += 1)}.matinee`)

function type(house: TestApp, ...argv: string[]) {
  return typeCommand(house.location, argv, { clock: house.clock })
}

/** Every row of every table, without what names this life of the database and says how it began. */
async function everything(database: Database): Promise<Record<string, string[]>> {
  const tables: Record<string, string[]> = {}
  for (const { name } of await storedTables(database.read, database.engine)) {
    const { rows } = await sql<Record<string, unknown>>`SELECT * FROM ${sql.raw(name)}`.execute(database.read)
    const kept = rows.filter((row) => row['name'] !== 'epoch' && row['action'] !== 'matinee restore')
    tables[name] = kept.map((row) => JSON.stringify(row, Object.keys(row).toSorted())).toSorted()
  }
  return tables
}

onBothEngines('backup and restore', (engine) => {
  let house: LivedInHouse
  const file = newFile()

  beforeAll(async () => {
    house = await liveInHouse(engine)
    await type(house.test, 'backup', file)
  })

  test.each(engines)('everything comes back, on %s too, and its ledger is sound', async (other) => {
    const target = await startApp(other, { startMs: house.test.clock.now() })
    await signIn(target, 'customer', { email: 'gone@example.com' })
    const { code, output, errors } = await type(target, 'restore', file, '--verify', '--force')
    expect([code, errors]).toEqual([0, ''])
    expect(output).toMatch(/^[\d,]+ rows restored\nSound: all 18 invariants hold\.\n$/)
    expect(await everything(target.database)).toEqual(await everything(house.test.database))
  })

  test('a database that somebody uses is only replaced by force, and the audit log of the new one says who did it', async () => {
    const target = await startApp(engine)
    const ada = await signIn(target)
    const refused = await type(target, 'restore', file)
    expect(refused).toMatchObject({ code: 1, output: '', errors: expect.stringContaining('Use --force') })
    expect((await target.call(login, { body: { email: ada.email, password: ada.password } })).status).toBe(200)
    expect(await type(target, 'restore', file, '--force')).toMatchObject({ code: 0, errors: '' })
    const log = target.database.read.selectFrom('auditLog').selectAll().orderBy('sequence', 'desc')
    expect(await log.executeTakeFirst()).toMatchObject({
      action: 'matinee restore',
      actorRole: 'operator',
      actorId: expect.stringMatching(/^operator:./),
      request: JSON.stringify({ file: basename(file) }),
    })
  })

  test('whoever could sign in can sign in again, and nobody else', async () => {
    const source = await startApp(engine)
    const ada = await signIn(source)
    const own = newFile()
    await type(source, 'backup', own)
    const eve = await signIn(source)
    await type(source, 'restore', own, '--force')
    const credentials = ({ email, password }: typeof ada) => ({ body: { email, password } })
    expect((await source.call(login, credentials(ada))).status).toBe(200)
    expect((await source.call(login, credentials(eve))).status).toBe(401)
  })

  test('a file that is cut short or changed anywhere is refused, and the database stays as it was', async () => {
    const target = await startApp(engine)
    await signIn(target)
    const before = await everything(target.database)
    const bytes = readFileSync(file)
    const lines = zstdDecompressSync(bytes).toString().split('\n')
    const packed = (changed: readonly string[]) => zstdCompressSync(Buffer.from(changed.join('\n')))
    const flipped = (at: number) => Buffer.from(bytes.map((byte, index) => (index === at ? byte ^ 0x10 : byte)))
    const last = lines.length - 2
    const damaged = [
      Buffer.alloc(0),
      Buffer.from('{"theatre":"Rio"}\n'),
      ...[0.1, 0.5, 0.9].map((share) => bytes.subarray(0, Math.floor(bytes.length * share))),
      bytes.subarray(0, -1),
      ...[10, 200, Math.floor(bytes.length / 2), bytes.length - 3].map(flipped),
      packed(['{"matinee":"backup"}', '']),
      packed(lines.slice(0, last)),
      packed([...lines.slice(0, last - 1), ...lines.slice(last)]),
      packed(lines.with(last - 3, lines[last - 3]?.replace(/\d/, '7') ?? '')),
      packed([...lines.slice(0, -1), '[1]', '']),
      packed(lines.with(1, '{"table":"users; DROP TABLE users","columns":["id"],"rows":0}')),
      packed(lines.with(1, '{"table":"users","columns":["id) SELECT"],"rows":0}')),
    ]
    for (const [index, content] of damaged.entries()) {
      const path = newFile()
      writeFileSync(path, content)
      const { code, output, errors } = await type(target, 'restore', path, '--force')
      expect([index, code, output]).toEqual([index, 1, ''])
      expect(errors.replaceAll(/\s+/g, ' ')).toMatch(/cannot be restored\. .* Nothing was changed\. $/)
    }
    expect(await everything(target.database)).toEqual(before)
  })

  test('one made under another SECRET is refused unless that is meant', async () => {
    const target = await startApp(engine)
    const other = { variables: { SECRET: 'another secret that only tests know of' }, clock: target.clock }
    const refused = await typeCommand(target.location, ['restore', file], other)
    expect(refused).toMatchObject({ code: 1, errors: expect.stringContaining('another SECRET') })
    expect(await typeCommand(target.location, ['restore', file, '--any-secret'], other)).toMatchObject({ code: 0 })
  })

  test('one of an older schema is brought up to date, one of a newer is refused', async () => {
    const source = await startApp(engine)
    const own = newFile()
    await signIn(source, 'customer', { email: 'ada@example.com' })
    await type(source, 'migrate', 'down')
    await type(source, 'backup', own)
    await type(source, 'migrate', 'up')
    expect(await type(source, 'restore', own, '--verify', '--force')).toMatchObject({ code: 0 })
    expect((await type(source, 'migrate', 'status')).output).not.toContain('pending')
    await source.database.write((tx) =>
      tx.query.insertInto('schemaMigrations').values({ name: '9999-future', appliedAt: 1 }).execute(),
    )
    expect(await type(source, 'backup', own)).toMatchObject({ code: 1 })
  })

  test('is one moment of a house that goes on selling', async () => {
    const { test: running, reserved } = await liveInHouse(engine)
    const own = newFile()
    const [, ...sold] = await Promise.all([
      type(running, 'backup', own),
      ...['D2', 'D3', 'D4', 'D5'].map((seat) => buySeats(running, reserved, [seat])),
    ])
    expect(sold.map(({ status }) => status)).toEqual(['confirmed', 'confirmed', 'confirmed', 'confirmed'])
    const target = await startApp(engine, { startMs: running.clock.now() })
    expect(await type(target, 'restore', own, '--verify')).toMatchObject({ code: 0, errors: '' })
  })

  test('replaces a backup only by a whole one, and others may not read it', async () => {
    const own = newFile()
    writeFileSync(own, 'the last one')
    expect(await typeCommand({ engine: 'sqlite', path: '/no/such/file.db' }, ['backup', own])).toMatchObject({
      code: 1,
    })
    expect(readFileSync(own, 'utf8')).toBe('the last one')
    expect(await type(house.test, 'backup', own)).toMatchObject({ code: 0 })
    expect(statSync(own).mode & 0o077).toBe(0)
    expect(readdirSync(folder).filter((name) => name.endsWith('.partial'))).toEqual([])
    expect(await type(house.test, 'backup', join(folder, 'none', 'x'))).toMatchObject({ code: 1 })
    expect(await type(house.test, 'restore', join(folder, 'none'))).toMatchObject({ code: 1 })
  })
})

test('restore is refused beside a server that has the SQLite file open', async () => {
  const house = await startApp('sqlite')
  const file = newFile()
  await type(house, 'backup', file)
  const lock = takeServerLock(house.location)
  expect(await type(house, 'restore', file, '--force')).toMatchObject({
    code: 1,
    errors: expect.stringContaining('Stop it first'),
  })
  lock?.release()
  expect(await type(house, 'restore', file, '--force')).toMatchObject({ code: 0 })
})

test('a restored database is another life: who resumes a stream of the old one starts anew', async () => {
  const house = await startApp('sqlite')
  const database = openDatabase(house.location, house.clock, createLog('silent'))
  await database.write((tx) => tx.query.insertInto('settings').values({ name: 'epoch', value: 'old' }).execute())
  const file = newFile()
  await type(house, 'backup', file)
  await type(house, 'restore', file, '--force')
  expect(await database.read.selectFrom('settings').select('value').where('name', '=', 'epoch').execute()).toEqual([])
  await database.close()
})
