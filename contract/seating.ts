/** What of seating needs no schema: the layout editor and the seat map have it without the library behind those. */

/** What a seat is, beside its price category. */
export const seatKinds = ['standard', 'wheelchair', 'companion', 'sofa', 'restricted_view'] as const

/** The most seats that one layout may have. */
export const maximumSeats = 2_000

/** The most that rows may bow away from the screen, in tenths of a line. */
export const maximumCurve = 40

/**
 * How many lines behind its own a seat of a bowed row is drawn: most in the middle of the hall, nothing at its sides.
 * `first` and `last` are the hall's outermost columns, `curve` is in tenths of a line.
 */
export function bowOf(column: number, first: number, last: number, curve: number): number {
  const half = Math.max(0.5, (last - first) / 2)
  const away = (column - (first + last) / 2) / half
  return (curve / 10) * (1 - away * away)
}
