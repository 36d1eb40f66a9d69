import type { Movie, MovieInput } from '../../../contract/catalogue.ts'

/** A film as a form holds it: texts. */
export interface FilmDraft {
  readonly title: string
  readonly runtimeMinutes: string
  readonly originalTitle: string
  readonly year: string
  readonly releaseDate: string
  readonly genres: string
  readonly certification: string
  readonly originalLanguage: string
  readonly directors: string
  readonly cast: string
  readonly distributor: string
  readonly trailerUrl: string
  readonly overview: string
  readonly status: Movie['status']
}

export const emptyDraft: FilmDraft = {
  title: '',
  runtimeMinutes: '',
  originalTitle: '',
  year: '',
  releaseDate: '',
  genres: '',
  certification: '',
  originalLanguage: '',
  directors: '',
  cast: '',
  distributor: '',
  trailerUrl: '',
  overview: '',
  status: 'now_showing',
}

export function draftOf(film: Movie): FilmDraft {
  return {
    title: film.title,
    runtimeMinutes: String(film.runtimeMinutes),
    originalTitle: film.originalTitle ?? '',
    year: film.year === null ? '' : String(film.year),
    releaseDate: film.releaseDate ?? '',
    genres: film.genres.map(spoken).join(', '),
    certification: film.certification ?? '',
    originalLanguage: film.originalLanguage ?? '',
    directors: film.directors.join(', '),
    cast: film.cast.join(', '),
    distributor: film.distributor ?? '',
    trailerUrl: film.trailerUrl ?? '',
    overview: film.overview ?? '',
    status: film.status,
  }
}

/** What is sent: empty fields are unknown, lists are split at their commas. */
export function inputOf(draft: FilmDraft): MovieInput {
  return {
    title: draft.title.trim(),
    runtimeMinutes: Number(draft.runtimeMinutes),
    originalTitle: orNull(draft.originalTitle),
    year: draft.year.trim() === '' ? null : Number(draft.year),
    releaseDate: orNull(draft.releaseDate),
    genres: [...new Set(itemsOf(draft.genres).map(genreKey))],
    certification: orNull(draft.certification),
    originalLanguage: orNull(draft.originalLanguage),
    directors: itemsOf(draft.directors),
    cast: itemsOf(draft.cast),
    distributor: orNull(draft.distributor),
    trailerUrl: orNull(draft.trailerUrl),
    overview: orNull(draft.overview),
    status: draft.status,
  }
}

function orNull(text: string): string | null {
  return text.trim() === '' ? null : text.trim()
}

/** Each item once, in the order given. */
function itemsOf(text: string): string[] {
  return [...new Set(text.split(',').map((item) => item.trim()))].filter((item) => item !== '')
}

/** `Science fiction` is kept as `science_fiction`, the key that the audience's words go by. */
function genreKey(genre: string): string {
  return genre.toLowerCase().replaceAll(/[\s-]+/g, '_')
}

function spoken(genre: string): string {
  return genre.replaceAll('_', ' ')
}
