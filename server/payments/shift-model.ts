import type { Shift } from '../../contract/shifts.ts'
import type { ShiftMovementRow, ShiftRow } from '../database/tables/shifts.ts'
import { formatInstant, formatInstantOrNull } from '../platform/time.ts'

export const shiftTenders = ['cash', 'card', 'voucher', 'comp'] as const
export type ShiftTender = (typeof shiftTenders)[number]
/** Minor units by tender. */
export type TenderSums = Readonly<Partial<Record<ShiftTender, number>>>

export function presentShift(row: ShiftRow, movements: readonly ShiftMovementRow[]): Shift {
  const money = (amount: number) => ({ amount, currency: row.currency })
  const expected = parseSums(row.expected)
  const counted = parseSums(row.counted)
  const shown = (sums: TenderSums | null) =>
    sums && Object.fromEntries(Object.entries(sums).map(([tender, amount]) => [tender, money(amount)]))
  return {
    id: row.id,
    theatreId: row.theatreId,
    till: row.till,
    number: row.number,
    status: row.closedAt === null ? 'open' : 'closed',
    float: money(row.floatAmount),
    movements: movements
      .filter(({ shiftId }) => shiftId === row.id)
      .map(({ id, amount, reason, createdBy, createdAt }) => ({
        id,
        amount: money(amount),
        reason,
        createdBy,
        createdAt: formatInstant(createdAt),
      })),
    openedBy: row.openedBy,
    openedAt: formatInstant(row.openedAt),
    closedBy: row.closedBy,
    closedAt: formatInstantOrNull(row.closedAt),
    expected: shown(expected),
    counted: shown(counted),
    difference: shown(expected && counted && differenceOf(expected, counted)),
  }
}

/** What was counted above what was expected, for each tender that was counted. */
export function differenceOf(expected: TenderSums, counted: TenderSums): TenderSums {
  return Object.fromEntries(
    shiftTenders.flatMap((tender) => {
      const found = counted[tender]
      return found === undefined ? [] : [[tender, found - (expected[tender] ?? 0)]]
    }),
  )
}

function parseSums(text: string | null): TenderSums | null {
  return text === null ? null : JSON.parse(text)
}
