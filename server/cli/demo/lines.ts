import { addDays, formatInstant, localDate } from '../../platform/time.ts'
import type { AuditoriumLine, MovieLine, ShowtimeLine, TheatreLine } from '../import/lines.ts'
import type { Line, LinesOf, Programme } from '../import/read-programme.ts'
import { demoFilms } from './films.ts'
import type { DemoFilm } from './films.ts'
import { demoDay, demoNightShow } from './programme.ts'
import type { DemoShowtime } from './programme.ts'
import type { DemoHall, DemoTheatre } from './theatres.ts'
import { demoTheatres } from './theatres.ts'

/** A theatre's business days from the first to the last, `2026-12-24`, both included. */
export interface DemoDays {
  readonly theatre: DemoTheatre
  readonly first: string
  readonly last: string
}

/** The demo in the form of an import, with the showtimes of these days: it is written by the same rules. */
export function demoProgramme(days: readonly DemoDays[], nowMs: number): Programme {
  return {
    theatres: linesOf(demoTheatres.map(theatreLine)),
    auditoriums: linesOf(demoTheatres.flatMap((theatre) => theatre.halls.map((hall) => hallLine(theatre, hall)))),
    movies: linesOf(demoFilms.map((film) => movieLine(film, nowMs))),
    showtimes: linesOf(days.flatMap(showtimeLines)),
  }
}

/** The same with showtimes alone, for theatres, halls and films that are there already. */
export function demoShowtimes(days: readonly DemoDays[]): Programme {
  return showtimesAlone(days.flatMap(showtimeLines))
}

/** The night show of a theatre's first hall, or nothing. */
export function demoNight(theatre: DemoTheatre, day: string, nowMs: number): Programme {
  const [hall] = theatre.halls
  const showtime = hall && demoNightShow(theatre, hall, day, nowMs)
  return showtimesAlone(showtime ? [showtimeLine(theatre, hall, showtime)] : [])
}

function showtimesAlone(showtimes: readonly ShowtimeLine[]): Programme {
  return {
    theatres: linesOf<TheatreLine>([]),
    auditoriums: linesOf<AuditoriumLine>([]),
    movies: linesOf<MovieLine>([]),
    showtimes: linesOf(showtimes),
  }
}

function linesOf<Record extends { readonly id?: string | undefined }>(records: readonly Record[]): LinesOf<Record> {
  const lines: Line<Record>[] = records.map((record, index) => ({ line: index + 1, record }))
  return { lines, ids: new Set(records.flatMap(({ id }) => id ?? [])) }
}

function theatreLine({ key, language: _language, halls: _halls, ...theatre }: DemoTheatre): TheatreLine {
  return { ...theatre, id: key, amenities: [...theatre.amenities] }
}

function hallLine(theatre: DemoTheatre, hall: DemoHall): AuditoriumLine {
  const { key, name, turnaroundMinutes, layout } = hall
  return { id: key, theatreId: theatre.key, name, turnaroundMinutes, layout }
}

function movieLine(
  { key, releasedAfterDays, audiences: _audiences, formats: _formats, ...facts }: DemoFilm,
  nowMs: number,
): MovieLine {
  return {
    ...facts,
    id: key,
    genres: [...facts.genres],
    certifications: [...facts.certifications],
    directors: [...facts.directors],
    cast: [...facts.cast],
    releaseDate: addDays(localDate(nowMs, 'UTC'), releasedAfterDays),
    status: releasedAfterDays > 0 ? 'coming_soon' : 'now_showing',
  }
}

function showtimeLines({ theatre, first, last }: DemoDays): ShowtimeLine[] {
  const lines: ShowtimeLine[] = []
  for (let day = first; day <= last; day = addDays(day, 1)) {
    for (const hall of theatre.halls) {
      for (const showtime of demoDay(theatre, hall, day)) lines.push(showtimeLine(theatre, hall, showtime))
    }
  }
  return lines
}

function showtimeLine(theatre: DemoTheatre, hall: DemoHall, showtime: DemoShowtime): ShowtimeLine {
  const { key, film, startsAtMs, endsAtMs, format, language, subtitles, accessibility, prices } = showtime
  return {
    id: key,
    auditoriumId: hall.key,
    movieId: film.key,
    startsAt: formatInstant(startsAtMs),
    endsAt: formatInstant(endsAtMs),
    format,
    language,
    subtitles,
    accessibility: [...accessibility],
    prices: prices.map(({ category, ticketType, amount }) => ({
      category,
      ticketType,
      price: { amount, currency: theatre.currency },
    })),
  }
}
