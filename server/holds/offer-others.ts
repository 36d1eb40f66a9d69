import { suggestSeats } from './choose-seats.ts'
import { isLive } from './model.ts'
import type { SeatRules } from './choose-seats.ts'
import type { HoldStore, ShowtimeForSale } from './store.ts'

/** So many are worked out in one turn of the event loop: in a rush for a large hall everybody else waits for them. */
const mostPerTurn = 32

/** Answers groups of seats like those that somebody did not get; none where too many lose theirs at once. */
export type OfferOthers = (
  showtime: ShowtimeForSale,
  wanted: readonly string[],
  rules: SeatRules,
  nowMs: number,
) => Promise<string[][]>

/** Those who lose in the same commit hear of it in the same turn of the event loop, and share one look at the hall. */
export function offerOthers(store: Pick<HoldStore, 'claims'>): OfferOthers {
  const looks = new Map<string, Promise<ReadonlySet<string>>>()
  let asked = 0

  async function look(showtimeId: string, nowMs: number): Promise<ReadonlySet<string>> {
    const claims = await store.claims(showtimeId)
    return new Set(claims.filter((claim) => isLive(claim, nowMs)).map(({ seatId }) => seatId))
  }

  return async (showtime, wanted, rules, nowMs) => {
    if (asked === 0) {
      setImmediate(() => {
        looks.clear()
        asked = 0
      })
    }
    asked += 1
    if (asked > mostPerTurn) return []
    const taken = await looks.getOrInsertComputed(showtime.id, () => look(showtime.id, nowMs))
    return suggestSeats(showtime.layout, taken, wanted, rules)
  }
}
