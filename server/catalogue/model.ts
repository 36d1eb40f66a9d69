import type { Movie, MovieInput, MoviePatch } from '../../contract/catalogue.ts'
import type { MovieRow } from '../database/tables/catalogue.ts'
import { fold, searchTextOf } from '../platform/fold.ts'

/** Everything that a movie says of itself, with nothing left out. */
export interface MovieFacts extends Omit<Movie, 'id' | 'posterUrl' | 'createdAt' | 'updatedAt'> {
  /** Null: one is drawn. */
  readonly posterUrl: string | null
}

const unknownFacts: Omit<MovieFacts, 'title' | 'runtimeMinutes'> = {
  originalTitle: null,
  year: null,
  overview: null,
  genres: [],
  certification: null,
  certifications: [],
  releaseDate: null,
  originalLanguage: null,
  directors: [],
  cast: [],
  distributor: null,
  posterUrl: null,
  trailerUrl: null,
  status: 'now_showing',
}

/** A new movie's facts: what is not said is unknown, and it is showing. */
export function factsOfInput(input: MovieInput): MovieFacts {
  return { ...unknownFacts, ...given(input) }
}

/** A movie's facts after a change: what is not sent stays. */
export function patchedFacts(facts: MovieFacts, patch: MoviePatch): MovieFacts {
  return { ...facts, ...given(patch) }
}

/** Without the fields that are `undefined`, and with each genre once. */
function given<Patch extends MoviePatch>(patch: Patch): Patch {
  const sent = { ...patch }
  for (const [name, value] of Object.entries(patch)) if (value === undefined) Reflect.deleteProperty(sent, name)
  return sent.genres ? { ...sent, genres: distinctGenres(sent.genres) } : sent
}

/** Genres that differ by case or accents alone are the same; the first spelling stays. */
function distinctGenres(genres: readonly string[]): string[] {
  const byFold = new Map<string, string>()
  for (const genre of genres) {
    const folded = fold(genre)
    if (!byFold.has(folded)) byFold.set(folded, genre.trim())
  }
  return [...byFold.values()]
}

export type MovieColumns = Omit<
  MovieRow,
  'id' | 'externalKey' | 'popularity' | 'createdBy' | 'revision' | 'createdAt' | 'updatedAt'
>

/** The columns that hold a movie's facts, with those derived from them for sorting and searching. */
export function columnsOf(facts: MovieFacts): MovieColumns {
  const { cast, ...plain } = facts
  return {
    ...plain,
    titleFolded: fold(facts.title),
    genres: JSON.stringify(facts.genres),
    certifications: JSON.stringify(facts.certifications),
    releaseSort: facts.releaseDate ?? '',
    directors: JSON.stringify(facts.directors),
    castMembers: JSON.stringify(cast),
    searchText: searchTextOf([facts.title, facts.originalTitle, ...facts.directors, ...cast, facts.distributor]),
  }
}

/** What a row says. */
export function factsOfRow(row: MovieRow): MovieFacts {
  return {
    title: row.title,
    originalTitle: row.originalTitle,
    year: row.year,
    overview: row.overview,
    runtimeMinutes: row.runtimeMinutes,
    genres: JSON.parse(row.genres),
    certification: row.certification,
    certifications: JSON.parse(row.certifications),
    releaseDate: row.releaseDate,
    originalLanguage: row.originalLanguage,
    directors: JSON.parse(row.directors),
    cast: JSON.parse(row.castMembers),
    distributor: row.distributor,
    posterUrl: row.posterUrl,
    trailerUrl: row.trailerUrl,
    status: row.status,
  }
}

/** Whether a row holds exactly these facts. */
export function holdsFacts(row: MovieRow, columns: MovieColumns): boolean {
  const held: Readonly<Record<string, unknown>> = { ...row }
  return Object.entries(columns).every(([name, value]) => held[name] === value)
}
