import type { Layout, LayoutSeat, ReservedLayout } from '../../../contract/layouts.ts'

/** Who comes together: seats side by side, or (general admission) so many places. */
export type Party = { readonly seats: readonly string[] } | { readonly count: number }

/** How large parties are, of a hundred. Source: 230,019 real orders of a chain (mean 2.25). */
const sizes: readonly (readonly [size: number, share: number])[] = [
  [1, 22],
  [2, 53],
  [3, 12],
  [4, 9],
  [5, 4],
]

/** A source of chance from 0 to just below 1 that is the same for the same name (mulberry32). */
export function chanceOf(name: string): () => number {
  let state = [...name].reduce((sum, character) => (Math.imul(sum, 31) + character.charCodeAt(0)) | 0, 7)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Parties that fill about this share of a hall, the middle and the back first, as people choose. */
export function partiesFor(layout: Layout, share: number, chance: () => number): Party[] {
  if (layout.seating === 'general') return crowd(Math.floor(layout.capacity * share), chance)
  const blocks = blocksOf(layout)
  const all = blocks.reduce((sum, block) => sum + block.length, 0)
  const parties: Party[] = []
  for (let left = Math.floor(all * share), tries = all; left > 0 && tries > 0; tries -= 1) {
    const size = Math.min(left, sizeOf(chance()))
    // The larger of two throws: the back of the house fills before its front.
    const block = blocks[Math.floor(Math.max(chance(), chance()) * blocks.length)]
    if (!block || block.length < size) continue
    const start = Math.floor(((chance() + chance()) / 2) * (block.length - size + 1))
    parties.push({ seats: block.slice(start, start + size) })
    blocks.splice(blocks.indexOf(block), 1, ...[block.slice(0, start), block.slice(start + size)].filter(isNotEmpty))
    left -= size
  }
  return parties
}

function crowd(places: number, chance: () => number): Party[] {
  const parties: Party[] = []
  for (let left = places; left > 0;) {
    const count = Math.min(left, sizeOf(chance()))
    parties.push({ count })
    left -= count
  }
  return parties
}

function sizeOf(throw100: number): number {
  let rest = throw100 * 100
  for (const [size, share] of sizes) {
    rest -= share
    if (rest < 0) return size
  }
  return 2
}

/** Seats side by side without an aisle between, from the front to the back; only those that are anybody's to take. */
function blocksOf(layout: ReservedLayout): string[][] {
  const rows = layout.rows.toSorted((one, other) => one.line - other.line)
  return rows.flatMap((row) => {
    const blocks: string[][] = []
    let previous: LayoutSeat | null = null
    for (const seat of row.seats.toSorted((one, other) => one.column - other.column)) {
      if (seat.kind !== 'standard') continue
      const isBeside = previous !== null && seat.column === previous.column + 1
      if (!isBeside) blocks.push([])
      blocks.at(-1)?.push(`${row.label}${seat.number}`)
      previous = seat
    }
    return blocks
  })
}

function isNotEmpty(block: readonly string[]): boolean {
  return block.length > 0
}
