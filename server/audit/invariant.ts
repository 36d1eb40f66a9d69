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
  /** What was counted on it already, by the question: nothing is counted twice. */
  readonly counted: Map<string, Counts>
}

/** The one row of a query that counts. */
export type Counts = Readonly<Record<string, number>>

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
   * A query of one row that costs less than `broken`, or that several rules share: where its counts, beside `rows`, prove that
   * nothing is broken, that is all that is asked; otherwise `broken` has the word.
   */
  readonly inOrder?: { readonly counts: RawBuilder<Counts>; proves(counts: Counts, rows: number): boolean }
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

async function judge(snapshot: Snapshot, { rows, broken, inOrder }: Rule): Promise<Finding> {
  const { rows: total = 0 } = await count(snapshot, rows)
  if (inOrder?.proves(await count(snapshot, inOrder.counts), total)) return found(total, [])
  const named = await sql<{ what: string }>`
    SELECT what FROM (${broken}) AS broken LIMIT ${namedViolations + 1}`.execute(snapshot.query)
  return found(
    total,
    named.rows.map(({ what }) => what),
  )
}

async function count({ query, counted }: Snapshot, question: RawBuilder<Counts>): Promise<Counts> {
  const { sql: text, parameters } = question.compile(query)
  const key = JSON.stringify([text, parameters])
  const known = counted.get(key)
  if (known) return known
  const [counts = {}] = (await question.execute(query)).rows
  counted.set(key, counts)
  return counts
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
