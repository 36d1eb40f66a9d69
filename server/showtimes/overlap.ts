import type { Transaction } from '../database/database.ts'
import { inChunks } from '../database/chunks.ts'
import type { ShowtimeRow } from '../database/tables/showtimes.ts'
import { formatInstant } from '../platform/time.ts'
import { refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { longestShowtimeMs, longestTurnaroundMs } from './model.ts'

/** When an auditorium is taken: from the start to the end of the turnaround. */
export type Slot = Pick<ShowtimeRow, 'id' | 'auditoriumId' | 'startsAt' | 'endsAt' | 'busyUntil'>

/** Two slots that meet: `wanted` is one of those asked about, `other` one that exists or another of those asked about. */
export interface Overlap {
  readonly wanted: Slot
  readonly other: Slot
}

const longestSlotMs = longestShowtimeMs + longestTurnaroundMs

/**
 * The overlaps of slots that are wanted with the showtimes that exist (drafts too, cancelled ones not) and with each other.
 * A wanted slot replaces the showtime of its id. The auditoriums are locked, so the answer holds until the transaction ends.
 */
export async function findOverlaps(tx: Transaction, wanted: readonly Slot[]): Promise<Overlap[]> {
  const wantedIds = new Set(wanted.map((slot) => slot.id))
  const byAuditorium = Map.groupBy(wanted, (slot) => slot.auditoriumId)
  const overlaps = await inChunks([...byAuditorium], async (chunk) => {
    const found: Overlap[] = []
    for (const [auditoriumId, slots] of chunk) {
      const existing = await existingSlots(tx, auditoriumId, slots)
      found.push(
        ...meetings(
          slots,
          existing.filter((slot) => !wantedIds.has(slot.id)),
        ),
      )
    }
    return found
  })
  return overlaps
}

async function existingSlots(tx: Transaction, auditoriumId: string, slots: readonly Slot[]): Promise<Slot[]> {
  const from = slots.reduce((earliest, slot) => Math.min(earliest, slot.startsAt), Infinity)
  const to = slots.reduce((latest, slot) => Math.max(latest, slot.busyUntil), -Infinity)
  return await tx.query
    .selectFrom('showtimes')
    .select(['id', 'auditoriumId', 'startsAt', 'endsAt', 'busyUntil'])
    .where('auditoriumId', '=', auditoriumId)
    .where('startsAt', '>', from - longestSlotMs)
    .where('startsAt', '<', to)
    .where('busyUntil', '>', from)
    .where('status', '!=', 'cancelled')
    .execute()
}

/** Goes through the slots of one auditorium by their starts, and keeps those that are still on. */
export function meetings(wanted: readonly Slot[], existing: readonly Slot[]): Overlap[] {
  const all = [
    ...wanted.map((slot) => ({ slot, isWanted: true })),
    ...existing.map((slot) => ({ slot, isWanted: false })),
  ].toSorted((one, other) => one.slot.startsAt - other.slot.startsAt)
  const found: Overlap[] = []
  let on: typeof all = []
  for (const next of all) {
    on = on.filter(({ slot }) => slot.busyUntil > next.slot.startsAt)
    for (const earlier of on) {
      if (next.isWanted) found.push({ wanted: next.slot, other: earlier.slot })
      if (earlier.isWanted) found.push({ wanted: earlier.slot, other: next.slot })
    }
    on.push(next)
  }
  return found
}

/** More would not help anybody to find the mistake. */
const reportedConflicts = 1_000

/**
 * The refusal that names every overlap, or null without any. `indexes` tells where each wanted slot stands in what was sent, by
 * its id; a conflict between two of them has `withIndex` instead of `showtimeId`.
 */
export function refuseOverlaps(
  overlaps: readonly Overlap[],
  indexes: ReadonlyMap<string, number> = new Map(),
): Refusal<'showtime_overlap'> | null {
  if (overlaps.length === 0) return null
  const conflicts = overlaps.map(({ wanted, other }) => {
    const index = indexes.get(wanted.id)
    const withIndex = indexes.get(other.id)
    return {
      ...(index !== undefined && { index }),
      ...(withIndex === undefined ? { showtimeId: other.id } : { withIndex }),
      auditoriumId: other.auditoriumId,
      startsAt: formatInstant(other.startsAt),
      endsAt: formatInstant(other.endsAt),
      busyUntil: formatInstant(other.busyUntil),
    }
  })
  conflicts.sort((one, other) => (one.index ?? 0) - (other.index ?? 0) || (one.startsAt < other.startsAt ? -1 : 1))
  return refuse('showtime_overlap', undefined, { extra: { conflicts: conflicts.slice(0, reportedConflicts) } })
}
