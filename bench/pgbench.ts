import { execFile } from 'node:child_process'
import { globSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'

const run = promisify(execFile)

/** A hold as one statement: two seats claimed where they are free, and the hold written down. */
const script = `\\set showtime random(1, :showtimes)
\\set hold random(1, 1000000000000000)
WITH claimed AS (
  INSERT INTO seat_claims (showtime_id, seat_id, kind, ref, expires_at, places)
  SELECT b.id, side || :hold::text, 'hold', 'bench_' || :hold::text, 99999999999999, 1
    FROM bench_showtimes AS b, (VALUES ('a'), ('b')) AS sides (side) WHERE b.n = :showtime::integer
  ON CONFLICT (showtime_id, seat_id) DO UPDATE SET ref = excluded.ref, expires_at = excluded.expires_at
    WHERE seat_claims.expires_at <= 0
  RETURNING showtime_id)
INSERT INTO holds (id, showtime_id, auditorium_id, layout_version, seats, count, terms, client, address, channel, status, extensions_left, created_at, expires_at)
SELECT 'bench_' || :hold::text, min(showtime_id), 'bench', 1, '[]', 2, '{}', 'bench', 'bench', 'web', 'live', 1, 0, 99999999999999
  FROM claimed HAVING COUNT(*) = 2;
`

/**
 * How many such statements a second `pgbench` gets done over so many connections, each with a transaction of its own: what
 * a server without batches can hope for at best. Null where this machine has no `pgbench`.
 */
export async function singleStatementHolds(
  url: string,
  showtimes: readonly string[],
  { folder, connections, seconds }: { folder: string; connections: number; seconds: number },
): Promise<number | null> {
  const [pgbench] = globSync(['/usr/lib/postgresql/*/bin/pgbench', '/usr/{local/,}bin/pgbench'])
  if (pgbench === undefined) return null
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('CREATE TABLE IF NOT EXISTS bench_showtimes (n INTEGER PRIMARY KEY, id TEXT NOT NULL)')
  await client.query(
    'INSERT INTO bench_showtimes SELECT n, id FROM unnest($1::text[]) WITH ORDINALITY AS made (id, n) ON CONFLICT DO NOTHING',
    [showtimes],
  )
  await client.end()
  const file = join(folder, 'hold.sql')
  writeFileSync(file, script)
  const { stdout } = await run(pgbench, [
    '--no-vacuum',
    '--protocol=prepared',
    `--file=${file}`,
    `--define=showtimes=${showtimes.length}`,
    `--client=${connections}`,
    '--jobs=2',
    `--time=${Math.max(1, Math.round(seconds))}`,
    url,
  ])
  rmSync(file)
  return Number(/tps = ([\d.]+)/.exec(stdout)?.[1])
}
