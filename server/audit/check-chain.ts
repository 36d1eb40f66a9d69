import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { found } from './invariant.ts'
import type { Finding, Snapshot } from './invariant.ts'

interface Entry extends Record<string, string | number | null> {
  readonly sequence: number
  readonly hash: string
}

const entriesAtOnce = 1000

/** The columns that an entry's hash covers, in order; `previous_hash` is what the entry before says of itself. */
const columns = ['previousHash', 'sequence', 'at', 'actorId', 'actorRole', 'action', 'subjectId', 'theatreId']
const documents = ['request', 'before', 'after']

/**
 * Part of I12: the chain of the audit log is unbroken: entries are numbered from 1 without gaps, each names the hash of the
 * one before, and its own is that of what it says. A changed, removed or slipped-in entry shows at its place.
 */
export async function checkAuditChain({ query }: Pick<Snapshot, 'query'>): Promise<Finding> {
  const violations: string[] = []
  let rows = 0
  let previous = { sequence: 0, hash: '0'.repeat(64) }
  for (;;) {
    const page = await sql<Entry>`SELECT * FROM audit_log WHERE sequence > ${previous.sequence}
      ORDER BY sequence LIMIT ${entriesAtOnce}`.execute(query)
    for (const entry of page.rows) {
      rows += 1
      const { sequence, hash } = entry
      if (sequence !== previous.sequence + 1)
        violations.push(`Before entry ${sequence} of the audit log some are missing`)
      else if (entry['previousHash'] !== previous.hash)
        violations.push(`Entry ${sequence} does not follow the one before`)
      const said = JSON.stringify([...columns, ...documents].map((column) => entry[column] ?? null))
      if (createHash('sha256').update(said).digest('hex') !== hash) {
        violations.push(`Entry ${sequence} of the audit log was changed`)
      }
      previous = { sequence, hash }
    }
    if (page.rows.length < entriesAtOnce) return found(rows, violations)
  }
}
