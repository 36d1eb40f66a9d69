import { sql } from 'kysely'
import { DatabaseDamaged } from '../../database/database.ts'
import { damageIn } from '../../database/postgres-errors.ts'
import { streamRows } from '../../database/stream-rows.ts'
import { found, namedViolations } from '../invariant.ts'
import type { Finding, Invariant, Snapshot } from '../invariant.ts'

/**
 * The pages themselves, before anything that is written on them: what a damaged page says proves nothing. SQLite reads the
 * whole file; PostgreSQL tells of pages whose checksum was wrong, and looks at indexes and tables where its extension
 * `amcheck` is there and we may use it.
 */
export const wholeInvariant: Invariant = {
  id: 'I18',
  title: 'The database is whole, page by page',
  check: (snapshot) => (snapshot.engine === 'sqlite' ? checkFile(snapshot) : checkRelations(snapshot)),
}

/** Source: sqlite.org/pragma.html#pragma_quick_check. */
async function checkFile({ query }: Snapshot): Promise<Finding> {
  const pages = await sql<{ pages: number }>`SELECT page_count AS pages FROM pragma_page_count()`.execute(query)
  const violations: string[] = []
  try {
    for await (const [line] of streamRows(query, sql<object>`PRAGMA quick_check(${sql.lit(namedViolations + 1)})`, 1)) {
      const said = Object.values(line ?? {}).flatMap((value) => String(value).split('\n'))
      violations.push(...said.filter((what) => what !== 'ok' && !what.startsWith('***')))
    }
  } catch (error) {
    if (!(error instanceof DatabaseDamaged)) throw error
    // It gives up at a page that it cannot read, after it has named it.
    violations.push(error.message)
  }
  return found(pages.rows[0]?.pages ?? 0, violations)
}

/** Source: postgresql.org/docs/15/amcheck.html, monitoring-stats.html (`checksum_failures`). */
async function checkRelations(snapshot: Snapshot): Promise<Finding> {
  const { query } = snapshot
  const met = await sql<{ what: string }>`
    SELECT checksum_failures || ' pages had a wrong checksum, last at ' || checksum_last_failure AS what
    FROM pg_stat_database WHERE datname = current_database() AND checksum_failures > 0`.execute(query)
  const violations = met.rows.map(({ what }) => what)
  const relations = await checkableRelations(snapshot)
  for (const relation of relations) violations.push(...(await checkRelation(snapshot, relation)))
  return found(relations.length, violations)
}

interface Relation {
  readonly name: string
  /** As PostgreSQL names it: `r` is a table, `i` an index. */
  readonly kind: 'r' | 'i'
}

/** What `amcheck` can look at; nothing where it is not installed, or not for us. */
async function checkableRelations({ query }: Snapshot): Promise<readonly Relation[]> {
  const allowed =
    await sql`SELECT 1 WHERE has_function_privilege(to_regprocedure('bt_index_check(regclass)')::oid, 'EXECUTE')
    AND has_function_privilege(to_regproc('verify_heapam')::oid, 'EXECUTE')`.execute(query)
  if (allowed.rows.length === 0) return []
  const { rows } = await sql<Relation>`SELECT c.oid::regclass::text AS name, c.relkind::text AS kind
    FROM pg_class AS c LEFT JOIN pg_am AS method ON method.oid = c.relam
    WHERE c.relnamespace = current_schema()::regnamespace AND (c.relkind = 'r' OR (c.relkind = 'i' AND method.amname = 'btree'))
    ORDER BY c.relkind, c.relname`.execute(query)
  return rows
}

/** A page that cannot be read ends its statement, not the audit. */
async function checkRelation({ query }: Snapshot, { name, kind }: Relation): Promise<string[]> {
  await sql`SAVEPOINT relation`.execute(query)
  try {
    if (kind === 'i') {
      await sql`SELECT bt_index_check(${name}::regclass)`.execute(query)
      return []
    }
    const { rows } = await sql<{ what: string }>`SELECT 'block ' || blkno || ': ' || msg AS what
      FROM verify_heapam(${name}::regclass) LIMIT ${namedViolations + 1}`.execute(query)
    return rows.map(({ what }) => `${name}: ${what}`)
  } catch (error) {
    const damage = damageIn(error)
    if (!damage) throw error
    await sql`ROLLBACK TO SAVEPOINT relation`.execute(query)
    return [`${name}: ${damage.message}`]
  }
}
