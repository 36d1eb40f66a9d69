import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createZstdCompress } from 'node:zlib'
import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Secrets } from '../../platform/secrets.ts'
import type { Database } from '../database.ts'
import type { Tables } from '../tables/index.ts'
import { formatVersion } from './format.ts'
import type { BackupFooter, BackupHeader, BackupRow, BackupTable } from './format.ts'
import { storedTables } from './tables.ts'
import type { StoredTable } from './tables.ts'

const rowsAtOnce = 2_000

export interface BackupOptions {
  readonly nowMs: number
  readonly secrets: Secrets
  /** Hears how many rows are written, of how many. */
  readonly onProgress: (rows: number, total: number) => void
}

/**
 * Writes everything that the database holds into a file, from one snapshot, while others go on working. The file takes its
 * name only when it is whole and on the disk; what had that name before is replaced. Answers the number of rows.
 */
export async function writeBackup(database: Database, file: string, options: BackupOptions): Promise<number> {
  const partial = `${file}.partial`
  try {
    const rows = await database.snapshot(async (query) => {
      const tables = await storedTables(query, database.engine)
      const counts = new Map<string, number>()
      for (const { name } of tables) counts.set(name, await countRows(query, name))
      const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
      const lines = backupLines(query, tables, counts, await headerOf(query, total, options), options.onProgress)
      await pipeline(Readable.from(lines), createZstdCompress(), createWriteStream(partial, { mode: 0o600 }))
      return total
    })
    await sync(partial)
    await rename(partial, file)
    return rows
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
}

async function headerOf(query: Kysely<Tables>, rows: number, { nowMs, secrets }: BackupOptions): Promise<BackupHeader> {
  const migrations = await query.selectFrom('schemaMigrations').select('name').orderBy('name').execute()
  return {
    matinee: 'backup',
    format: formatVersion,
    createdAt: nowMs,
    migrations: migrations.map(({ name }) => name),
    rows,
    secretCheck: secrets.sign('backup', String(nowMs)),
  }
}

async function countRows(query: Kysely<Tables>, table: string): Promise<number> {
  const { rows } = await sql<{ rows: number }>`SELECT COUNT(*) AS "rows" FROM ${sql.raw(table)}`.execute(query)
  return rows[0]?.rows ?? 0
}

async function* backupLines(
  query: Kysely<Tables>,
  tables: readonly StoredTable[],
  counts: ReadonlyMap<string, number>,
  header: BackupHeader,
  onProgress: BackupOptions['onProgress'],
): AsyncGenerator<Buffer> {
  const hash = createHash('sha256')
  const bytesOf = (lines: readonly object[]): Buffer => {
    const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    hash.update(bytes)
    return bytes
  }
  let written = 0
  yield bytesOf([header])
  for (const table of tables) {
    const description: BackupTable = {
      table: table.name,
      columns: table.columns,
      rows: counts.get(table.name) ?? 0,
    }
    yield bytesOf([description])
    for await (const rows of pagesOf(query, table)) {
      yield bytesOf(rows)
      written += rows.length
      onProgress(written, header.rows)
    }
  }
  const footer: BackupFooter = { end: true, rows: written, sha256: hash.digest('hex') }
  yield Buffer.from(`${JSON.stringify(footer)}\n`)
}

/** A table page by page, in the order of its primary key. */
async function* pagesOf(query: Kysely<Tables>, { name, columns, key }: StoredTable): AsyncGenerator<BackupRow[]> {
  const columnList = sql.raw(columns.map((column, index) => `${column} AS c${index}`).join(', '))
  const keyList = sql.raw(key.join(', '))
  const keyPlaces = key.map((column) => columns.indexOf(column))
  for (let after: BackupRow | null = null; ;) {
    const past = after
      ? sql`WHERE (${keyList}) > (${sql.join(keyPlaces.map((place) => after?.[place] ?? null))})`
      : sql``
    const page = await sql<Record<string, string | number | null>>`
      SELECT ${columnList} FROM ${sql.raw(name)} ${past} ORDER BY ${keyList} LIMIT ${rowsAtOnce}`.execute(query)
    const rows: BackupRow[] = page.rows.map((row) => columns.map((_column, index) => row[`c${index}`] ?? null))
    if (rows.length > 0) yield rows
    if (rows.length < rowsAtOnce) return
    after = rows.at(-1) ?? null
  }
}

/** On the disk, not only on its way there. */
async function sync(file: string): Promise<void> {
  const handle = await open(file, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
