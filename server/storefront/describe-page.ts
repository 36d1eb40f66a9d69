import { sql } from 'kysely'
import type { Movie } from '../../contract/catalogue.ts'
import { firstReads } from '../../contract/first-reads.ts'
import { presentMovie } from '../catalogue/present.ts'
import { findMovie, listMovies, movieOrders } from '../catalogue/store.ts'
import type { Database } from '../database/database.ts'
import type { ShowtimeRow } from '../database/tables/showtimes.ts'
import { guest } from '../http/caller.ts'
import { must } from '../platform/assert.ts'
import { businessDate } from '../platform/time.ts'
import { isRefusal } from '../platform/refusal.ts'
import { readPage } from '../showtimes/list-showtimes.ts'
import { isPublic } from '../showtimes/model.ts'
import { presentShowtimes } from '../showtimes/present.ts'
import type { CountTaken } from '../showtimes/claims.ts'
import { quoteTickets } from '../showtimes/quote.ts'
import { findShowtime } from '../showtimes/store.ts'
import type { TicketLocale } from '../tickets/model.ts'
import { calendars, hallName, longStart, moneyText } from '../tickets/words.ts'
import { presentTheatre } from '../venues/present.ts'
import { findTheatre, listTheatres } from '../venues/store.ts'
import { movieFact, screeningFact, theatreFact } from './facts.ts'
import type { Shown } from './facts.ts'
import { pageOf } from './model.ts'
import type { Head } from './model.ts'
import { say } from './words.ts'

export interface StorefrontParts {
  readonly database: Database
  readonly countTaken: CountTaken
}

/** For whom, and when. */
interface Asking {
  readonly locale: TicketLocale
  readonly nowMs: number
  /** The business day that the address asks for; null: the one that is running. */
  readonly date: string | null
}

/** As many screenings as a page shows at a glance: a head is not the programme. */
const mostScreenings = 40
const mostFilms = 30
const mostTheatres = 30
/** No cursor. */
const fromTheFirst = sql<boolean>`1 = 1`

/** What is said of the page at a path; undefined where there is none, for anybody or for the public. */
export async function describePage(parts: StorefrontParts, path: string, asking: Asking): Promise<Head | undefined> {
  const page = pageOf(path)
  if (!page) return undefined
  if (page.kind === 'private') return missingPage(asking.locale, 'Matinee')
  const describe = { films: describeFilm, theatres: describeTheatre, showtimes: describeShowtime }
  if (page.kind === 'programme') return await describeProgramme(parts, asking)
  return await describe[page.kind](parts, page.id, asking)
}

/** What is said of a page that nobody shall find. */
export function missingPage(locale: TicketLocale, title = say(locale, 'missing')): Head {
  return { title, description: say(locale, 'programmeText'), path: null, image: null, facts: [], reads: [], look: null }
}

async function describeProgramme({ database }: StorefrontParts, { locale, nowMs, date }: Asking): Promise<Head> {
  const showing = { status: 'now_showing', now: nowMs } as const
  const films = await listMovies(database.read, showing, movieOrders.popularity, fromTheFirst, mostFilms)
  const theatres = await listTheatres(database.read, {}, fromTheFirst, mostTheatres)
  const [only] = theatres
  // Whoever is in another time zone than the house asks for another day: one request too many, and a heading for a moment.
  const day = date ?? businessDate(nowMs, only?.timeZone ?? 'UTC')
  return {
    title:
      only && theatres.length === 1
        ? say(locale, 'programmeAt', { name: `${only.name}, ${only.city}` })
        : `${say(locale, 'programme')} · Matinee`,
    description: say(locale, 'programmeText'),
    path: '/',
    image: null,
    facts: [
      ...theatres.map((row) => theatreFact(presentTheatre(row))),
      ...films.map((row) => movieFact(presentMovie(row))),
    ],
    reads: firstReads.programme(day),
    look: { kind: 'programme', heading: dayInWords(day, locale), text: String(Number(day.slice(8))) },
  }
}

async function describeFilm(parts: StorefrontParts, id: string, asking: Asking): Promise<Head | undefined> {
  const row = await findMovie(parts.database.read, id)
  if (!row) return undefined
  const film = presentMovie(row)
  const screenings = await readScreenings(parts, { movieId: id }, asking.nowMs)
  const { title, runtimeMinutes: minutes, overview } = film
  return {
    title: say(asking.locale, 'film', { title }),
    description: overview === null ? say(asking.locale, 'filmText', { title, minutes }) : shortened(overview),
    path: `/films/${id}`,
    image: pictureOf(film),
    facts: [movieFact(film), ...screenings.map(screening)],
    reads: firstReads.film(id),
    look: { kind: 'films', heading: title, text: overview ?? '' },
  }
}

async function describeTheatre(parts: StorefrontParts, id: string, asking: Asking): Promise<Head | undefined> {
  const row = await findTheatre(parts.database.read, id)
  if (!row) return undefined
  const theatre = presentTheatre(row)
  const { name, address, city, settings } = theatre
  const place = [name, address, city].filter((part) => part !== null).join(', ')
  const screenings = await readScreenings(parts, { theatreId: id }, asking.nowMs)
  const today = businessDate(asking.nowMs, theatre.timeZone, settings.businessDayStartsAt)
  return {
    title: say(asking.locale, 'programmeAt', { name: `${name}, ${city}` }),
    description: say(asking.locale, 'theatreText', { place }),
    path: `/theatres/${id}`,
    image: settings.brand.logoUrl,
    facts: [theatreFact(theatre), ...screenings.map(screening)],
    reads: firstReads.theatre(id, asking.date ?? today),
    look: { kind: 'theatres', heading: name, text: settings.brand.logoUrl ?? '' },
  }
}

async function describeShowtime(parts: StorefrontParts, id: string, asking: Asking): Promise<Head | undefined> {
  const found = await findShowtime(parts.database.read, id)
  if (!found || !isPublic(found.showtime)) return undefined
  const [shown] = await present(parts, [found.showtime], asking.nowMs)
  const { movie, theatre, auditorium } = must(shown, 'One showtime in, one out')
  const { startsAt, timeZone, visibility } = found.showtime
  const { locale } = asking
  const when = longStart(startsAt, timeZone, locale)
  const place = [theatre.name, ...(auditorium ? [hallName(auditorium.name, locale)] : []), theatre.city].join(', ')
  const lowest = shown && lowestPrice(shown)
  const from =
    lowest === null || lowest === undefined
      ? []
      : [say(locale, 'from', { price: moneyText(lowest, theatre.currency, locale) })]
  const isListed = visibility === 'public' && startsAt > asking.nowMs
  return {
    title: `${movie.title}, ${when}, ${theatre.name}`,
    description: [say(locale, 'showtimeText', { title: movie.title, when, place }), ...from].join(' '),
    path: isListed ? `/showtimes/${id}` : null,
    image: pictureOf(movie),
    facts: isListed && shown ? [screening(shown), movieFact(movie)] : [],
    reads: firstReads.showtime(id),
    look: { kind: 'showtimes', heading: movie.title, text: theatre.settings.brand.logoUrl ?? '' },
  }
}

/** `Saturday 21 November`, as the web app writes it. */
function dayInWords(day: string, locale: TicketLocale): string {
  const format = new Intl.DateTimeFormat(calendars[locale], {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    timeZone: 'UTC',
  })
  return format.format(new Date(`${day}T12:00:00Z`)).replace(',', '')
}

async function readScreenings(parts: StorefrontParts, filter: object, nowMs: number): Promise<Shown[]> {
  const page = await readPage(parts.database.read, { ...filter, limit: mostScreenings }, guest, nowMs)
  return isRefusal(page) ? [] : await present(parts, page.data, nowMs)
}

async function present({ database, countTaken }: StorefrontParts, rows: readonly ShowtimeRow[], nowMs: number) {
  const showtimes = await presentShowtimes(database.read, countTaken, rows, nowMs, 'movie,theatre,auditorium')
  return showtimes.filter(
    (showtime): showtime is Shown => showtime.movie !== undefined && showtime.theatre !== undefined,
  )
}

function screening(showtime: Shown) {
  const lowest = lowestPrice(showtime)
  return screeningFact(showtime, lowest === null ? null : majorUnits(lowest, showtime.theatre.currency))
}

/** What the cheapest full ticket comes to, fee and tax in it, minor units; of any ticket where none is for adults. */
function lowestPrice({ prices, theatre }: Shown): number | null {
  const { ticketFee, taxRatePercent, pricesIncludeTax } = theatre.settings
  const rules = { ticketFee: ticketFee.amount, taxRatePercent, pricesIncludeTax }
  const adult = prices.filter(({ ticketType }) => ticketType === 'adult')
  const totals = (adult.length > 0 ? adult : prices).flatMap(({ category, ticketType, price }) => {
    const quote = quoteTickets(
      [{ category, ticketType, amount: price.amount }],
      [{ seat: null, category, ticketType }],
      rules,
    )
    return isRefusal(quote) ? [] : quote.total
  })
  return totals.length === 0 ? null : Math.min(...totals)
}

function majorUnits(amount: number, currency: string): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency })
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2
  return (amount / 10 ** digits).toFixed(digits)
}

/** Previews cannot show the posters that are drawn as SVG. */
function pictureOf({ posterUrl }: Movie): string | null {
  return posterUrl.endsWith('.svg') ? null : posterUrl
}

const mostLetters = 160

/** The beginning of a text, to the last whole word. */
function shortened(text: string): string {
  const plain = text.replaceAll(/\s+/g, ' ').trim()
  if (plain.length <= mostLetters) return plain
  return `${plain.slice(0, mostLetters).replace(/\s\S*$/, '')} …`
}
