import type { CheckIn } from '../../contract/door.ts'
import type { Transaction } from '../database/database.ts'
import { must } from '../platform/assert.ts'
import { isRefusal, refuse, refuseField } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { alreadyCheckedIn, judgeOccasion, judgeValidity } from './model.ts'
import type { DoorRow, EntryRefusal } from './model.ts'
import { presentCheckIn } from './present.ts'
import { findParty, findShow, insertCheckIns, markUsed } from './store.ts'

export interface CheckInCommand {
  readonly bookingId: string
  /** The ticket that was scanned; without one the booking as a whole is. */
  readonly scanned: { readonly ticketId: string; readonly codeRevision?: number } | null
  /** The door's own showtime, where it named one. */
  readonly showtimeId: string | undefined
  /** How many come in: 1 of a ticket, all that are left of a booking, where it is not said. */
  readonly admit: number | undefined
  readonly byUserId: string
}

export type CheckInRefusal = EntryRefusal | Refusal<'not_found' | 'validation_failed'>

/**
 * Lets in one ticket, or as many of its party as are asked for: all of them or nobody. Exactly one of many concurrent scans wins
 * a ticket. Refuses what is not valid first, then what is for another time, and only then what was used.
 */
export async function checkIn(tx: Transaction, command: CheckInCommand): Promise<CheckIn | CheckInRefusal> {
  const party = await findParty(tx.query, command.bookingId)
  const shown = shownTicket(party, command)
  const show = shown && (await findShow(tx.query, shown.showtimeId))
  if (!show) return refuse('not_found')
  if ((command.admit ?? 1) > party.length) return refuseField('/admit', 'is more than the booking has tickets')
  const refused =
    judgeValidity(shown, command.scanned?.codeRevision) ??
    judgeOccasion(shown, show, { showtimeId: command.showtimeId, nowMs: tx.nowMs })
  if (refused) return refused

  const admitted = await admit(tx, party, command)
  if (isRefusal(admitted)) return admitted
  await insertCheckIns(
    tx,
    admitted.map((ticketId) => ({
      ticketId,
      outcome: 'admitted',
      at: tx.nowMs,
      byUserId: command.byUserId,
      scanId: null,
    })),
  )
  const now = await findParty(tx.query, command.bookingId)
  const rows = admitted.map((id) =>
    must(
      now.find((row) => row.id === id),
      'An admitted ticket is of its party',
    ),
  )
  return presentCheckIn(rows, now, show, tx.nowMs)
}

/** The ticket that stands for the scan: of a whole booking, one that was not cancelled. */
function shownTicket(party: readonly DoorRow[], { scanned }: CheckInCommand): DoorRow | undefined {
  if (scanned) return party.find(({ id }) => id === scanned.ticketId)
  return party.find(({ status }) => status !== 'void') ?? party[0]
}

/** Marks the tickets used; answers their ids, the scanned one first. */
async function admit(
  tx: Transaction,
  party: readonly DoorRow[],
  { scanned, admit: asked, bookingId }: CheckInCommand,
): Promise<string[] | EntryRefusal | Refusal<'validation_failed'>> {
  const standing = party.filter(({ status }) => status !== 'void')
  const free = standing.filter(({ status }) => status === 'valid')
  const count = asked ?? (scanned ? 1 : Math.max(1, free.length))
  if (count > standing.length) return refuseField('/admit', 'is more than the booking has tickets')

  const admitted: string[] = []
  if (scanned) {
    admitted.push(...(await markUsed(tx, [scanned.ticketId], tx.nowMs, scanned.codeRevision)))
    if (admitted.length === 0) return lostTicket(await findParty(tx.query, bookingId), scanned)
  }
  // Another door may be faster with one of the party: then there is another look for those that are left.
  for (let current = party; admitted.length < count; current = await findParty(tx.query, bookingId)) {
    const others = current.filter(({ id }) => !admitted.includes(id))
    const left = others.filter(({ status }) => status === 'valid').map(({ id }) => id)
    const missing = count - admitted.length
    if (left.length < missing)
      return alreadyCheckedIn(
        others.filter(({ status }) => status === 'used'),
        left.length,
      )
    admitted.push(...(await markUsed(tx, left.slice(0, missing), tx.nowMs)))
  }
  return admitted
}

/** Why a ticket that was valid a moment ago could not be marked: it was used, cancelled or given another code meanwhile. */
function lostTicket(
  party: readonly DoorRow[],
  scanned: { readonly ticketId: string; readonly codeRevision?: number },
): EntryRefusal {
  const row = must(
    party.find(({ id }) => id === scanned.ticketId),
    'A ticket stays in its booking',
  )
  const left = party.filter(({ status }) => status === 'valid').length
  return judgeValidity(row, scanned.codeRevision) ?? alreadyCheckedIn([row], left)
}
