import type { Database } from '../database/database.ts'
import type { TheatreRow } from '../database/tables/venues.ts'
import type { Caller } from '../http/caller.ts'
import { isRefusal, refuse, refuseField } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { addDays, businessDayRange, isDay, isTimeProblem, parseTime } from '../platform/time.ts'
import { mayManageTheatre } from '../venues/policy.ts'
import { settingsOf } from '../venues/settings.ts'
import { findTheatre } from '../venues/store.ts'

/**
 * The theatres that a manager's question is about: the one that is named, which must be the caller's, else all of the
 * caller's. Undefined is every theatre there is.
 */
export async function managedTheatres(
  database: Database,
  caller: Caller,
  theatreId: string | undefined,
): Promise<readonly string[] | undefined | Refusal<'not_found' | 'forbidden'>> {
  if (theatreId !== undefined) {
    const theatre = await findTheatre(database.read, theatreId)
    if (!theatre) return refuse('not_found', 'There is no such theatre.')
    return mayManageTheatre(caller, theatre) ? [theatre.id] : refuse('forbidden', 'This theatre is somebody else’s.')
  }
  if (caller.kind === 'account' && caller.role === 'admin') return undefined
  const userId = caller.kind === 'account' ? caller.userId : ''
  const owned = await database.read.selectFrom('theatres').select('id').where('ownerId', '=', userId).execute()
  return owned.map(({ id }) => id)
}

export interface Period {
  readonly fromMs?: number | undefined
  readonly beforeMs?: number | undefined
}

/** Reads `from` and `to`: instants, or days of a theatre (of UTC where none is named), the last of them with all its hours. */
export function readPeriod(
  query: { readonly from?: string | undefined; readonly to?: string | undefined },
  theatre: Pick<TheatreRow, 'timeZone' | 'settings'> | null,
): Period | Refusal<'validation_failed'> {
  const zone = theatre?.timeZone ?? 'UTC'
  const startsAt = theatre ? settingsOf(theatre).businessDayStartsAt : '00:00'
  const read = (text: string | undefined, days: number) => {
    if (text === undefined) return undefined
    return isDay(text) ? businessDayRange(addDays(text, days), zone, startsAt).fromMs : parseTime(text)
  }
  const fromMs = read(query.from, 0)
  const beforeMs = read(query.to, 1)
  if (fromMs !== undefined && isTimeProblem(fromMs)) return refuseField('/from', fromMs.problem)
  if (beforeMs !== undefined && isTimeProblem(beforeMs)) return refuseField('/to', beforeMs.problem)
  return { fromMs, beforeMs }
}

export interface Question extends Period {
  readonly theatreIds: readonly string[] | undefined
}

/** Which theatres a manager asks about, and from when to when. */
export async function readQuestion(
  database: Database,
  caller: Caller,
  query: {
    readonly theatreId?: string | undefined
    readonly from?: string | undefined
    readonly to?: string | undefined
  },
): Promise<Question | Refusal<'not_found' | 'forbidden' | 'validation_failed'>> {
  const theatreIds = await managedTheatres(database, caller, query.theatreId)
  if (isRefusal(theatreIds)) return theatreIds
  const theatre = query.theatreId === undefined ? null : ((await findTheatre(database.read, query.theatreId)) ?? null)
  const period = readPeriod(query, theatre)
  return isRefusal(period) ? period : { theatreIds, ...period }
}
