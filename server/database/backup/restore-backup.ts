import { sql } from 'kysely'
import type { Secrets } from '../../platform/secrets.ts'
import { bulkInsertValues } from '../bulk-insert.ts'
import type { Database, Transaction } from '../database.ts'
import { applyMissing } from '../migrate.ts'
import { migrations } from '../migrations/index.ts'
import { dropEverything } from '../reset.ts'
import { UnusableBackup } from './format.ts'
import type { BackupHeader, BackupRow, BackupTable } from './format.ts'
import { readBackup } from './read-backup.ts'
import { storedTables } from './tables.ts'

const rowsAtOnce = 2_000

export interface RestoreOptions {
  readonly secrets: Secrets
  /** Take it although it was made under another `SECRET`: keys and codes in it cannot be read then. */
  readonly anySecret: boolean
  /** Hears how many rows are back, of how many. */
  readonly onProgress: (rows: number, total: number) => void
  /** Replace what is there; without it a database that somebody uses is refused. */
  readonly force: boolean
  /** The end of the transaction. */
  readonly afterwards: (tx: Transaction) => Promise<void>
}

/** The database holds somebody's house, and nobody said that it may go. */
export class NotEmpty extends Error {
  override readonly name = 'NotEmpty'
}

/**
 * Replaces everything in the database by what a backup holds, in one transaction: whatever is wrong with the file, the
 * database stays as it was. A backup of an older schema is brought up to date. Throws `UnusableBackup`. On SQLite the
 * caller holds the server lock. Answers the number of rows. Throws `NotEmpty` where there is something to lose.
 */
export async function restoreBackup(database: Database, file: string, options: RestoreOptions): Promise<number> {
  return await database.write(async (tx) => {
    if (!options.force && (await isInUse(tx))) throw new NotEmpty('There is something in the database')
    let header: BackupHeader | null = null
    let inserter: Inserter | null = null
    let rows = 0
    for await (const part of readBackup(file)) {
      if ('header' in part) {
        header = part.header
        judgeSecret(header, options)
        await prepareSchema(tx, header)
      } else if ('table' in part) {
        await inserter?.finish()
        inserter = await createInserter(tx, part.table)
      } else {
        if (!inserter) throw new UnusableBackup('A row stands before its table.')
        await inserter.add(part.row)
        rows += 1
        if (rows % rowsAtOnce === 0) options.onProgress(rows, header?.rows ?? rows)
      }
    }
    await inserter?.finish()
    await applyMissing(tx)
    // Readers who resume a stream of the old life get a snapshot of the new one.
    await tx.query.deleteFrom('settings').where('name', '=', 'epoch').execute()
    await options.afterwards(tx)
    return rows
  })
}

/** Whether somebody or something is in it; a schema that this version does not know counts as used. */
async function isInUse(tx: Transaction): Promise<boolean> {
  const known = new Set((await storedTables(tx.query, tx.raw.engine)).map(({ name }) => name))
  if (known.size === 0) return false
  if (!known.has('users') || !known.has('theatres') || !known.has('movies')) return true
  for (const table of ['users', 'theatres', 'movies'] as const) {
    if (await tx.query.selectFrom(table).select('id').limit(1).executeTakeFirst()) return true
  }
  return false
}

function judgeSecret({ secretCheck, createdAt }: BackupHeader, { secrets, anySecret }: RestoreOptions): void {
  if (anySecret || secrets.verify('backup', String(createdAt), secretCheck)) return
  throw new UnusableBackup('It was made under another SECRET, and the keys in it can be read under that one alone.')
}

/** An empty schema, as it was when the backup was made. */
async function prepareSchema(tx: Transaction, header: BackupHeader): Promise<void> {
  const unknown = header.migrations.filter((name) => !migrations.some((migration) => migration.name === name))
  if (unknown.length > 0) {
    throw new UnusableBackup(`It was made by a newer version of Matinee: it has ${unknown.join(', ')}.`)
  }
  await dropEverything(tx)
  await applyMissing(
    tx,
    migrations.filter(({ name }) => header.migrations.includes(name)),
  )
  // Rows may come before those that they refer to; at the end all of them are there.
  if (tx.raw.engine === 'sqlite') await sql`PRAGMA defer_foreign_keys = ON`.execute(tx.query)
}

interface Inserter {
  add(row: BackupRow): Promise<void>
  finish(): Promise<void>
}

async function createInserter(tx: Transaction, { table, columns, rows: expected }: BackupTable): Promise<Inserter> {
  const known = (await storedTables(tx.query, tx.raw.engine)).find(({ name }) => name === table)
  if (!known) throw new UnusableBackup(`There is no table ${table} in this version.`)
  const strange = columns.find((column) => !known.columns.includes(column))
  if (strange !== undefined) throw new UnusableBackup(`The table ${table} has no column ${strange} in this version.`)
  // A migration may have put rows of its own there.
  await sql`DELETE FROM ${sql.raw(table)}`.execute(tx.query)
  let waiting: BackupRow[] = []
  let seen = 0
  const flush = async () => {
    const rows = waiting
    waiting = []
    await bulkInsertValues(tx, table, columns, rows)
  }
  return {
    async add(row) {
      if (row.length !== columns.length) throw new UnusableBackup(`A row of ${table} has another number of values.`)
      waiting.push(row)
      seen += 1
      if (waiting.length >= rowsAtOnce) await flush()
    },
    async finish() {
      await flush()
      if (seen !== expected) throw new UnusableBackup(`The table ${table} has ${seen} rows of ${expected}.`)
    },
  }
}
