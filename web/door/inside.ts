import type { DoorPack } from '../../contract/door.ts'
import type { Scan } from './door-store.ts'

/** How many are in and how many are expected in all: what the house knew, and what this device let in since. */
export function insideOf(pack: DoorPack, scans: readonly Scan[]): { readonly inside: number; readonly all: number } {
  const here = new Set(
    scans.filter(({ showtimeId }) => showtimeId === pack.showtime.id).map(({ ticketId }) => ticketId),
  )
  const listed = new Set(pack.tickets.map(({ id }) => id))
  const soldSince = [...here].filter((id) => !listed.has(id)).length
  const inside = pack.tickets.filter(({ id, checkedInAt }) => checkedInAt !== null || here.has(id)).length
  return { inside: inside + soldSince, all: pack.tickets.length + soldSince }
}
