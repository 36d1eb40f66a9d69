import type { Database } from './database.ts'

/** Settings by which PostgreSQL may lose, or damage, what it has acknowledged when the machine stops. */
const forgetful = `SELECT name || ' = ' || setting AS setting FROM pg_settings
  WHERE (name IN ('fsync', 'full_page_writes') AND setting = 'off')
    OR (name = 'synchronous_commit' AND setting IN ('off', 'local')) ORDER BY name`

/** The settings of this PostgreSQL, as a connection of ours has them, that make its "committed" worth less; none is well. */
export async function forgetfulSettings(database: Database): Promise<string[]> {
  const rows = await database.readPrepared<{ setting: string }>('forgetful', forgetful, [])
  return rows.map(({ setting }) => setting)
}
