import type { CapacityRow, Grouping, ReportTotal } from '../../contract/reports.ts'
import { formatInstant, formatLocal } from '../platform/time.ts'
import { groupKey } from './model.ts'
import type { Fact, ReportQuestion, ReportShowtime } from './model.ts'
import { auditoriumNames, groupLabels, movieNames } from './names.ts'
import { factsOfShowtimes, showtimesAsked, showtimesById } from './shown-facts.ts'
import { soldFacts } from './sold-facts.ts'
import { theatreIn } from './source.ts'
import type { Source } from './source.ts'
import { Sums, totalsOf } from './sums.ts'

interface Filled {
  readonly showtime: ReportShowtime
  readonly sold: number
}

/**
 * How full showtimes were: those of the period or, by day of sale, those for which tickets were sold then. Drafts and
 * cancelled ones do not count, their money does.
 */
export async function buildCapacity(
  source: Source,
  question: ReportQuestion,
  groupBy: Grouping | 'showtime',
): Promise<{ rows: CapacityRow[]; totals: ReportTotal[] }> {
  const totals = new Sums()
  const filled =
    question.basis === 'show' ? await fillShown(source, question, totals) : await fillSold(source, question, totals)
  const counted = filled.filter(({ showtime }) => showtime.status === 'scheduled')
  const rows = groupBy === 'showtime' ? await eachShowtime(source, counted) : await grouped(source, counted, groupBy)
  return { rows, totals: totalsOf(totals) }
}

async function fillShown(source: Source, question: ReportQuestion, totals: Sums): Promise<Filled[]> {
  const filled: Filled[] = []
  for await (const showtimes of showtimesAsked(source, question)) {
    const sold = new Map<string, number>()
    for (const fact of await factsOfShowtimes(source, showtimes)) count(fact, sold, totals)
    for (const showtime of showtimes) filled.push({ showtime, sold: sold.get(showtime.id) ?? 0 })
  }
  return filled
}

async function fillSold(source: Source, question: ReportQuestion, totals: Sums): Promise<Filled[]> {
  if (question.theatreIds?.length === 0) return []
  const sold = new Map<string, number>()
  for await (const fact of soldFacts(source, question)) count(fact, sold, totals)
  const showtimes = await showtimesById(source, [...sold.keys()])
  return showtimes.map((showtime) => ({ showtime, sold: sold.get(showtime.id) ?? 0 }))
}

function count(fact: Fact, sold: Map<string, number>, totals: Sums): void {
  if (fact.tickets > 0) sold.set(fact.showtimeId, (sold.get(fact.showtimeId) ?? 0) + fact.tickets)
  totals.add([fact.currency], fact)
}

/** By start, then by id. */
async function eachShowtime(source: Source, filled: readonly Filled[]): Promise<CapacityRow[]> {
  const movies = await movieNames(source, idsOf(filled, 'movieId'))
  const auditoriums = await auditoriumNames(source, idsOf(filled, 'auditoriumId'))
  const sorted = filled.toSorted(
    ({ showtime: one }, { showtime: other }) => one.startsAt - other.startsAt || (one.id < other.id ? -1 : 1),
  )
  return sorted.map(({ showtime, sold }) => {
    const movieTitle = movies.get(showtime.movieId)?.title ?? showtime.movieId
    const localStartsAt = formatLocal(showtime.startsAt, showtime.timeZone)
    return {
      key: showtime.id,
      label: `${movieTitle}, ${localStartsAt.replace('T', ' ')}`,
      showtimeId: showtime.id,
      startsAt: formatInstant(showtime.startsAt),
      localStartsAt,
      businessDate: showtime.businessDate,
      movieId: showtime.movieId,
      movieTitle,
      theatreId: showtime.theatreId,
      theatreName: theatreIn(source, showtime.theatreId).name,
      auditoriumId: showtime.auditoriumId,
      auditoriumName: auditoriums.get(showtime.auditoriumId) ?? showtime.auditoriumId,
      showtimes: 1,
      capacity: showtime.capacity,
      sold,
      share: shareOf(sold, showtime.capacity),
    }
  })
}

function idsOf(filled: readonly Filled[], name: 'movieId' | 'auditoriumId'): string[] {
  return filled.map(({ showtime }) => showtime[name])
}

async function grouped(source: Source, filled: readonly Filled[], groupBy: Grouping): Promise<CapacityRow[]> {
  const groups = new Map<string, { showtimes: number; capacity: number; sold: number }>()
  for (const { showtime, sold } of filled) {
    const key = groupKey(groupBy, { ...showtime, date: showtime.businessDate }, (id) => theatreIn(source, id))
    let group = groups.get(key)
    if (!group) groups.set(key, (group = { showtimes: 0, capacity: 0, sold: 0 }))
    group.showtimes += 1
    group.capacity += showtime.capacity
    group.sold += sold
  }
  const labelOf = await groupLabels(source, groupBy, [...groups.keys()])
  const sorted = [...groups.entries()].toSorted(([one], [other]) => (one < other ? -1 : 1))
  return sorted.map(([key, group]) => ({
    key,
    label: labelOf(key),
    ...group,
    share: shareOf(group.sold, group.capacity),
  }))
}

/** To four places; an empty hall is not full. */
function shareOf(sold: number, capacity: number): number {
  return capacity === 0 ? 0 : Math.round((sold / capacity) * 10_000) / 10_000
}
