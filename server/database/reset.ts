import { sql } from 'kysely'
import type { Database, Transaction } from './database.ts'
import { applyMissing } from './migrate.ts'

/**
 * Drops every table, also those of a version that this one does not know, and makes the schema anew: all in one
 * transaction, of which `afterwards` is the end. On SQLite the caller holds the server lock.
 */
export async function resetSchema(database: Database, afterwards: (tx: Transaction) => Promise<void>): Promise<void> {
  await database.write(async (tx) => {
    await dropEverything(tx)
    await applyMissing(tx)
    await afterwards(tx)
  })
}

/** Drops every table and view, also those of a version that this one does not know. */
export async function dropEverything(tx: Transaction): Promise<void> {
  if (tx.raw.engine === 'postgres') {
    const { rows } = await sql<{ name: string }>`
      SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()`.execute(tx.query)
    if (rows.length > 0)
      await sql`DROP TABLE ${sql.join(rows.map(({ name }) => sql.id(name)))} CASCADE`.execute(tx.query)
    return
  }
  // The newest first: a table goes before those that it refers to, so that no row has to be looked up.
  const { rows } = await sql<{ kind: string; name: string }>`
    SELECT master.type AS kind, master.name AS name
    FROM sqlite_master AS master LEFT JOIN pragma_table_list AS list ON list.name = master.name AND list.schema = 'main'
    WHERE master.type IN ('table', 'view') AND master.name NOT LIKE 'sqlite_%' AND COALESCE(list.type, '') <> 'shadow'
    ORDER BY master.rowid DESC`.execute(tx.query)
  await sql`PRAGMA defer_foreign_keys = ON`.execute(tx.query)
  for (const { kind, name } of rows) {
    await sql`DROP ${sql.raw(kind === 'view' ? 'VIEW' : 'TABLE')} ${sql.id(name)}`.execute(tx.query)
  }
}
