import { setImmediate } from 'node:timers/promises'
import type { Database } from '../database/database.ts'
import type { AccountCaller } from '../http/caller.ts'
import { refuse, refuseFields } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { isTimeProblem, parseTime } from '../platform/time.ts'
import type { TicketKeys } from '../tickets/keys.ts'
import { mayScan } from './policy.ts'
import type { OfflineScan } from './report-scans.ts'
import { findShow, findTickets } from './store.ts'

interface SentScan {
  readonly id: string
  readonly code?: string
  readonly ticketId?: string
  readonly at: string
}

/** Checking a signature takes a tenth of a millisecond: after so many others get a turn. */
const codesPerTurn = 50

/**
 * Reads the codes of scans and drops those of other theatres. Refuses times that cannot be read, and scans that name their
 * ticket twice or not at all, each by its place.
 */
export async function readScans(
  database: Database,
  keys: TicketKeys,
  caller: AccountCaller,
  sent: readonly SentScan[],
): Promise<OfflineScan[] | Refusal<'validation_failed'>> {
  const times = sent.map(({ at }) => parseTime(at))
  const errors = sent.flatMap(({ code, ticketId }, index) => {
    const time = times[index]
    const isNamedOnce = (code === undefined) !== (ticketId === undefined)
    return [
      ...(time !== undefined && isTimeProblem(time) ? [{ path: `/scans/${index}/at`, message: time.problem }] : []),
      ...(isNamedOnce ? [] : [{ path: `/scans/${index}`, message: 'must have exactly one of code and ticketId' }]),
    ]
  })
  if (errors.length > 0) return refuseFields(errors)

  const scans: OfflineScan[] = []
  for (const [index, { id, code = '', ticketId }] of sent.entries()) {
    if (index % codesPerTurn === codesPerTurn - 1) await setImmediate()
    const time = times[index]
    const named = ticketId === undefined ? await keys.read(code) : { ticketId }
    const read = named ?? refuse('invalid_code', 'This is not a code of this house.')
    scans.push({ id, atMs: typeof time === 'number' ? time : 0, code: read })
  }
  return await withoutForeign(database, caller, scans)
}

/** Codes of tickets that are not at this person's theatres read like codes of tickets that do not exist. */
async function withoutForeign(
  database: Database,
  caller: AccountCaller,
  scans: readonly OfflineScan[],
): Promise<OfflineScan[]> {
  const ids = scans.flatMap(({ code }) => ('ticketId' in code ? code.ticketId : []))
  const rows = await findTickets(database.read, [...new Set(ids)])
  const visible = new Map<string, boolean>()
  for (const { showtimeId } of rows) {
    if (!visible.has(showtimeId)) {
      visible.set(showtimeId, await mayScan(database, caller, await findShow(database.read, showtimeId)))
    }
  }
  const mine = new Set(rows.filter(({ showtimeId }) => visible.get(showtimeId)).map(({ id }) => id))
  return scans.map((scan) =>
    'ticketId' in scan.code && !mine.has(scan.code.ticketId) ? { ...scan, code: refuse('not_found') } : scan,
  )
}
