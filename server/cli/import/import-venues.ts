import type { Layout } from '../../../contract/layouts.ts'
import { upsertMovies } from '../../catalogue/upsert-movie.ts'
import { inChunks } from '../../database/chunks.ts'
import type { Upserted } from '../../database/chunks.ts'
import type { Transaction } from '../../database/database.ts'
import { adoptLayout } from '../../showtimes/adopt-layout.ts'
import { theatreFactsOfInput, theatreProblems } from '../../venues/model.ts'
import { parseAnyLayout } from '../../venues/pretix.ts'
import { findAuditorium } from '../../venues/store.ts'
import { upsertAuditoriums, upsertTheatres } from '../../venues/upsert-venues.ts'
import { referencesTo } from './references.ts'
import type { AuditoriumLine } from './lines.ts'
import type { Complain, Line, Programme } from './read-programme.ts'

/** The lines of one file that were taken: our ids by the source's, and what became of each. */
export interface Taken {
  readonly ids: ReadonlyMap<string, string>
  readonly upserted: readonly Upserted[]
}

export async function importTheatres(tx: Transaction, programme: Programme, complain: Complain): Promise<Taken> {
  const { lines } = programme.theatres
  const bound = await theatresWithShowtimes(
    tx,
    lines.map(({ record }) => record.id),
  )
  const keyed = lines.flatMap(({ line, record: { id, ...theatre } }) => {
    const facts = theatreFactsOfInput(theatre)
    const problems = theatreProblems(facts)
    const stored = bound.get(id)
    for (const field of ['currency', 'timeZone'] as const) {
      if (!stored || stored[field] === facts[field]) continue
      problems.push({ path: `/${field}`, message: `stays ${stored[field]}: the theatre has showtimes` })
    }
    for (const problem of problems) complain('theatres.ndjson', line, problem)
    return problems.length > 0 ? [] : [{ externalKey: id, theatre }]
  })
  return takenOf(keyed, await upsertTheatres(tx, keyed))
}

/** Currency and zone are copied into every showtime, so theatres that have any keep theirs. */
async function theatresWithShowtimes(tx: Transaction, keys: readonly string[]) {
  const rows = await inChunks(keys, (chunk) =>
    tx.query
      .selectFrom('theatres')
      .select(['externalKey', 'currency', 'timeZone'])
      .where('externalKey', 'in', chunk)
      .where('id', 'in', (showtimes) => showtimes.selectFrom('showtimes').select('theatreId'))
      .execute(),
  )
  return new Map(rows.map((row) => [row.externalKey, row]))
}

export async function importMovies(tx: Transaction, programme: Programme): Promise<Taken> {
  const keyed = programme.movies.lines.map(({ record: { id, ...movie } }) => ({ externalKey: id, movie }))
  return takenOf(keyed, await upsertMovies(tx, keyed))
}

export async function importAuditoriums(
  tx: Transaction,
  programme: Programme,
  theatres: Taken,
  complain: Complain,
): Promise<Taken> {
  const { lines } = programme.auditoriums
  const theatreOf = await referencesTo(
    tx,
    'theatres',
    theatres.ids,
    programme.theatres.ids,
    lines.map(({ record }) => record.theatreId),
  )
  const storedTheatres = await theatresOfStored(tx, lines)
  const keyed = lines.flatMap(({ line, record: { id, layout: drawn, ...record } }) => {
    const layout = soundLayout(drawn, (problem) => complain('auditoriums.ndjson', line, problem))
    const theatre = theatreOf(record.theatreId)
    if (theatre === 'unknown') {
      complain('auditoriums.ndjson', line, {
        path: '/theatreId',
        message: `names "${record.theatreId}", which is neither in theatres.ndjson nor in the database`,
      })
    }
    if (!layout || typeof theatre === 'string') return []
    if ((storedTheatres.get(id) ?? theatre.id) !== theatre.id) {
      complain('auditoriums.ndjson', line, { path: '/theatreId', message: 'is not the theatre that it has so far' })
      return []
    }
    return [{ ...record, externalKey: id, theatreId: theatre.id, layout }]
  })
  const upserted = await upsertAuditoriums(tx, keyed)
  await adoptLayouts(tx, upserted)
  return takenOf(keyed, upserted)
}

/** Coming showtimes that nobody has booked take the layout that was imported, as they do one that was drawn in the house. */
async function adoptLayouts(tx: Transaction, upserted: readonly Upserted[]): Promise<void> {
  for (const { id, outcome } of upserted) {
    if (outcome !== 'changed') continue
    const auditorium = await findAuditorium(tx.query, id)
    if (auditorium) await adoptLayout(tx, auditorium)
  }
}

/** The theatres of auditoriums that were imported before: an auditorium never moves. */
async function theatresOfStored(
  tx: Transaction,
  lines: readonly Line<AuditoriumLine>[],
): Promise<ReadonlyMap<string | null, string>> {
  const keys = lines.map(({ record }) => record.id)
  const rows = await inChunks(keys, (chunk) =>
    tx.query.selectFrom('auditoriums').select(['externalKey', 'theatreId']).where('externalKey', 'in', chunk).execute(),
  )
  return new Map(rows.map((row) => [row.externalKey, row.theatreId]))
}

type LayoutProblem = Parameters<Complain>[2]

function soundLayout(drawn: object, complain: (problem: LayoutProblem) => void): Layout | null {
  const { layout, problems } = parseAnyLayout(drawn)
  for (const { path, message } of problems ?? []) complain({ path: `/layout${path}`, message })
  return layout ?? null
}

function takenOf(keyed: readonly { readonly externalKey: string }[], upserted: readonly Upserted[]): Taken {
  const ids = new Map<string, string>()
  for (const [index, { externalKey }] of keyed.entries()) {
    const outcome = upserted[index]
    if (outcome) ids.set(externalKey, outcome.id)
  }
  return { ids, upserted }
}
