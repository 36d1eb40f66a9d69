import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Engine } from '../database/database.ts'
import type { ReportQuestion } from './model.ts'

type Fragment = RawBuilder<unknown>

/** Tenders that bring no money: a voucher was paid for when it was bought (a liability since), the rest is a present. */
export const isMoney = sql`(p.tender IS NULL OR p.tender NOT IN ('comp', 'voucher'))`

/** Payments (`p`) whose money came: authorised money is that of a booking that was credited with it. */
export const broughtMoney = sql`p.status IN ('authorised', 'succeeded', 'partially_refunded', 'refunded') AND ${isMoney}`

/** Tickets (`t`) that stand. */
export const liveTickets = sql`t.status <> 'void'`

/** SQLite takes tables in the order in which they stand here; PostgreSQL knows better, it has counted them. */
export function thenJoin(engine: Engine): Fragment {
  return sql.raw(engine === 'sqlite' ? 'CROSS JOIN' : 'JOIN')
}

/** Rows of a JSON document as `name` (columns given with their SQL types), for `WITH`. */
export function given(
  engine: Engine,
  name: string,
  columns: Readonly<Record<string, 'text' | 'bigint'>>,
  rows: readonly Readonly<Record<string, string | number>>[],
): Fragment {
  const document = JSON.stringify(rows)
  if (engine === 'sqlite') {
    const members = Object.keys(columns).map((column) => sql`value ->> ${sql.lit(column)} AS ${sql.ref(column)}`)
    return sql`${sql.table(name)} AS MATERIALIZED (SELECT ${sql.join(members)} FROM json_each(${document}))`
  }
  const typed = Object.entries(columns).map(
    ([column, type]) => sql`${sql.ref(column)} ${sql.raw(type === 'text' ? 'text COLLATE "C"' : type)}`,
  )
  return sql`${sql.table(name)} AS MATERIALIZED (
    SELECT * FROM json_to_recordset(${document}::json) AS given(${sql.join(typed)}))`
}

/** Rows of `table` in the stretches `r` of time, by an index whose first columns are theatre and time. */
export function inStretches(engine: Engine, table: string, alias: string, time: string): Fragment {
  const [name, at] = [sql.table(alias), sql.ref(`${alias}.${time}`)]
  const within = sql`${name}.theatre_id = r.theatre_id AND ${at} >= r.from_ms AND ${at} < r.before_ms`
  if (engine === 'sqlite') return sql`stretches AS r CROSS JOIN ${sql.table(table)} AS ${name} ON ${within}`
  // The OFFSET keeps the planner from comparing every row with every stretch.
  return sql`stretches AS r CROSS JOIN LATERAL (
    SELECT * FROM ${sql.table(table)} AS ${name} WHERE ${within} OFFSET 0) AS ${name}`
}

/** Showtimes (`s`) of the days and theatres that a question by day of show is about. */
export function askedShowtimes({ from, to, theatreIds }: ReportQuestion): Fragment {
  const parts = [sql`1 = 1`]
  if (from !== null) parts.push(sql`s.business_date >= ${from}`)
  if (to !== null) parts.push(sql`s.business_date <= ${to}`)
  if (theatreIds !== null) parts.push(sql`s.theatre_id IN (${sql.join(theatreIds)})`)
  return sql.join(parts, sql` AND `)
}
