import type { Database, Engine } from '../database/database.ts'
import { acknowledgedInvariant, keyInvariants } from './checks/acknowledged.ts'
import { bookInvariants } from './checks/books.ts'
import { lifecycleInvariants } from './checks/lifecycles.ts'
import { moneyInvariants } from './checks/money.ts'
import { seatInvariants } from './checks/seats.ts'
import { tenancyInvariants } from './checks/tenancy.ts'
import { wholeInvariant } from './checks/whole.ts'
import type { Counts, Finding, Invariant } from './invariant.ts'
import type { Acknowledged } from './journal.ts'

export interface AuditResult extends Finding {
  readonly id: string
  readonly title: string
}

export interface AuditReport {
  readonly engine: Engine
  readonly sound: boolean
  readonly invariants: readonly AuditResult[]
}

export interface AuditOptions {
  /** What clients were answered, as they wrote it down. */
  readonly journal?: readonly Acknowledged[]
  /** Hears how many invariants are done, of how many. */
  readonly onProgress?: (done: number, total: number) => void
}

/**
 * In the order of their numbers. Source of I1 to I12: the ledger's promises; I13 to I15: the trade's; I16 and I17: the books'.
 * I18, the pages that all of it is written on, comes first.
 */
function invariantsWith(journal: readonly Acknowledged[]): readonly Invariant[] {
  const ordered = [
    ...seatInvariants,
    acknowledgedInvariant(journal),
    ...keyInvariants,
    ...moneyInvariants,
    ...lifecycleInvariants,
    ...tenancyInvariants,
    ...bookInvariants,
  ].toSorted((left, right) => Number(left.id.slice(1)) - Number(right.id.slice(1)))
  return [wholeInvariant, ...ordered]
}

/**
 * Checks every invariant on one consistent snapshot and changes nothing; safe beside a running server. What stands on
 * damaged pages proves nothing: then nothing else is looked at.
 */
export async function auditDatabase(
  database: Database,
  nowMs: number,
  { journal = [], onProgress }: AuditOptions = {},
): Promise<AuditReport> {
  const invariants = invariantsWith(journal)
  return await database.snapshot(async (query) => {
    const results: AuditResult[] = []
    const snapshot = { engine: database.engine, query, nowMs, counted: new Map<string, Counts>() }
    for (const invariant of invariants) {
      const finding = await invariant.check(snapshot)
      results.push({ id: invariant.id, title: invariant.title, ...finding })
      onProgress?.(results.length, invariants.length)
      if (invariant === wholeInvariant && finding.violations.length > 0) break
    }
    const sound = results.every(({ violations }) => violations.length === 0)
    return { engine: database.engine, sound, invariants: results }
  })
}
