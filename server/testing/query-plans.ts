import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import type { DatabaseLocation } from '../database/open.ts'
import type { RecordedStatement } from './statements.ts'

/** Tables and indexes that stay small, or of which whoever asks needs every row: reading them whole is what is meant. */
const readWhole: ReadonlyMap<string, string> = new Map([
  ['signing_keys', 'a new one in some months'],
  ['webhook_endpoints', 'every one that is active is asked about every event'],
  ['out_of_order_seats', 'a handful, each is looked after'],
  ['events_waiting', 'holds only what has no place yet'],
  ['movies_by_search', 'words within texts are looked for in the index of the texts, on SQLite'],
])

/**
 * Says which tables statements would read whole, as `operations: what`; nothing is run. On a database of a few rows
 * PostgreSQL rightly reads a table whole, so it is told that this costs a fortune: what is still read whole then has no
 * index to go by, at any size. SQLite keeps no statistics here and plans the same for every size.
 */
export async function findScans(
  location: DatabaseLocation,
  statements: Iterable<RecordedStatement>,
): Promise<string[]> {
  const found = new Set<string>()
  const note = ({ operations, sql }: RecordedStatement, scans: readonly string[]) => {
    for (const scan of scans) found.add(`${[...operations].join(', ')}: ${scan} in ${sql.replaceAll(/\s+/g, ' ')}`)
  }
  if (location.engine === 'sqlite') {
    const connection = new DatabaseSync(location.path, { readOnly: true })
    for (const statement of statements) note(statement, sqliteScans(connection, statement.sql))
    connection.close()
    return [...found]
  }
  const client = new pg.Client({ connectionString: location.url, options: '-c enable_seqscan=off' })
  await client.connect()
  for (const statement of statements) note(statement, await postgresScans(client, statement))
  await client.end()
  return [...found]
}

function sqliteScans(connection: DatabaseSync, sql: string): string[] {
  const steps = connection
    .prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .all()
    .map(({ detail }) => String(detail))
  const made = steps.flatMap((step) => /^(?:MATERIALIZE|CO-ROUTINE) (\S+)/.exec(step)?.[1] ?? [])
  const sorted = steps.some((step) => step.includes('TEMP B-TREE FOR ORDER BY'))
  // Rows come in the order that is asked for, from the outermost table, until there are enough.
  const stopsEarly = /\bORDER BY\b/i.test(sql) && /\bLIMIT\b/i.test(sql) && !sorted
  return steps.filter((step, index) => {
    if (step.includes('AUTOMATIC')) return true
    const [, alias = '', how = ''] = /^SCAN (\S+)(.*)$/.exec(step) ?? []
    if (alias === '' || made.includes(alias) || /CONSTANT ROW|VALUES CLAUSE|VIRTUAL TABLE/.test(step)) return false
    const by = /INDEX (\S+)/.exec(how)?.[1] ?? ''
    return !([alias, tableOf(sql, alias), by].some((name) => readWhole.has(name)) || (stopsEarly && index === 0))
  })
}

/** The table that a statement calls by another name. */
function tableOf(sql: string, alias: string): string {
  return new RegExp(`"?(\\w+)"?\\s+(?:as\\s+)?"?${alias}\\b`, 'i').exec(sql)?.[1] ?? alias
}

interface PlanNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly 'Index Cond'?: string
  readonly Plans?: readonly PlanNode[]
}

async function postgresScans(client: pg.Client, { sql, values }: RecordedStatement): Promise<string[]> {
  const { rows } = await client.query<{ 'QUERY PLAN': readonly { readonly Plan: PlanNode }[] }>(
    `EXPLAIN (FORMAT JSON, COSTS OFF) ${sql}`,
    [...values],
  )
  return rows.flatMap((row) => row['QUERY PLAN'].flatMap(({ Plan }) => scansOf(Plan, false)))
}

/** `stopsEarly`: whoever asks takes the first rows alone, as they come. */
function scansOf(node: PlanNode, stopsEarly: boolean): string[] {
  const type = node['Node Type']
  const passesOn = ['Limit', 'LockRows', 'Subquery Scan', 'Nested Loop', 'Result'].includes(type)
  const below = (node.Plans ?? []).flatMap((child) => scansOf(child, type === 'Limit' || (stopsEarly && passesOn)))
  const isWhole =
    type === 'Seq Scan' || (/^(Index|Bitmap Index)/.test(type) && node['Index Cond'] === undefined && !stopsEarly)
  const isMeant = [node['Relation Name'], node['Index Name']].some((name) => readWhole.has(name ?? ''))
  return isWhole && !isMeant ? [`${type} ${node['Relation Name'] ?? node['Index Name']}`, ...below] : below
}
