import { call } from '../api.ts'
import { drop, keep, readAll } from './door-store.ts'
import type { Scan } from './door-store.ts'

const mostPerReport = 200
/** Where the house was asked, a check-in of the same moment is this very scan, whose answer was lost on the way. */
const sameMomentMs = 15_000

/** Tells the house what was scanned without it; what it objects to is kept as a conflict. Throws while there is no network. */
export async function reportWaiting(): Promise<void> {
  const waiting = (await readAll('scans')).filter(({ state }) => state === 'waiting')
  for (let from = 0; from < waiting.length; from += mostPerReport) {
    const scans = waiting.slice(from, from + mostPerReport)
    const report = await call('reportScans', { body: { scans: scans.map(told) } })
    const conflicts = new Map(report.conflicts.map((conflict) => [conflict.id, conflict]))
    for (const scan of scans) {
      const conflict = conflicts.get(scan.id)
      await keep('scans', conflict ? judged(scan, conflict.code, conflict.checkedInAt) : { ...scan, state: 'done' })
    }
  }
}

/** Whoever came in with a party was let in by name: nobody scanned their code. */
export function told({ id, code, ticketId, at }: Scan) {
  return { id, at, ...(code === '' ? { ticketId } : { code }) }
}

/** What the house says of a scan, kept with it. */
export function judged(scan: Scan, reason: string, firstAt: string | null): Scan {
  const isOwn =
    scan.wasAsked === true &&
    reason === 'already_checked_in' &&
    firstAt !== null &&
    Math.abs(Date.parse(firstAt) - Date.parse(scan.at)) < sameMomentMs
  return isOwn ? { ...scan, state: 'done' } : { ...scan, state: 'conflict', reason, firstAt }
}

/** Scans that a fresh pack knows of are not needed any more. */
export async function dropKnown(asOf: ReadonlyMap<string, string>): Promise<void> {
  for (const { id, showtimeId, at, state } of await readAll('scans')) {
    const fresh = asOf.get(showtimeId)
    if (state === 'done' && fresh !== undefined && fresh > at) await drop('scans', id)
  }
}
