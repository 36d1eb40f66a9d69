import type { MappedSeat } from '../../contract/holds.ts'
import { seatsTogether, unitOf } from '../seat-map/choice.ts'
import type { Taken } from '../seat-map/choice.ts'

/**
 * The seats that are chosen after one was pressed. A chosen seat goes; of a party that has all its seats, or none, the whole
 * party moves to where somebody pointed; a part of it grows seat by seat. A taken seat changes nothing.
 */
export function pressSeat(
  seats: readonly MappedSeat[],
  taken: Taken,
  chosen: readonly string[],
  size: number,
  at: string,
  wholeSofas: boolean,
): readonly string[] {
  const unit = unitOf(seats, at, wholeSofas)
  if (chosen.includes(at)) return chosen.filter((id) => !unit.includes(id))
  if (unit.some((id) => taken.has(id))) return chosen
  const isWhole = chosen.length === 0 || chosen.length >= size
  const together = size > 1 && isWhole ? seatsTogether(seats, taken, at, size) : null
  if (together) return together
  return [...(size > 0 && chosen.length >= size ? chosen.slice(unit.length) : chosen), ...unit]
}
