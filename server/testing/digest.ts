import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Database } from '../database/database.ts'

/** A digest of every row of every table but those named: two that are equal mean that nothing was changed in between. */
export async function digestOf(database: Database, except: readonly string[] = []): Promise<Record<string, string>> {
  return await database.snapshot(async (query) => {
    const { rows: tables } =
      database.engine === 'sqlite'
        ? await sql<{ name: string }>`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
            ORDER BY name`.execute(query)
        : await sql<{ name: string }>`SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()
            ORDER BY tablename`.execute(query)
    const digests: Record<string, string> = {}
    for (const { name } of tables.filter((table) => !except.includes(table.name))) {
      const { rows } = await sql`SELECT * FROM ${sql.id(name)}`.execute(query)
      const lines = rows.map((row) => JSON.stringify(row)).toSorted((one, other) => (one < other ? -1 : 1))
      digests[name] = createHash('sha256').update(lines.join('\n')).digest('base64url')
    }
    return digests
  })
}
