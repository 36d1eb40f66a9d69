import { sql } from 'kysely'
import { bySql, found, together } from '../invariant.ts'
import type { Finding, Invariant, Snapshot } from '../invariant.ts'
import type { Acknowledged } from '../journal.ts'
import { rowsOf, textInside } from './fragments.ts'
import { holdsPass } from './passes.ts'

/** What is never deleted, by the beginning of its ids. */
const lastingTables = { bkg: 'bookings', pay: 'payments', ref: 'refunds' } as const

/** The ids of what was made under a key and answered for it; cash that is moved answers the shift, which was there. */
function answeredIds({ engine }: Snapshot) {
  return sql`(SELECT key, route, ${textInside(engine, sql`answer`, ['id'])} AS id FROM idempotency_keys
    WHERE status = 201 AND route NOT LIKE '%/movements')`
}

const answersExist = bySql('I3', 'What was acknowledged is there', (snapshot) =>
  Object.entries(lastingTables).map(([prefix, table]) => ({
    rows: sql<{ rows: number }>`
      SELECT COUNT(*) AS "rows" FROM ${answeredIds(snapshot)} AS answered WHERE SUBSTR(id, 1, 4) = ${`${prefix}_`}`,
    broken: sql<{ what: string }>`
      SELECT answered.id || ' was answered to ' || answered.route || ' and is not there' AS what
      FROM ${answeredIds(snapshot)} AS answered LEFT JOIN ${sql.table(table)} AS made ON made.id = answered.id
      WHERE SUBSTR(answered.id, 1, 4) = ${`${prefix}_`} AND made.id IS NULL`,
  })),
)

/** I3, with the answers that a client wrote down itself beside those that the database remembers. */
export function acknowledgedInvariant(journal: readonly Acknowledged[]): Invariant {
  return {
    id: answersExist.id,
    title: answersExist.title,
    check: async (snapshot) => together([await answersExist.check(snapshot), await checkJournal(snapshot, journal)]),
  }
}

/** How many ids one query asks for. */
const chunkSize = 500

async function checkJournal({ query }: Snapshot, journal: readonly Acknowledged[]): Promise<Finding> {
  const violations: string[] = []
  for (const [table, entries] of Map.groupBy(journal, (entry) => entry.table)) {
    for (let start = 0; start < entries.length; start += chunkSize) {
      const chunk = entries.slice(start, start + chunkSize)
      const { rows } = await sql<{ id: string; confirmed: number }>`
        SELECT id, ${table === 'bookings' ? sql`CASE WHEN confirmed_at IS NULL THEN 0 ELSE 1 END` : sql`1`} AS confirmed
        FROM ${sql.table(table)} WHERE id IN (${sql.join(chunk.map(({ id }) => id))})`.execute(query)
      const states = new Map(rows.map(({ id, confirmed }) => [id, confirmed === 1]))
      for (const { id, line, confirmed } of chunk) {
        if (!states.has(id)) violations.push(`${id} (line ${line} of the journal) was acknowledged and is not there`)
        else if (confirmed && !states.get(id)) {
          violations.push(`${id} (line ${line} of the journal) was acknowledged as confirmed and is not`)
        }
      }
    }
  }
  return found(journal.length, violations)
}

const oneKeyOneEffect = bySql('I4', 'One key, one effect', (snapshot) => [
  {
    rows: rowsOf('idempotency_keys'),
    broken: sql<{ what: string }>`
      SELECT id || ' was answered to ' || COUNT(*) || ' keys' AS what
      FROM ${answeredIds(snapshot)} AS answered WHERE id IS NOT NULL GROUP BY id HAVING COUNT(*) > 1`,
  },
  {
    rows: rowsOf('bookings', sql`hold_id IS NOT NULL`),
    broken: sql<{ what: string }>`
      SELECT b.id || ' was made from ' || b.hold_id || ', which went to ' || COALESCE(h.booking_id, 'nobody') AS what
      FROM bookings AS b JOIN holds AS h ON h.id = b.hold_id WHERE h.booking_id IS NULL OR h.booking_id <> b.id`,
    inOrder: { counts: holdsPass, proves: ({ paired }, held) => paired === held },
  },
])

export const keyInvariants: readonly Invariant[] = [oneKeyOneEffect]
