import type { PriceRule } from '../../contract/prices.ts'
import type { ShowtimeInput } from '../../contract/showtimes.ts'
import type { Transaction } from '../database/database.ts'
import type { ShowtimeRow } from '../database/tables/showtimes.ts'
import { refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { categoriesOf } from '../venues/layout.ts'
import { findLayout } from '../venues/store.ts'
import type { Hall } from './model.ts'
import type { Surroundings } from './plan-showtime.ts'
import { findHalls, findPriceRules, findRuntimes, findTicketTypeKeys } from './store.ts'

type Named = Pick<ShowtimeInput, 'auditoriumId' | 'movieId' | 'priceListId'>

/** Looks up what showtimes name. `of` answers the refusal `not_found` for what is not there. */
export interface Gathered {
  of(named: Named): Surroundings | Refusal<'not_found'>
}

/** Looks up, in a few questions for all of them, everything that these showtimes name. */
export async function gather(tx: Transaction, named: readonly Named[]): Promise<Gathered> {
  const halls = await findHalls(
    tx.query,
    named.map((each) => each.auditoriumId),
  )
  const runtimes = await findRuntimes(
    tx.query,
    named.map((each) => each.movieId),
  )
  const ticketTypes = await findTicketTypeKeys(
    tx.query,
    [...halls.values()].map((hall) => hall.theatreId),
  )
  const lists = new Map<string, readonly PriceRule[] | null>()
  for (const { priceListId, auditoriumId } of named) {
    const hall = halls.get(auditoriumId)
    if (priceListId === undefined || !hall || lists.has(listName(hall, priceListId))) continue
    const rules = await findPriceRules(tx.query, priceListId, hall.theatreId)
    lists.set(listName(hall, priceListId), rules === undefined ? null : JSON.parse(rules))
  }
  return {
    of({ auditoriumId, movieId, priceListId }) {
      const hall = halls.get(auditoriumId)
      if (!hall) return refuse('not_found', 'There is no such auditorium.')
      const runtimeMinutes = runtimes.get(movieId)
      if (runtimeMinutes === undefined) return refuse('not_found', 'There is no such movie.')
      return {
        hall,
        runtimeMinutes,
        ticketTypes: ticketTypes.get(hall.theatreId) ?? new Set(),
        priceRules: priceListId === undefined ? null : (lists.get(listName(hall, priceListId)) ?? null),
      }
    },
  }
}

function listName(hall: Hall, priceListId: string): string {
  return `${hall.theatreId} ${priceListId}`
}

const minuteMs = 60_000

/** A showtime's own hall: with the layout and the turnaround that it was made with, whatever the auditorium has now. */
export async function hallAsMade(tx: Transaction, hall: Hall, row: ShowtimeRow): Promise<Hall> {
  const { layoutVersion, seating, capacity } = row
  const layout =
    layoutVersion === hall.layoutVersion ? null : await findLayout(tx.query, row.auditoriumId, layoutVersion)
  return {
    ...hall,
    turnaroundMinutes: (row.busyUntil - row.endsAt) / minuteMs,
    layoutVersion,
    seating,
    capacity,
    categories: layout ? categoriesOf(layout) : hall.categories,
  }
}
