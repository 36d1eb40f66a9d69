import { sql } from 'kysely'
import type { Kysely, RawBuilder } from 'kysely'
import { limitOf, orderBy, readCursor, toPage } from '../database/paging.ts'
import type { Order, Page } from '../database/paging.ts'
import type { Tables } from '../database/tables/index.ts'
import type { ShowtimeRow } from '../database/tables/showtimes.ts'
import type { Caller } from '../http/caller.ts'
import type { FieldProblem } from '../http/validate.ts'
import { fold } from '../platform/fold.ts'
import { isRefusal, refuseFields } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { isDay, isTimeProblem, parseTime } from '../platform/time.ts'
import { findTheatre } from '../venues/store.ts'
import { longestShowtimeMs } from './model.ts'
import { formatOf } from './plan-showtime.ts'

const showtimeOrder = {
  name: 'start',
  keys: [
    { column: 'showtimes.startsAt', direction: 'asc', type: 'number' },
    { column: 'showtimes.id', direction: 'asc', type: 'text' },
  ],
} as const satisfies Order

/** A bound of a list: an instant, or a business day wherever the theatre is. */
type Bound = { readonly atMs: number } | { readonly day: string }

interface ShowtimeFilter {
  readonly movieId?: string | undefined
  readonly theatreId?: string | undefined
  readonly city?: string | undefined
  readonly format?: string | undefined
  /** The theatre's business day. */
  readonly date?: string | undefined
  /** Starts from here on; a day with all of it. */
  readonly from?: Bound | undefined
  /** Starts before here; a day with all of it. */
  readonly to?: Bound | undefined
}

/** Reads `from` and `to`: a business day, a time with an offset, or, where the theatre is known, a local time. */
function readBound(
  name: string,
  text: string | undefined,
  timeZone: string | undefined,
  problems: FieldProblem[],
): Bound | undefined {
  if (text === undefined) return undefined
  if (isDay(text)) return { day: text }
  const atMs = parseTime(text, timeZone)
  if (!isTimeProblem(atMs)) return { atMs }
  problems.push({ path: `/${name}`, message: atMs.problem })
  return undefined
}

/**
 * Showtimes after a cursor, by start; `count` is one more than a page. Without `date` and `from` the public ones still on sale;
 * with them everything of that span that the caller may know of: public ones, and drafts and the rest of their own house.
 */
async function listShowtimes(
  query: Kysely<Tables>,
  filter: ShowtimeFilter,
  caller: Caller,
  nowMs: number,
  after: RawBuilder<boolean>,
  count: number,
): Promise<ShowtimeRow[]> {
  const { movieId, theatreId, city, format, date, from, to } = filter
  let showtimes = query.selectFrom('showtimes').selectAll('showtimes')
  if (movieId !== undefined) showtimes = showtimes.where('movieId', '=', movieId)
  if (theatreId !== undefined) showtimes = showtimes.where('theatreId', '=', theatreId)
  if (format !== undefined) showtimes = showtimes.where('format', '=', format)
  if (date !== undefined) showtimes = showtimes.where('businessDate', '=', date)
  if (from) showtimes = showtimes.where(startsFrom(from))
  if (to) showtimes = showtimes.where(startsBefore(to))
  if (city !== undefined) showtimes = showtimes.where(inCity(city))
  return await showtimes
    .where(date === undefined && !from ? onSale(nowMs) : knownTo(caller))
    .where(after)
    .orderBy(orderBy(showtimeOrder))
    .limit(count)
    .execute()
}

/** What a list is asked for, as texts. */
interface ListQuery extends Omit<ShowtimeFilter, 'from' | 'to'> {
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly limit?: number | undefined
  readonly cursor?: string | undefined
}

/** One page of the list that a query asks for. Refuses `validation_failed` for times that are none and foreign cursors. */
export async function readPage(
  query: Kysely<Tables>,
  asked: ListQuery,
  caller: Caller,
  nowMs: number,
): Promise<Page<ShowtimeRow> | Refusal<'validation_failed'>> {
  const after = readCursor(showtimeOrder, asked.cursor)
  if (isRefusal(after)) return after
  const filter = await readFilter(query, asked)
  if (isRefusal(filter)) return filter
  const limit = limitOf(asked)
  const rows = await listShowtimes(query, filter, caller, nowMs, after, limit + 1)
  return toPage(
    showtimeOrder,
    rows,
    limit,
    (row) => [row.startsAt, row.id],
    (row) => row,
  )
}

async function readFilter(
  query: Kysely<Tables>,
  { from, to, format, ...asked }: ListQuery,
): Promise<ShowtimeFilter | Refusal<'validation_failed'>> {
  const problems: FieldProblem[] = []
  if (asked.date !== undefined && !isDay(asked.date)) {
    problems.push({ path: '/date', message: 'is not a day of the calendar' })
  }
  const isBounded = from !== undefined || to !== undefined
  const theatre = isBounded && asked.theatreId !== undefined ? await findTheatre(query, asked.theatreId) : undefined
  const filter = {
    ...asked,
    format: format === undefined ? undefined : formatOf(format),
    from: readBound('from', from, theatre?.timeZone, problems),
    to: readBound('to', to, theatre?.timeZone, problems),
  }
  return problems.length > 0 ? refuseFields(problems) : filter
}

function startsFrom(from: Bound): RawBuilder<boolean> {
  return 'day' in from
    ? sql<boolean>`showtimes.business_date >= ${from.day}`
    : sql<boolean>`showtimes.starts_at >= ${from.atMs}`
}

function startsBefore(to: Bound): RawBuilder<boolean> {
  return 'day' in to
    ? sql<boolean>`showtimes.business_date <= ${to.day}`
    : sql<boolean>`showtimes.starts_at < ${to.atMs}`
}

function inCity(city: string): RawBuilder<boolean> {
  return sql<boolean>`showtimes.theatre_id IN (SELECT id FROM theatres WHERE city_folded = ${fold(city)})`
}

/** Sales end with the showtime at the latest, and no showtime is longer than that: so the index by start can be used. */
function onSale(nowMs: number): RawBuilder<boolean> {
  return sql<boolean>`(showtimes.status = 'scheduled' AND showtimes.visibility = 'public'
    AND showtimes.sales_close_at > ${nowMs} AND showtimes.starts_at > ${nowMs - longestShowtimeMs})`
}

function knownTo(caller: Caller): RawBuilder<boolean> {
  const listed = sql`(showtimes.status <> 'draft' AND showtimes.visibility = 'public')`
  if (caller.kind === 'guest' || caller.role === 'customer') return sql<boolean>`${listed}`
  if (caller.role === 'admin') return sql<boolean>`1 = 1`
  return sql<boolean>`(${listed}
    OR showtimes.theatre_id IN (SELECT id FROM theatres WHERE owner_id = ${caller.userId})
    OR showtimes.theatre_id IN (SELECT theatre_id FROM theatre_staff WHERE user_id = ${caller.userId}))`
}
