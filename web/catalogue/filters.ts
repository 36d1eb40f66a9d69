import type { Place } from './near.ts'
import { fold } from './showtimes.ts'
import type { Listed } from './showtimes.ts'

/** What the audience asked for; empty is no matter. */
export interface Wanted {
  readonly words: string
  readonly place: string
  readonly genre: string
  readonly format: string
  readonly language: string
  readonly accessible: boolean
  /** Houses around here first, and no far ones. */
  readonly near: Place | null
}
export const anything: Wanted = {
  words: '',
  place: '',
  genre: '',
  format: '',
  language: '',
  accessible: false,
  near: null,
}

export function isAnything(wanted: Wanted): boolean {
  return Object.values(wanted).every((value) => value === '' || value === false || value === null)
}

/** What there is to choose from on a day, each once and in order. */
export function choicesOf(showtimes: readonly Listed[]) {
  const distinct = (values: readonly (string | null)[]) =>
    [...new Set(values.flatMap((value) => (value === null || value === '' ? [] : [value])))].toSorted()
  return {
    cities: distinct(showtimes.map(({ theatre }) => theatre.city)),
    theatres: [...new Map(showtimes.map(({ theatre }) => [theatre.id, theatre])).values()],
    genres: distinct(showtimes.flatMap(({ movie }) => movie.genres)),
    formats: distinct(showtimes.map(({ format }) => format)),
    languages: distinct(showtimes.map(({ language }) => language)),
    accessible: showtimes.some(({ accessibility }) => accessibility.length > 0),
  }
}

/** Whether a showtime is what was asked for; every word must be found in title, people, genre, house or city. */
export function fits(showtime: Listed, wanted: Wanted): boolean {
  const { movie, theatre } = showtime
  const { words, place, genre, format, language, accessible } = wanted
  if (place !== '' && place !== theatre.id && place !== theatre.city) return false
  if (genre !== '' && !movie.genres.includes(genre)) return false
  if (format !== '' && showtime.format !== format) return false
  if (language !== '' && showtime.language !== language) return false
  if (accessible && showtime.accessibility.length === 0) return false
  if (words.trim() === '') return true
  const people = [...movie.directors, ...movie.cast]
  const text = fold(
    [movie.title, movie.originalTitle, ...people, ...movie.genres, theatre.name, theatre.city].join(' '),
  )
  return fold(words)
    .split(/\s+/)
    .every((word) => text.includes(word))
}
