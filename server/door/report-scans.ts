import type { ScanReport } from '../../contract/door.ts'
import type { Transaction } from '../database/database.ts'
import type { CheckInRow } from '../database/tables/door.ts'
import { isRefusal, refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { formatInstant, formatInstantOrNull } from '../platform/time.ts'
import { judgeValidity } from './model.ts'
import type { DoorRow } from './model.ts'
import { findScans, findTickets, insertCheckIns, markUsedAt } from './store.ts'

/** One scan that was made without network, its code read. */
export interface OfflineScan {
  readonly id: string
  /** By the device's clock, which may be wrong. */
  readonly atMs: number
  /** Which ticket is meant, by which revision of its code where one was scanned, or why it is none that this person may see. */
  readonly code: { readonly ticketId: string; readonly codeRevision?: number } | Refusal<'invalid_code' | 'not_found'>
}

/** What a scan came to: kept, so that a report that is sent again hears the same. */
type Verdict = Pick<CheckInRow, 'ticketId' | 'outcome' | 'at'> & { readonly scanId: string; readonly detail: string }

/**
 * Takes in what was scanned without network. A scan counts once, however often it is reported; of several scans of one ticket the
 * first that arrives is its check-in, the others are conflicts. A conflict undoes nothing: those people are inside already.
 */
export async function reportScans(
  tx: Transaction,
  scans: readonly OfflineScan[],
  byUserId: string,
): Promise<ScanReport> {
  const ids = [...new Set(scans.flatMap(({ code }) => (isRefusal(code) ? [] : code.ticketId)))]
  const rows = byId(await findTickets(tx.query, ids))
  const verdicts = await knownVerdicts(tx, ids, scans)
  const fresh: Verdict[] = []
  const taken = new Set<string>()
  for (const scan of scans) {
    const row = isRefusal(scan.code) ? undefined : rows.get(scan.code.ticketId)
    if (!row || verdicts.has(nameOf(row.id, scan.id))) continue
    const verdict = judge(scan, row, taken.has(row.id), tx.nowMs)
    if (verdict.outcome === 'admitted') taken.add(row.id)
    verdicts.set(nameOf(row.id, scan.id), verdict)
    fresh.push(verdict)
  }
  for (const verdict of await settle(tx, fresh, byUserId))
    verdicts.set(nameOf(verdict.ticketId, verdict.scanId), verdict)
  // Read again: the check-ins of this very report show in the conflicts beside them.
  return present(scans, verdicts, byId(await findTickets(tx.query, ids)))
}

function judge(scan: OfflineScan, row: DoorRow, taken: boolean, nowMs: number): Verdict {
  const refused =
    judgeValidity(row, isRefusal(scan.code) ? undefined : scan.code.codeRevision) ??
    (taken || row.status === 'used' ? refuse('already_checked_in') : null)
  return {
    ticketId: row.id,
    scanId: scan.id,
    outcome: refused?.code ?? 'admitted',
    detail: refused?.detail ?? '',
    // Not before it was sold and not after now, whatever the device's clock said.
    at: Math.min(Math.max(scan.atMs, row.confirmedAt ?? 0), nowMs),
  }
}

/** Marks the tickets that are let in and keeps all verdicts; a ticket that another door took in between is a conflict after all. */
async function settle(tx: Transaction, fresh: readonly Verdict[], byUserId: string): Promise<Verdict[]> {
  const won = new Set(
    await markUsedAt(
      tx,
      fresh.filter(({ outcome }) => outcome === 'admitted'),
    ),
  )
  const late = refuse('already_checked_in')
  const settled = fresh.map((verdict) =>
    verdict.outcome !== 'admitted' || won.has(verdict.ticketId)
      ? verdict
      : { ...verdict, outcome: late.code, detail: late.detail },
  )
  await insertCheckIns(
    tx,
    settled.map(({ ticketId, scanId, outcome, at }) => ({ ticketId, scanId, outcome, at, byUserId })),
  )
  return settled
}

async function knownVerdicts(
  tx: Transaction,
  ticketIds: readonly string[],
  scans: readonly OfflineScan[],
): Promise<Map<string, Verdict>> {
  const scanIds = [...new Set(scans.map(({ id }) => id))]
  const known = await findScans(tx, ticketIds, scanIds)
  return new Map(
    known.map(({ scanId, ...verdict }) => {
      const detail = verdict.outcome === 'admitted' ? '' : refuse(verdict.outcome).detail
      return [nameOf(verdict.ticketId, scanId ?? ''), { ...verdict, scanId: scanId ?? '', detail }]
    }),
  )
}

function present(
  scans: readonly OfflineScan[],
  verdicts: ReadonlyMap<string, Verdict>,
  rows: ReadonlyMap<string, DoorRow>,
): ScanReport {
  const report: ScanReport = { accepted: [], conflicts: [] }
  for (const { id, code } of scans) {
    const row = isRefusal(code) ? undefined : rows.get(code.ticketId)
    const verdict = row && verdicts.get(nameOf(row.id, id))
    if (!row || !verdict) {
      const refused = isRefusal(code) ? code : refuse('not_found')
      const nothing = { ticketId: null, seat: null, checkedInAt: null }
      report.conflicts.push({ id, code: refused.code, detail: refused.detail, ...nothing })
      continue
    }
    const ticket = { id, ticketId: row.id, seat: row.seatId }
    const { outcome, detail, at } = verdict
    if (outcome === 'admitted') report.accepted.push({ ...ticket, checkedInAt: formatInstant(at) })
    else report.conflicts.push({ ...ticket, code: outcome, detail, checkedInAt: formatInstantOrNull(row.checkedInAt) })
  }
  return report
}

function byId(rows: readonly DoorRow[]): Map<string, DoorRow> {
  return new Map(rows.map((row) => [row.id, row]))
}

function nameOf(ticketId: string, scanId: string): string {
  return `${ticketId} ${scanId}`
}
