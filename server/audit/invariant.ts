import { sql } from 'kysely'
import type { Kysely, RawBuilder } from 'kysely'
import type { Engine } from '../database/database.ts'
import type { Tables } from '../database/tables/index.ts'

/** So many violations of one invariant are named; the rest is only known to be there. */
export const namedViolations = 100

/** One consistent snapshot of the database, read by SQL that shares nothing with the code it checks. */
export interface Snapshot {
  readonly engine: Engine
  readonly query: Kysely<Tables>
  /** When the audit takes place, milliseconds since the epoch. */
  readonly nowMs: number
}

export interface Finding {
  /** Rows looked at. */
  readonly rows: number
  /** In words with ids, at most `namedViolations`. */
  readonly violations: readonly string[]
  /** Whether there are more than are named. */
  readonly more: boolean
}

/** Something that is true of every sound database. */
export interface Invariant {
  readonly id: string
  readonly title: string
  check(snapshot: Snapshot): Promise<Finding>
}

/** One way of looking at an invariant: what is looked at, and what breaks it. */
export interface Rule {
  /** A query of one row with the column `rows`. */
  readonly rows: RawBuilder<{ rows: number }>
  /** A query whose rows are the violations, each told in the column `what`. */
  readonly broken: RawBuilder<{ what: string }>
  /**
   * A query of one row with the column `rows`, that costs less than `broken`: how many rows it finds in order. Where these
   * are all there are, nothing is broken; otherwise `broken` has the word.
   */
  readonly inOrder?: RawBuilder<{ rows: number }>
}

/** An invariant that the database can judge by itself. */
export function bySql(id: string, title: string, rulesAt: (snapshot: Snapshot) => readonly Rule[]): Invariant {
  return {
    id,
    title,
    async check(snapshot) {
      const findings: Finding[] = []
      for (const rule of rulesAt(snapshot)) findings.push(await judge(snapshot, rule))
      return together(findings)
    },
  }
}

async function judge({ query }: Snapshot, rule: Rule): Promise<Finding> {
  const counted = await rule.rows.execute(query)
  const inOrder = await rule.inOrder?.execute(query)
  if (inOrder && inOrder.rows[0]?.rows === counted.rows[0]?.rows) return found(inOrder.rows[0]?.rows ?? 0, [])
  const limit = namedViolations + 1
  const broken = await sql<{ what: string }>`SELECT what FROM (${rule.broken}) AS broken LIMIT ${limit}`.execute(query)
  return found(
    counted.rows[0]?.rows ?? 0,
    broken.rows.map(({ what }) => what),
  )
}

/** A finding of so many rows with these violations, the first of which are named. */
export function found(rows: number, violations: readonly string[]): Finding {
  return { rows, violations: violations.slice(0, namedViolations), more: violations.length > namedViolations }
}

/** Several findings as one. */
export function together(findings: readonly Finding[]): Finding {
  const all = found(
    findings.reduce((sum, { rows }) => sum + rows, 0),
    findings.flatMap(({ violations }) => violations),
  )
  return { ...all, more: all.more || findings.some(({ more }) => more) }
}
