import type { PriceRule } from '../../contract/prices.ts'
import type { ShowtimeInput, ShowtimePatch } from '../../contract/showtimes.ts'
import type { ShowtimeRow } from '../database/tables/showtimes.ts'
import type { FieldProblem } from '../http/validate.ts'
import { localTimeOfDay } from '../platform/time.ts'
import { timeProblems, timeReader, timesOf, usualEnd, usualSalesClose } from './model.ts'
import type { Hall, Status, Times } from './model.ts'
import { fromBasePrice, fromPriceList, fromPrices } from './pricing.ts'
import type { PriceContext, Priced } from './pricing.ts'

/** What a showtime is planned with: all that its body names, looked up. */
export interface Surroundings {
  readonly hall: Hall
  readonly runtimeMinutes: number
  /** The keys of the ticket types that the theatre sells. */
  readonly ticketTypes: ReadonlySet<string>
  /** The rules of the price list that is named, if one is. */
  readonly priceRules: readonly PriceRule[] | null
}

/** A showtime as it would be; it counts only without problems. */
export interface Planned {
  readonly row: ShowtimeRow
  readonly problems: readonly FieldProblem[]
}

type Identity = Pick<ShowtimeRow, 'id' | 'externalKey' | 'createdBy' | 'createdAt'>

/** A new showtime, with everything it copies from its auditorium and theatre. */
export function planShowtime(input: ShowtimeInput, surroundings: Surroundings, identity: Identity): Planned {
  const { hall, runtimeMinutes } = surroundings
  const problems: FieldProblem[] = []
  if (input.theatreId !== undefined && input.theatreId !== hall.theatreId) {
    problems.push({ path: '/theatreId', message: 'is not the theatre of this auditorium' })
  }
  const read = timeReader(hall.timeZone, problems)
  const startsAt = read('/startsAt', input.startsAt)
  const endsAt = input.endsAt === undefined ? usualEnd(startsAt, runtimeMinutes, hall) : read('/endsAt', input.endsAt)
  const salesOpenAt = readOrNull(read, '/salesOpenAt', input.salesOpenAt)
  const salesCloseAt = readOrNull(read, '/salesCloseAt', input.salesCloseAt)
  const row = blankRow(input, hall, identity)
  if (problems.length > 0) return { row, problems }
  const times = timesOf(startsAt, endsAt, hall)
  const planned = {
    ...row,
    ...times,
    salesOpenAt,
    salesCloseAt: salesCloseAt ?? usualSalesClose(times, hall),
    staffSalesCloseAt: endsAt,
  }
  const priced = priceTable(input, planned.status, times, surroundings)
  problems.push(...timeProblems(planned), ...(priced?.problems ?? []))
  return { row: { ...planned, prices: JSON.stringify(priced?.prices ?? []) }, problems }
}

type TimeReader = (path: string, text: string) => number

function readOrNull(read: TimeReader, path: string, text: string | null | undefined): number | null {
  return text === null || text === undefined ? null : read(path, text)
}

function blankRow(input: ShowtimeInput, hall: Hall, identity: Identity): ShowtimeRow {
  return {
    ...identity,
    movieId: input.movieId,
    ...placeOf(hall),
    theatreId: hall.theatreId,
    currency: hall.currency,
    timeZone: hall.timeZone,
    startsAt: 0,
    endsAt: 0,
    busyUntil: 0,
    businessDate: '',
    format: formatOf(input.format ?? '2d'),
    language: input.language ?? null,
    subtitles: input.subtitles ?? null,
    accessibility: JSON.stringify(input.accessibility ?? []),
    prices: '[]',
    status: input.status ?? 'scheduled',
    visibility: input.visibility ?? 'public',
    salesOpenAt: null,
    salesCloseAt: 0,
    staffSalesCloseAt: 0,
    salesPaused: input.salesPaused ? 1 : 0,
    rescheduledAt: null,
    cancelledAt: null,
    cancelReason: null,
    revision: 1,
    updatedAt: identity.createdAt,
  }
}

/** Where it is and which seats it has, as the hall is now. */
function placeOf({ auditoriumId, layoutVersion, seating, capacity }: Hall) {
  return { auditoriumId, layoutVersion, seating, capacity }
}

/** `2D` and `2d` are one format. */
export function formatOf(format: string): string {
  return format.toLowerCase()
}

/**
 * A showtime after a change: what is not sent stays. A new start takes the end and the sales windows' closing along; the end
 * is counted anew only for another movie. `hall` is the showtime's own as it was made, or the one it moves to, as that is now.
 */
export function planChange(row: ShowtimeRow, patch: ShowtimePatch, surroundings: Surroundings): Planned {
  const { hall } = surroundings
  const problems: FieldProblem[] = []
  if (hall.theatreId !== row.theatreId) problems.push({ path: '/auditoriumId', message: 'is in another theatre' })
  const times = changedTimes(row, patch, surroundings, problems)
  const sales = changedSales(row, patch, times, hall, problems)
  const planned: ShowtimeRow = {
    ...row,
    movieId: patch.movieId ?? row.movieId,
    ...(hall.auditoriumId !== row.auditoriumId && placeOf(hall)),
    ...times,
    ...sales,
    format: patch.format === undefined ? row.format : formatOf(patch.format),
    language: patch.language === undefined ? row.language : patch.language,
    subtitles: patch.subtitles === undefined ? row.subtitles : patch.subtitles,
    accessibility: patch.accessibility === undefined ? row.accessibility : JSON.stringify(patch.accessibility),
    status: patch.status ?? row.status,
    visibility: patch.visibility ?? row.visibility,
    salesPaused: patch.salesPaused === undefined ? row.salesPaused : Number(patch.salesPaused),
  }
  if (problems.length > 0) return { row, problems }
  const table = changedPrices(planned, patch, surroundings)
  problems.push(...timeProblems(planned), ...table.problems)
  return { row: { ...planned, prices: table.prices }, problems }
}

function changedTimes(
  row: ShowtimeRow,
  patch: ShowtimePatch,
  { hall, runtimeMinutes }: Surroundings,
  problems: FieldProblem[],
): Times {
  const read = timeReader(row.timeZone, problems)
  const startsAt = patch.startsAt === undefined ? row.startsAt : read('/startsAt', patch.startsAt)
  const isOtherMovie = patch.movieId !== undefined && patch.movieId !== row.movieId
  const usual = isOtherMovie ? usualEnd(startsAt, runtimeMinutes, hall) : row.endsAt + (startsAt - row.startsAt)
  const endsAt = patch.endsAt === undefined ? usual : read('/endsAt', patch.endsAt)
  if (problems.length > 0) return row
  const times = timesOf(startsAt, endsAt, hall)
  return startsAt === row.startsAt ? { ...times, businessDate: row.businessDate } : times
}

function changedSales(
  row: ShowtimeRow,
  patch: ShowtimePatch,
  times: Times,
  hall: Hall,
  problems: FieldProblem[],
): Pick<ShowtimeRow, 'salesOpenAt' | 'salesCloseAt' | 'staffSalesCloseAt'> {
  const read = timeReader(row.timeZone, problems)
  const moved = Math.min(row.salesCloseAt + (times.startsAt - row.startsAt), times.endsAt)
  const usual = patch.salesCloseAt === null ? usualSalesClose(times, hall) : moved
  return {
    salesOpenAt:
      patch.salesOpenAt === undefined ? row.salesOpenAt : readOrNull(read, '/salesOpenAt', patch.salesOpenAt),
    salesCloseAt: readOrNull(read, '/salesCloseAt', patch.salesCloseAt) ?? usual,
    staffSalesCloseAt: times.endsAt,
  }
}

function changedPrices(
  planned: ShowtimeRow,
  patch: ShowtimePatch,
  surroundings: Surroundings,
): { readonly prices: string; readonly problems: readonly FieldProblem[] } {
  if (patch.prices || patch.basePrice || patch.priceListId !== undefined) {
    const { prices, problems } = priceTable(patch, planned.status, planned, surroundings)
    return { prices: JSON.stringify(prices), problems }
  }
  const isUnpriced = planned.status === 'scheduled' && planned.prices === '[]'
  return { prices: planned.prices, problems: isUnpriced ? [pricesNeeded] : [] }
}

const pricesNeeded = { path: '/prices', message: 'are needed to sell it: prices, basePrice or priceListId' }

type PriceSources = Pick<ShowtimeInput, 'prices' | 'basePrice' | 'priceListId'>

/** The table from the one source that is given; a draft may have none yet. */
function priceTable(sources: PriceSources, status: Status, times: Times, surroundings: Surroundings): Priced {
  const { hall, ticketTypes, priceRules } = surroundings
  const { prices, basePrice, priceListId } = sources
  const given = [prices, basePrice, priceListId].filter((source) => source !== undefined).length
  if (given > 1) {
    return { prices: [], problems: [{ path: '/prices', message: 'send one of prices, basePrice and priceListId' }] }
  }
  const context: PriceContext = { currency: hall.currency, categories: hall.categories, ticketTypes }
  if (prices) return fromPrices(prices, context)
  if (basePrice) return fromBasePrice(basePrice, context)
  const table = priceRules ? fromPriceList(priceRules, startInTheatre(times, hall), hall.categories) : []
  const problems: FieldProblem[] = []
  if (priceListId !== undefined && !priceRules) {
    problems.push({ path: '/priceListId', message: 'is no price list of this theatre' })
  } else if (table.length === 0 && status !== 'draft') {
    problems.push(priceRules ? { path: '/priceListId', message: 'has no price for this start' } : pricesNeeded)
  }
  return { prices: table, problems }
}

function startInTheatre(times: Times, hall: Hall) {
  return {
    businessDate: times.businessDate,
    timeOfDay: localTimeOfDay(times.startsAt, hall.timeZone),
    businessDayStartsAt: hall.settings.businessDayStartsAt,
  }
}
