import type { Layout } from '../../../contract/layouts.ts'
import { upsertMovies } from '../../catalogue/upsert-movie.ts'
import { bulkInsert } from '../../database/bulk-insert.ts'
import { createSeatLedgers } from '../../database/seat-ledger.ts'
import type { Transaction } from '../../database/database.ts'
import type { ShowtimeRow } from '../../database/tables/showtimes.ts'
import { assert, must } from '../../platform/assert.ts'
import { newId } from '../../platform/ids.ts'
import { isRefusal } from '../../platform/refusal.ts'
import { addDays, daysBetween, formatInstant, localDate } from '../../platform/time.ts'
import { gather } from '../../showtimes/gather.ts'
import { planShowtime } from '../../showtimes/plan-showtime.ts'
import { parseLayout } from '../../venues/layout.ts'
import { upsertAuditoriums, upsertTheatres } from '../../venues/upsert-venues.ts'
import { demoFilms } from '../demo/films.ts'
import { demoDay } from '../demo/programme.ts'
import { demoTheatres } from '../demo/theatres.ts'
import type { DemoHall, DemoTheatre } from '../demo/theatres.ts'

/** At most so many days lie ahead, and at most half of them; all the others are past. */
const longestAhead = 14
const longestDays = 90
/** A film is on for so long, then another one comes. */
const runDays = 14
const filmsAtOnce = demoFilms.filter(({ audiences }) => audiences.length > 0)

export interface GeneratedHall {
  readonly id: string
  readonly theatre: DemoTheatre
  readonly hall: DemoHall
  readonly layout: Layout
}

export interface GeneratedHouses {
  readonly halls: readonly GeneratedHall[]
  readonly firstDay: string
  readonly lastDay: string
}

const adjectives = 'Quiet Crooked Last Electric Borrowed Winter Hollow Golden Second Patient Northern Paper'.split(' ')
const nouns = 'Harbour Orchard Signal Staircase Comet Lantern Ferry Mirror Parade Meadow Archive Tide'.split(' ')

function filmTitle(number: number): string {
  const adjective = adjectives[number % adjectives.length]
  const noun = nouns[Math.floor(number / adjectives.length) % nouns.length]
  const part = Math.floor(number / (adjectives.length * nouns.length)) + 1
  return `The ${adjective} ${noun}${part > 1 ? ` ${part}` : ''}`
}

/** How many showtimes the demo's halls have on an average day. */
function showtimesPerDay(): number {
  const slots = demoTheatres.flatMap(({ halls }) => halls.flatMap((hall) => hall.slots))
  return slots.reduce((sum, { days }) => sum + (days?.length ?? 7) / 7, 0) / demoTheatres.length
}

/** Theatres shaped like the demo's, enough for so many showtimes, and films that come and go. */
export async function generateHouses(tx: Transaction, showtimes: number): Promise<GeneratedHouses> {
  const days = Math.max(2, Math.min(longestDays, Math.ceil(showtimes / showtimesPerDay())))
  const daysAhead = Math.min(longestAhead, Math.floor(days / 2))
  const theatres = Math.max(1, Math.round(showtimes / (days * showtimesPerDay())))
  const firstDay = addDays(localDate(tx.nowMs, 'UTC'), daysAhead - days + 1)
  const lastDay = addDays(firstDay, days - 1)
  const films = filmsAtOnce.length * (Math.ceil(days / runDays) + 1)
  await upsertMovies(
    tx,
    Array.from({ length: films }, (_, number) => generatedMovie(number)),
  )
  const halls: GeneratedHall[] = []
  for (let number = 0; number < theatres; number += 1) halls.push(...(await generateTheatre(tx, number)))
  return { halls, firstDay, lastDay }
}

function generatedMovie(number: number) {
  const { runtimeMinutes, genres, certification } = must(filmsAtOnce[number % filmsAtOnce.length], 'There are films')
  const movie = { title: filmTitle(number), runtimeMinutes, genres: [...genres], certification }
  return { externalKey: `generated-${number}`, movie }
}

async function generateTheatre(tx: Transaction, number: number): Promise<GeneratedHall[]> {
  const theatre = must(demoTheatres[number % demoTheatres.length], 'There are theatres')
  const { name, city, country, timeZone, currency } = theatre
  const key = `generated-${number}`
  const facts = { name: `${name} ${number + 1}`, city, country, timeZone, currency }
  const [made] = await upsertTheatres(tx, [{ externalKey: key, theatre: facts }])
  const theatreId = must(made, 'One theatre in, one out').id
  const drawn = theatre.halls.map((hall) => ({
    hall,
    layout: must(parseLayout(hall.layout).layout, 'The halls of the demo are sound'),
  }))
  const halls = await upsertAuditoriums(
    tx,
    drawn.map(({ hall: { name: hallName, turnaroundMinutes, key: hallKey }, layout }) => ({
      externalKey: `${key}-${hallKey}`,
      theatreId,
      name: hallName,
      turnaroundMinutes,
      layout,
    })),
  )
  return drawn.map(({ hall, layout }, index) => ({ id: must(halls[index], 'One each').id, theatre, hall, layout }))
}

export interface GeneratedShowtime {
  readonly row: ShowtimeRow
  readonly layout: Layout
}

/** The whole programme of one hall. */
export async function generateShowtimes(
  tx: Transaction,
  generated: GeneratedHall,
  { firstDay, lastDay }: GeneratedHouses,
): Promise<GeneratedShowtime[]> {
  const movies = await tx.query.selectFrom('movies').select(['id', 'externalKey']).execute()
  const movieIds = new Map(movies.map(({ id, externalKey }) => [externalKey, id]))
  const { id: auditoriumId, theatre, hall, layout } = generated
  const anyMovie = must(movies[0], 'Films come first').id
  const surroundings = (await gather(tx, [{ auditoriumId, movieId: anyMovie }])).of({ auditoriumId, movieId: anyMovie })
  assert(!isRefusal(surroundings), 'The hall was just made')
  const rows: ShowtimeRow[] = []
  for (let day = firstDay; day <= lastDay; day = addDays(day, 1)) {
    const run = Math.floor(daysBetween(firstDay, day) / runDays)
    for (const { film, startsAtMs, endsAtMs, format, language, subtitles, prices } of demoDay(theatre, hall, day)) {
      const number = run * filmsAtOnce.length + filmsAtOnce.indexOf(film)
      const input = {
        movieId: must(movieIds.get(`generated-${number}`), 'There are films for every run'),
        auditoriumId,
        startsAt: formatInstant(startsAtMs),
        endsAt: formatInstant(endsAtMs),
        format,
        language,
        subtitles,
        prices: prices.map(({ category, ticketType, amount }) => ({
          category,
          ticketType,
          price: { amount, currency: theatre.currency },
        })),
      }
      const identity = { id: newId('showtime', tx.nowMs), externalKey: null, createdBy: null, createdAt: tx.nowMs }
      const { row, problems } = planShowtime(input, surroundings, identity)
      assert(problems.length === 0, 'The demo’s programme is sound')
      rows.push(row)
    }
  }
  await bulkInsert(tx, 'showtimes', rows)
  await createSeatLedgers(
    tx,
    rows.map(({ id }) => id),
  )
  return rows.map((row) => ({ row, layout }))
}
