import type { Upserted } from '../../database/chunks.ts'
import type { Database, Transaction } from '../../database/database.ts'
import { isRefusal, refuse } from '../../platform/refusal.ts'
import type { Refusal } from '../../platform/refusal.ts'
import { noteCommand } from '../note-command.ts'
import { importShowtimes } from './import-showtimes.ts'
import { importAuditoriums, importMovies, importTheatres } from './import-venues.ts'
import { told } from './problems.ts'
import type { LineProblem } from './problems.ts'
import type { Complain, Programme, ProgrammeFile } from './read-programme.ts'

/** What became of the lines of each file. */
export type Written = Readonly<Record<ProgrammeFile, readonly Upserted[]>>

/**
 * Judges a whole programme against itself and the database and writes it, all in one transaction that leaves nothing
 * behind when there is any problem, also one of those found before. Answers null then; `problems` has them all.
 */
export async function writeProgramme(
  database: Database,
  programme: Programme,
  problems: LineProblem[],
): Promise<Written | null> {
  const foundBefore = problems.length
  const written = await database.write(async (tx) => {
    // The transaction may run again from its start.
    problems.splice(foundBefore)
    const outcome = await writeIn(tx, programme, problems)
    if (!isRefusal(outcome)) await noteChanges(tx, outcome)
    return outcome
  })
  return isRefusal(written) ? null : written
}

/** An import that changes nothing leaves nothing behind, not even that it was there. */
async function noteChanges(tx: Transaction, written: Written): Promise<void> {
  const changed = Object.entries(written).map(
    ([file, lines]) => [file, lines.filter(({ outcome }) => outcome !== 'unchanged').length] as const,
  )
  if (changed.some(([, count]) => count > 0)) await noteCommand(tx, 'import', { request: Object.fromEntries(changed) })
}

/** `writeProgramme` inside a transaction that does more; `validation_failed` when there are problems. */
export async function writeIn(
  tx: Transaction,
  programme: Programme,
  problems: LineProblem[],
): Promise<Written | Refusal<'validation_failed'>> {
  const complain: Complain = (file, line, { path, message }) => problems.push({ file, line, what: told(path, message) })
  const theatres = await importTheatres(tx, programme, complain)
  const auditoriums = await importAuditoriums(tx, programme, theatres, complain)
  const movies = await importMovies(tx, programme)
  const taken = { theatres, auditoriums, movies }
  const showtimes = await importShowtimes(tx, programme, taken, complain)
  if (problems.length > 0) return refuse('validation_failed')
  return {
    'theatres.ndjson': theatres.upserted,
    'auditoriums.ndjson': auditoriums.upserted,
    'movies.ndjson': movies.upserted,
    'showtimes.ndjson': showtimes,
  }
}
