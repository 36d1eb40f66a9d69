import type { ShowtimeInput } from '../../../contract/showtimes.ts'
import { inChunks } from '../../database/chunks.ts'
import type { Upserted } from '../../database/chunks.ts'
import type { Transaction } from '../../database/database.ts'
import type { ShowtimeRow } from '../../database/tables/showtimes.ts'
import { assert } from '../../platform/assert.ts'
import { newId } from '../../platform/ids.ts'
import { isRefusal } from '../../platform/refusal.ts'
import { formatInstant, isTimeProblem, parseTime } from '../../platform/time.ts'
import { addShowtimes } from '../../showtimes/add-showtimes.ts'
import { changeShowtime, isSame } from '../../showtimes/change-showtime.ts'
import { gather, hallAsMade } from '../../showtimes/gather.ts'
import type { Gathered } from '../../showtimes/gather.ts'
import { findOverlaps } from '../../showtimes/overlap.ts'
import { planChange, planShowtime } from '../../showtimes/plan-showtime.ts'
import { lockAuditoriums } from '../../showtimes/store.ts'
import type { Taken } from './import-venues.ts'
import type { ShowtimeLine } from './lines.ts'
import type { Complain, Programme } from './read-programme.ts'
import { referencesTo } from './references.ts'
import type { Reference } from './references.ts'

type Names = Pick<ShowtimeInput, 'auditoriumId' | 'movieId'>

/** A line whose references are found: `names` has our ids, `record` all the rest. */
interface Resolved {
  readonly line: number
  readonly record: ShowtimeLine
  readonly names: Names
  readonly theatre: Reference | null
}

/** A line as the row that it would make of the stored one, or as a new row. */
interface Planned {
  readonly line: number
  readonly stored: ShowtimeRow | undefined
  readonly row: ShowtimeRow
  readonly patch: Omit<ShowtimeInput, 'theatreId'>
}

/** What was taken from the other files. */
export interface TakenBefore {
  readonly theatres: Taken
  readonly auditoriums: Taken
  readonly movies: Taken
}

/** Judges every line, with the others and with what is stored; writes them when `isSound` says that all is well so far. */
export async function importShowtimes(
  tx: Transaction,
  programme: Programme,
  taken: TakenBefore,
  complain: Complain,
  isSound: () => boolean,
): Promise<Upserted[]> {
  const about = (line: number, message: string, path = '') => complain('showtimes.ndjson', line, { path, message })
  const resolved = await resolve(tx, programme, taken, about)
  const names = resolved.map((each) => each.names)
  await lockAuditoriums(
    tx,
    names.map((each) => each.auditoriumId),
  )
  const planned = await planAll(tx, resolved, await gather(tx, names), about)
  const isChange = ({ stored, row }: Planned) => stored === undefined || !isSame(stored, row)
  await complainOfOverlaps(tx, planned.filter(isChange), about)
  return isSound() ? await writeAll(tx, planned, about) : []
}

type About = (line: number, message: string, path?: string) => void

/** Finds what the lines refer to; complains of what is not there, and leaves those lines out. */
async function resolve(
  tx: Transaction,
  { theatres, auditoriums, movies, showtimes }: Programme,
  taken: TakenBefore,
  about: About,
): Promise<Resolved[]> {
  const records = showtimes.lines.map(({ record }) => record)
  const theatreKeys = records.flatMap(({ theatreId }) => theatreId ?? [])
  const auditoriumKeys = records.map(({ auditoriumId }) => auditoriumId)
  const movieKeys = records.map(({ movieId }) => movieId)
  const theatreOf = await referencesTo(tx, 'theatres', taken.theatres.ids, theatres.ids, theatreKeys)
  const auditoriumOf = await referencesTo(tx, 'auditoriums', taken.auditoriums.ids, auditoriums.ids, auditoriumKeys)
  const movieOf = await referencesTo(tx, 'movies', taken.movies.ids, movies.ids, movieKeys)
  return showtimes.lines.flatMap(({ line, record }) => {
    const theatre = record.theatreId === undefined ? null : theatreOf(record.theatreId)
    const auditorium = auditoriumOf(record.auditoriumId)
    const movie = movieOf(record.movieId)
    const nowhere = (path: string, key: string | undefined, file: string) =>
      about(line, `names "${key}", which is neither in ${file}.ndjson nor in the database`, path)
    if (theatre === 'unknown') nowhere('/theatreId', record.theatreId, 'theatres')
    if (auditorium === 'unknown') nowhere('/auditoriumId', record.auditoriumId, 'auditoriums')
    if (movie === 'unknown') nowhere('/movieId', record.movieId, 'movies')
    if (typeof auditorium === 'string' || typeof movie === 'string') return []
    return [{ line, record, theatre, names: { auditoriumId: auditorium.id, movieId: movie.id } }]
  })
}

/** The rows that the lines would make; complains of lines that cannot be, and leaves those out. */
async function planAll(
  tx: Transaction,
  resolved: readonly Resolved[],
  gathered: Gathered,
  about: About,
): Promise<Planned[]> {
  const keyed = resolved.flatMap((each) => {
    const key = externalKeyOf(each, gathered)
    if (typeof key === 'string') return [{ ...each, key }]
    about(each.line, key.problem, '/startsAt')
    return []
  })
  const stored = await storedByKey(
    tx,
    keyed.map(({ key }) => key),
  )
  const lines = new Map<string, number>()
  const planned: Planned[] = []
  for (const each of keyed) {
    const first = lines.getOrInsert(each.key, each.line)
    if (first !== each.line) about(each.line, `is the showtime of line ${first} again: same auditorium, same start`)
    else planned.push(...(await planOne(tx, each, stored.get(each.key), gathered, about)))
  }
  return planned
}

/** The source's own id, else auditorium and start: the same for the same instant, however it is written. */
function externalKeyOf({ record, names }: Resolved, gathered: Gathered): string | { readonly problem: string } {
  if (record.id !== undefined) return record.id
  const startsAt = parseTime(record.startsAt, surroundingsOf(gathered, names).hall.timeZone)
  return isTimeProblem(startsAt) ? startsAt : `${record.auditoriumId}@${formatInstant(startsAt)}`
}

function surroundingsOf(gathered: Gathered, names: Names) {
  const surroundings = gathered.of(names)
  assert(!isRefusal(surroundings), 'What a resolved line names is there')
  return surroundings
}

async function storedByKey(tx: Transaction, keys: readonly string[]): Promise<ReadonlyMap<string | null, ShowtimeRow>> {
  const rows = await inChunks(keys, (chunk) =>
    tx.query.selectFrom('showtimes').selectAll().where('externalKey', 'in', chunk).execute(),
  )
  return new Map(rows.map((row) => [row.externalKey, row]))
}

/** What a line says of its showtime, without the source's own names for it and its theatre. */
function factsOf(record: ShowtimeLine): Omit<ShowtimeLine, 'id' | 'theatreId'> {
  const facts = { ...record }
  delete facts.id
  delete facts.theatreId
  return facts
}

async function planOne(
  tx: Transaction,
  { line, record, names, theatre, key }: Resolved & { readonly key: string },
  stored: ShowtimeRow | undefined,
  gathered: Gathered,
  about: About,
): Promise<Planned[]> {
  const patch = { ...factsOf(record), ...names }
  const surroundings = surroundingsOf(gathered, names)
  if (theatre !== null && typeof theatre !== 'string' && theatre.id !== surroundings.hall.theatreId) {
    about(line, `is not the theatre of auditorium "${record.auditoriumId}"`, '/theatreId')
  }
  const isOwnHall = stored?.auditoriumId === names.auditoriumId
  const { row, problems } = stored
    ? planChange(stored, patch, {
        ...surroundings,
        hall: isOwnHall ? await hallAsMade(tx, surroundings.hall, stored) : surroundings.hall,
      })
    : planShowtime(patch, surroundings, {
        id: newId('showtime', tx.nowMs),
        externalKey: key,
        createdBy: null,
        createdAt: tx.nowMs,
      })
  for (const { path, message } of problems) about(line, message, path)
  return problems.length > 0 ? [] : [{ line, stored, row, patch }]
}

/** One complaint a pair: of two lines, the later one is to blame. */
async function complainOfOverlaps(tx: Transaction, planned: readonly Planned[], about: About): Promise<void> {
  const lines = new Map(planned.map(({ row, line }) => [row.id, line]))
  const rows = planned.map(({ row }) => row).filter((row) => row.status !== 'cancelled')
  for (const { wanted, other } of await findOverlaps(tx, rows)) {
    const line = lines.get(wanted.id)
    const otherLine = lines.get(other.id)
    if (line === undefined || (otherLine !== undefined && otherLine > line)) continue
    const which = otherLine === undefined ? `${other.id} in the database` : `line ${otherLine}`
    const until = `from ${formatInstant(other.startsAt)} to ${formatInstant(other.busyUntil)}, turnaround included`
    about(line, `overlaps ${which}, which has the auditorium ${until}`)
  }
}

async function writeAll(tx: Transaction, planned: readonly Planned[], about: About): Promise<Upserted[]> {
  const added = await addShowtimes(
    tx,
    planned.filter(({ stored }) => stored === undefined).map(({ row }) => row),
  )
  assert(!isRefusal(added), 'Overlaps have been looked for')
  const upserted: Upserted[] = []
  for (const { line, stored, row, patch } of planned) {
    if (stored === undefined) upserted.push({ id: row.id, outcome: 'created' })
    else if (isSame(stored, row)) upserted.push({ id: row.id, outcome: 'unchanged' })
    else {
      const changed = await changeShowtime(tx, row.id, patch, undefined)
      if (isRefusal(changed)) about(line, changed.detail)
      upserted.push({ id: row.id, outcome: 'changed' })
    }
  }
  return upserted
}
