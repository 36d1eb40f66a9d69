import type { Upserted } from '../../database/chunks.ts'
import type { Transaction } from '../../database/database.ts'
import { upsertShowtimes } from '../../showtimes/upsert-showtimes.ts'
import type { KeyedShowtime } from '../../showtimes/upsert-showtimes.ts'
import type { Taken } from './import-venues.ts'
import type { ShowtimeLine } from './lines.ts'
import type { Complain, Programme } from './read-programme.ts'
import { referencesTo } from './references.ts'
import type { Reference } from './references.ts'

/** What was taken from the other files. */
export interface TakenBefore {
  readonly theatres: Taken
  readonly auditoriums: Taken
  readonly movies: Taken
}

interface Resolved extends KeyedShowtime {
  readonly line: number
}

/** Writes the showtimes whose references are found, all of them or none; complains of every line that cannot be. */
export async function importShowtimes(
  tx: Transaction,
  programme: Programme,
  taken: TakenBefore,
  complain: Complain,
): Promise<Upserted[]> {
  const resolved = await resolve(tx, programme, taken, complain)
  const { results, problems } = await upsertShowtimes(tx, resolved)
  for (const { index, withIndex, path, message } of problems) {
    const line = lineAt(resolved, index)
    const other = withIndex === undefined ? null : lineAt(resolved, withIndex)
    // Of two lines that cannot stand beside each other, the later one is to blame.
    if (other !== null && other > line) continue
    const more = other === null ? '' : ` (line ${other})`
    complain('showtimes.ndjson', line, { path, message: message + more })
  }
  return results
}

function lineAt(resolved: readonly Resolved[], index: number): number {
  return resolved[index]?.line ?? 0
}

/** Finds what the lines refer to; complains of what is not there, and leaves those lines out. */
async function resolve(
  tx: Transaction,
  { theatres, auditoriums, movies, showtimes }: Programme,
  taken: TakenBefore,
  complain: Complain,
): Promise<Resolved[]> {
  const records = showtimes.lines.map(({ record }) => record)
  const theatreKeys = records.flatMap(({ theatreId }) => theatreId ?? [])
  const auditoriumKeys = records.map(({ auditoriumId }) => auditoriumId)
  const movieKeys = records.map(({ movieId }) => movieId)
  const theatreOf = await referencesTo(tx, 'theatres', taken.theatres.ids, theatres.ids, theatreKeys)
  const auditoriumOf = await referencesTo(tx, 'auditoriums', taken.auditoriums.ids, auditoriums.ids, auditoriumKeys)
  const movieOf = await referencesTo(tx, 'movies', taken.movies.ids, movies.ids, movieKeys)
  return showtimes.lines.flatMap(({ line, record }) => {
    const idOf = (reference: Reference, path: string, key: string, file: string) => {
      if (typeof reference === 'object') return reference.id
      const message = `names "${key}", which is neither in ${file}.ndjson nor in the database`
      if (reference === 'unknown') complain('showtimes.ndjson', line, { path, message })
      return undefined
    }
    const key = record.theatreId
    const theatreId = key === undefined ? undefined : idOf(theatreOf(key), '/theatreId', key, 'theatres')
    const auditoriumId = idOf(auditoriumOf(record.auditoriumId), '/auditoriumId', record.auditoriumId, 'auditoriums')
    const movieId = idOf(movieOf(record.movieId), '/movieId', record.movieId, 'movies')
    if (auditoriumId === undefined || movieId === undefined) return []
    const showtime = { ...factsOf(record), theatreId, auditoriumId, movieId }
    return [{ line, externalKey: record.id ?? null, showtime }]
  })
}

/** What a line says of its showtime, without the source's own name for it. */
function factsOf(record: ShowtimeLine): Omit<ShowtimeLine, 'id'> {
  const facts = { ...record }
  delete facts.id
  return facts
}
