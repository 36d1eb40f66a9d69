import { sql } from 'kysely'
import { snakeCase } from './bulk-insert.ts'
import type { Transaction } from './database.ts'
import type { Tables } from './tables/index.ts'

/** Something to be taken away before very many rows come, and made again after them. */
interface Aside {
  readonly drop: string
  readonly create: string
}

const patienceMs = 3_600_000

/** Pages in memory while an index is built, in KiB. */
const loadingCacheKibibytes = 256_000

/**
 * Runs `work`, which adds very many rows to these tables, without their indexes and (on PostgreSQL) references, and makes
 * them again after it: built at once they cost a fraction of what they cost row by row, and what they promise is
 * checked all the same. Part of the transaction: the whole load is there in the end, or nothing of it.
 * `onIndexes` hears how much of the rebuilding is done, from 0 to 1.
 */
export async function withoutIndexes<Result>(
  tx: Transaction,
  tables: readonly (keyof Tables)[],
  work: () => Promise<Result>,
  onIndexes: (share: number) => void = () => {},
): Promise<Result> {
  const names = tables.map(snakeCase)
  const run = runner(tx)
  const aside = tx.raw.engine === 'sqlite' ? await asideOnSqlite(tx, names) : await asideOnPostgres(tx, names)
  if (tx.raw.engine === 'sqlite') await run(`PRAGMA cache_size = -${loadingCacheKibibytes}`)
  else {
    // No table waits for this one: the whole load is one transaction that nobody sees before its end.
    for (const setting of ['statement_timeout = 0', "maintenance_work_mem = '256MB'"]) await run(`SET LOCAL ${setting}`)
  }
  for (const { drop } of aside) await run(drop)
  const result = await work()
  for (const [done, { create }] of aside.entries()) {
    onIndexes(done / aside.length)
    await run(create)
  }
  // PostgreSQL plans by what it knows of its tables; by itself it looks at them only later.
  if (tx.raw.engine === 'postgres') await run(`ANALYZE ${names.join(', ')}`)
  else await run('PRAGMA cache_size = -16000')
  return result
}

/** Runs a statement that may take minutes. */
function runner({ raw, query }: Transaction): (statement: string) => Promise<void> {
  return async (statement) => {
    // The driver knows a limit for one statement alone; its types do not.
    const patient = { text: statement, query_timeout: patienceMs }
    if (raw.engine === 'sqlite') await sql.raw(statement).execute(query)
    else await raw.client.query(patient)
  }
}

async function asideOnSqlite(tx: Transaction, tables: readonly string[]): Promise<Aside[]> {
  // Those without a text belong to a key or a UNIQUE of the table itself.
  const { rows } = await sql<{ name: string; create: string }>`SELECT name, sql AS "create" FROM sqlite_master
    WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN (${sql.join(tables)}) ORDER BY rowid`.execute(tx.query)
  return rows.map(({ name, create }) => ({ drop: `DROP INDEX ${name}`, create }))
}

async function asideOnPostgres(tx: Transaction, tables: readonly string[]): Promise<Aside[]> {
  const ours = sql`n.nspname = current_schema() AND c.relname IN (${sql.join(tables)})`
  const indexes = await sql<{ name: string; create: string }>`
    SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS "create"
    FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE ${ours} AND NOT EXISTS (SELECT 1 FROM pg_constraint AS k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
    ORDER BY i.indexrelid`.execute(tx.query)
  const references = await sql<{ name: string; owner: string; create: string }>`
    SELECT quote_ident(k.conname) AS name, k.conrelid::regclass::text AS owner, pg_get_constraintdef(k.oid) AS "create"
    FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.conrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE ${ours} AND k.contype IN ('f', 'x') ORDER BY k.oid`.execute(tx.query)
  return [
    ...indexes.rows.map(({ name, create }) => ({ drop: `DROP INDEX ${name}`, create })),
    ...references.rows.map(({ name, owner, create }) => ({
      drop: `ALTER TABLE ${owner} DROP CONSTRAINT ${name}`,
      create: `ALTER TABLE ${owner} ADD CONSTRAINT ${name} ${create}`,
    })),
  ]
}
