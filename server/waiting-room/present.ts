import type { WaitingDraw, WaitingEntry, WaitingRoom } from '../../contract/waiting-room.ts'
import type { WaitingEntryRow, WaitingRoomRow } from '../database/tables/waiting-rooms.ts'
import type { Secrets } from '../platform/secrets.ts'
import { formatInstant, formatInstantOrNull } from '../platform/time.ts'
import { signAdmission } from './admission.ts'
import { seedPurpose } from './join.ts'
import { aheadOf, estimateSeconds, statusOf } from './model.ts'

/** A room as everybody may see it: the seed only after the draw. */
export function presentRoom(secrets: Secrets, room: WaitingRoomRow): WaitingRoom {
  const { showtimeId, admitPerMinute, admittedAtOnce, admissionSeconds, seedHash, drawnAt } = room
  return {
    showtimeId,
    opensAt: formatInstant(room.opensAt),
    admitPerMinute,
    admittedAtOnce,
    admissionSeconds,
    waiting: room.lastPlace - room.admittedThrough,
    seedHash,
    seed: drawnAt === null ? null : secrets.decrypt(seedPurpose, room.sealedSeed),
    drawnAt: formatInstantOrNull(drawnAt),
  }
}

/** An entry as its owner sees it, but for the token of its admission, which is derived anew each time (`withAdmission`). */
export function presentEntry(entry: WaitingEntryRow, room: WaitingRoomRow, nowMs: number): WaitingEntry {
  const status = statusOf(entry, nowMs)
  const ahead = status === 'waiting' ? aheadOf(entry, room) : null
  return {
    id: entry.id,
    showtimeId: entry.showtimeId,
    status,
    opensAt: formatInstant(room.opensAt),
    joinedAt: formatInstant(entry.joinedAt),
    seedHash: room.seedHash,
    ahead,
    estimateSeconds: ahead === null ? null : estimateSeconds(ahead, room),
    admission: status === 'admitted' ? { token: '', expiresAt: formatInstant(entry.admissionEndsAt ?? nowMs) } : null,
  }
}

export function withAdmission(secrets: Secrets, presented: WaitingEntry, client: string): WaitingEntry {
  if (!presented.admission) return presented
  const { expiresAt } = presented.admission
  const token = signAdmission(secrets, presented.showtimeId, client, Date.parse(expiresAt))
  return { ...presented, admission: { token, expiresAt } }
}

/** The draw; before it there is no more to tell than the hash of its seed. */
export function presentDraw(secrets: Secrets, room: WaitingRoomRow | undefined, entries: string[]): WaitingDraw {
  const drawnAt = room?.drawnAt ?? null
  return {
    seedHash: room?.seedHash ?? null,
    seed: room && drawnAt !== null ? secrets.decrypt(seedPurpose, room.sealedSeed) : null,
    drawnAt: formatInstantOrNull(drawnAt),
    entries,
  }
}
