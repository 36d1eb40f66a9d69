import type { ShowtimeInput } from '../../contract/showtimes.ts'
import type { Transaction } from '../database/database.ts'
import type { ShowtimeRow } from '../database/tables/showtimes.ts'
import type { Caller } from '../http/caller.ts'
import type { FieldProblem } from '../http/validate.ts'
import { must } from '../platform/assert.ts'
import { newId } from '../platform/ids.ts'
import { isRefusal, refuse, refuseFields } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { addShowtimes } from './add-showtimes.ts'
import { gather } from './gather.ts'
import type { Gathered } from './gather.ts'
import { planShowtime } from './plan-showtime.ts'
import { mayChangeShowtime } from './policy.ts'
import { lockAuditoriums } from './store.ts'

type Refused = Refusal<'not_found' | 'forbidden' | 'validation_failed' | 'showtime_overlap'>

/**
 * Makes a showtime. Refuses `not_found` for what it names and is not there, `forbidden` in another's theatre,
 * `validation_failed`, and `showtime_overlap` with the showtimes that are in the way.
 */
export async function createShowtime(
  tx: Transaction,
  input: ShowtimeInput,
  caller: Caller,
): Promise<ShowtimeRow | Refused> {
  const rows = await createAll(tx, [input], caller, (_index, path) => path)
  if (isRefusal(rows)) return rows
  const added = await addShowtimes(tx, rows)
  return isRefusal(added) ? added : must(added[0], 'One showtime in, one out')
}

/** Makes many showtimes or none. Problems and conflicts name the place of each in the list. */
export async function createShowtimes(
  tx: Transaction,
  inputs: readonly ShowtimeInput[],
  caller: Caller,
): Promise<ShowtimeRow[] | Refused> {
  const rows = await createAll(tx, inputs, caller, (index, path) => `/showtimes/${index}${path}`)
  if (isRefusal(rows)) return rows
  const indexes = new Map(rows.map((row, index) => [row.id, index]))
  return await addShowtimes(tx, rows, indexes)
}

/** Plans all of them under the locks of their auditoriums; nothing is written yet. */
async function createAll(
  tx: Transaction,
  inputs: readonly ShowtimeInput[],
  caller: Caller,
  pathOf: (index: number, path: string) => string,
): Promise<ShowtimeRow[] | Refused> {
  await lockAuditoriums(
    tx,
    inputs.map((input) => input.auditoriumId),
  )
  const gathered = await gather(tx, inputs)
  const rows: ShowtimeRow[] = []
  const problems: FieldProblem[] = []
  for (const [index, input] of inputs.entries()) {
    const planned = plan(tx, input, gathered, caller)
    if (isRefusal(planned)) return at(planned, pathOf(index, ''))
    rows.push(planned.row)
    for (const { path, message } of planned.problems) problems.push({ path: pathOf(index, path), message })
  }
  return problems.length > 0 ? refuseFields(problems) : rows
}

function plan(tx: Transaction, input: ShowtimeInput, gathered: Gathered, caller: Caller) {
  const surroundings = gathered.of(input)
  if (isRefusal(surroundings)) return surroundings
  if (!mayChangeShowtime(caller, surroundings.hall)) return refuse('forbidden', 'This theatre is somebody else’s.')
  const id = newId('showtime', tx.nowMs)
  const createdBy = caller.kind === 'account' ? caller.userId : null
  return planShowtime(input, surroundings, { id, externalKey: null, createdBy, createdAt: tx.nowMs })
}

/** Says which one of a list is meant; of a single showtime there is nothing to say. */
function at(refused: Refusal<'not_found' | 'forbidden'>, path: string): Refusal<'not_found' | 'forbidden'> {
  return path === '' ? refused : refuse(refused.code, `${path}: ${refused.detail}`)
}
