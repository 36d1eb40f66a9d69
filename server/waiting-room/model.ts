import { createHash, createHmac, randomBytes } from 'node:crypto'
import type { waitingStatuses } from '../../contract/waiting-room.ts'
import type { WaitingEntryRow, WaitingRoomRow } from '../database/tables/waiting-rooms.ts'

const seedBytes = 32

/** A seed, in hexadecimal. */
export function newSeed(): string {
  return randomBytes(seedBytes).toString('hex')
}

/** What is told of a seed before the draw. */
export function seedHashOf(seed: string): string {
  return createHash('sha256').update(Buffer.from(seed, 'hex')).digest('hex')
}

/** What the draw sorts by: whoever knows the seed can work it out for every entry, and nobody can before. */
export function lotOf(seed: string, entryId: string): string {
  return createHmac('sha256', Buffer.from(seed, 'hex')).update(entryId).digest('hex')
}

type Progress = Pick<WaitingEntryRow, 'place' | 'admittedAt' | 'admissionEndsAt'>

export function statusOf(entry: Progress, nowMs: number): (typeof waitingStatuses)[number] {
  if (entry.admissionEndsAt !== null) return entry.admissionEndsAt > nowMs ? 'admitted' : 'ended'
  return entry.place === null ? 'joined' : 'waiting'
}

/** How many are admitted before this one. */
export function aheadOf(entry: Progress, room: Pick<WaitingRoomRow, 'admittedThrough'>): number | null {
  return entry.place === null ? null : Math.max(0, entry.place - room.admittedThrough - 1)
}

type Pace = Pick<WaitingRoomRow, 'admitPerMinute' | 'admittedAtOnce' | 'admissionSeconds'>

/** Seconds within which somebody with so many before them is admitted, though everybody takes all of their time. */
export function estimateSeconds(ahead: number, { admitPerMinute, admittedAtOnce, admissionSeconds }: Pace): number {
  const groupsBefore = Math.floor(ahead / admittedAtOnce) + 1
  const minutesBefore = Math.floor(ahead / admitPerMinute) + 1
  return Math.max(groupsBefore * admissionSeconds, minutesBefore * 60)
}

/** How many may be admitted now: no more at once, and no more in any minute, than the room says. */
export function roomFor(
  { admitPerMinute, admittedAtOnce }: Pace,
  { active, lately }: { readonly active: number; readonly lately: number },
): number {
  return Math.max(0, Math.min(admittedAtOnce - active, admitPerMinute - lately))
}
