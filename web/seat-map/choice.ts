import type { MappedSeat, SeatStatus } from '../../contract/holds.ts'

/** How many of each ticket type come. */
export type Party = Readonly<Record<string, number>>

/** Seats that are not free, by id; what is not in it is available. */
export type Taken = ReadonlyMap<string, SeatStatus>

export function partySize(party: Party): number {
  return Object.values(party).reduce((sum, count) => sum + count, 0)
}

/** The ticket type of each seat, in the order of the party; seats beyond it are of its first type. */
export function typesFor(party: Party, seats: readonly unknown[]): string[] {
  const wanted = Object.entries(party).flatMap(([type, count]) => Array.from({ length: count }, () => type))
  return seats.map((_, index) => wanted[index] ?? wanted[0] ?? 'adult')
}

/** A party of as many as there are seats: who is missing comes as the first type, who is too many goes from the end. */
export function fitParty(party: Party, size: number, firstType: string): Party {
  const fitted: Record<string, number> = { ...party }
  let difference = size - partySize(party)
  if (difference > 0) fitted[firstType] = (fitted[firstType] ?? 0) + difference
  for (const type of Object.keys(party).toReversed()) {
    const leaves = Math.min(fitted[type] ?? 0, Math.max(0, -difference))
    fitted[type] = (fitted[type] ?? 0) - leaves
    difference += leaves
  }
  return fitted
}

/** The whole sofa of a seat where sofas are sold whole, else the seat. */
export function unitOf(seats: readonly MappedSeat[], id: string, wholeSofas: boolean): string[] {
  const seat = seats.find((one) => one.id === id)
  if (!wholeSofas || seat?.unit === undefined) return [id]
  return seats.filter(({ unit }) => unit === seat.unit).map((one) => one.id)
}

/**
 * Seats side by side for a party of `count`, as close to where somebody pointed as free neighbours allow; null where there
 * are not so many together. Wheelchair and companion places are taken only when pointed at.
 */
export function seatsTogether(seats: readonly MappedSeat[], taken: Taken, at: string, count: number): string[] | null {
  const pointed = seats.find(({ id }) => id === at)
  if (!pointed || taken.has(at)) return null
  const isFor = (seat: MappedSeat) => seat.id === at || (seat.kind !== 'wheelchair' && seat.kind !== 'companion')
  const byColumn = new Map(
    seats
      .filter((seat) => seat.line === pointed.line && !taken.has(seat.id) && isFor(seat))
      .map((s) => [s.column, s.id]),
  )
  for (let shift = 0; shift < count; shift += 1) {
    const columns = Array.from({ length: count }, (_, index) => pointed.column - shift + index)
    const found = columns.flatMap((column) => byColumn.get(column) ?? [])
    if (found.length === count) return found
  }
  return null
}

const mostGroups = 3

/** Up to three groups of `count` free seats side by side, nearest to `lost` first and without a seat in common. */
export function groupsNear(
  seats: readonly MappedSeat[],
  taken: Taken,
  lost: readonly string[],
  count: number,
): (readonly string[])[] {
  const [centre] = seats.filter(({ id }) => lost.includes(id))
  if (!centre) return []
  const distance = ({ line, column }: MappedSeat) => Math.abs(line - centre.line) * 2 + Math.abs(column - centre.column)
  const free = seats
    .filter(({ id, kind }) => !taken.has(id) && (kind === 'standard' || kind === 'sofa'))
    .toSorted((one, other) => distance(one) - distance(other))
  const groups: (readonly string[])[] = []
  const used = new Set<string>()
  for (const { id } of free) {
    const group = used.has(id) ? null : seatsTogether(seats, taken, id, count)
    if (!group || group.some((seat) => used.has(seat))) continue
    for (const seat of group) used.add(seat)
    groups.push(group)
    if (groups.length === mostGroups) break
  }
  return groups
}

/** The seat that an arrow key leads to: the nearest one in that direction, taken ones too, so that all can be read. */
export function neighbour(seats: readonly MappedSeat[], from: string, key: string): string | null {
  const here = seats.find(({ id }) => id === from)
  if (!here) return null
  const distances: Readonly<Record<string, (seat: MappedSeat) => number | null>> = {
    ArrowRight: ({ line, column }) => (line === here.line && column > here.column ? column - here.column : null),
    ArrowLeft: ({ line, column }) => (line === here.line && column < here.column ? here.column - column : null),
    ArrowDown: ({ line, column }) =>
      line > here.line ? (line - here.line) * 1000 + Math.abs(column - here.column) : null,
    ArrowUp: ({ line, column }) =>
      line < here.line ? (here.line - line) * 1000 + Math.abs(column - here.column) : null,
    Home: ({ line, column }) => (line === here.line ? column : null),
    End: ({ line, column }) => (line === here.line ? -column : null),
  }
  const distanceTo = distances[key]
  if (!distanceTo) return null
  let nearest: { id: string; distance: number } | null = null
  for (const seat of seats) {
    const distance = distanceTo(seat)
    if (distance !== null && (nearest === null || distance < nearest.distance)) nearest = { id: seat.id, distance }
  }
  return nearest?.id ?? null
}

const seatOrder = new Intl.Collator('en', { numeric: true })

/** Seats as people read them: K9 before K10. */
export function inOrder(seats: readonly string[]): string[] {
  return seats.toSorted(seatOrder.compare)
}

interface Seated {
  readonly seat: string | null
}

/** Sorts what has a seat as people read seats; what has none keeps its place. */
export function bySeat(one: Seated, other: Seated): number {
  return seatOrder.compare(one.seat ?? '', other.seat ?? '')
}
