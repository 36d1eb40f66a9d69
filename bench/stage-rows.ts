import { sql } from 'kysely'
import type { Database } from '../server/database/database.ts'
import { withoutIndexes } from '../server/database/without-indexes.ts'

const dayMs = 86_400_000

/**
 * The same programme again and again after its end, without sales, until there are so many showtimes: what a report has to
 * say, not what it has to add up. Answers how many there are.
 */
export async function multiplyShowtimes(database: Database, wanted: number): Promise<number> {
  return await database.write(async (tx) => {
    const { rows } = await sql<{ showtimes: number; days: number }>`
      SELECT COUNT(*) AS showtimes, COUNT(DISTINCT business_date) AS days FROM showtimes`.execute(tx.query)
    const { showtimes = 0, days = 1 } = rows[0] ?? {}
    const columns = Object.keys(await tx.query.selectFrom('showtimes').selectAll().limit(1).executeTakeFirstOrThrow())
    const times = new Set(['startsAt', 'endsAt', 'busyUntil', 'salesOpenAt', 'salesCloseAt', 'staffSalesCloseAt'])
    await withoutIndexes(tx, ['showtimes'], async () => {
      for (let copy = 1; copy * showtimes < wanted; copy += 1) {
        const laterMs = copy * (days + 2) * dayMs
        const values = columns.map((column) => {
          if (column === 'id') return sql`id || '_' || ${sql.lit(String(copy))}`
          if (column === 'externalKey') return sql`NULL`
          return times.has(column) ? sql`${sql.ref(column)} + ${sql.lit(laterMs)}` : sql.ref(column)
        })
        await sql`INSERT INTO showtimes (${sql.join(columns.map((column) => sql.ref(column)))})
          SELECT ${sql.join(values)} FROM showtimes WHERE id NOT LIKE '%!_%!_%' ESCAPE '!'`.execute(tx.query)
      }
    })
    const all = await sql<{ showtimes: number }>`SELECT COUNT(*) AS showtimes FROM showtimes`.execute(tx.query)
    return all.rows[0]?.showtimes ?? 0
  })
}
