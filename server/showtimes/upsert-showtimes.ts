import { sql } from 'kysely'
import type { ShowtimeInput } from '../../contract/showtimes.ts'
import { inChunks } from '../database/chunks.ts'
import type { Upserted } from '../database/chunks.ts'
import type { Transaction } from '../database/database.ts'
import type { ShowtimeRow } from '../database/tables/showtimes.ts'
import type { FieldProblem } from '../http/validate.ts'
import { must } from '../platform/assert.ts'
import { newId } from '../platform/ids.ts'
import { isRefusal } from '../platform/refusal.ts'
import { formatLocal, isTimeProblem, parseTime } from '../platform/time.ts'
import { isAnotherShow, isMoved, isSame } from './change-showtime.ts'
import { blockOutOfOrder, freeUnsoldSeats, hasSoldSeats } from './claims.ts'
import { gather, hallAsMade } from './gather.ts'
import type { Gathered } from './gather.ts'
import { findOverlaps } from './overlap.ts'
import { planChange, planShowtime } from './plan-showtime.ts'
import { insertShowtimes, lockAuditoriums, writeShowtime } from './store.ts'

/** A showtime of another system, in our ids. */
export interface KeyedShowtime {
  /** The source's own id; null where it has none: then auditorium and start tell which one it is. */
  readonly externalKey: string | null
  readonly showtime: ShowtimeInput
}

/** What is wrong with one of the list; `withIndex` is another of the list that it cannot stand beside. */
export interface ShowtimeProblem extends FieldProblem {
  readonly index: number
  readonly withIndex?: number
}

export interface UpsertedShowtimes {
  /** In the order of the list; empty when there are problems. */
  readonly results: Upserted[]
  readonly problems: ShowtimeProblem[]
}

/** What is to become of one of the list. */
interface Work {
  readonly index: number
  /** As it is now; null for a new one. */
  readonly before: ShowtimeRow | null
  readonly after: ShowtimeRow
}

/**
 * Adds or changes showtimes, the past included, and touches none that says the same already. A field that is not given stays;
 * what was cancelled stays as it is. With any problem nothing is written, and all problems are answered.
 */
export async function upsertShowtimes(tx: Transaction, keyed: readonly KeyedShowtime[]): Promise<UpsertedShowtimes> {
  await lockAuditoriums(
    tx,
    keyed.map(({ showtime }) => showtime.auditoriumId),
  )
  const gathered = await gather(
    tx,
    keyed.map(({ showtime }) => showtime),
  )
  const names = keyed.map((each) => nameOf(each, gathered))
  const known = await findKnown(tx, names)
  const problems = repeated(names)
  const work: Work[] = []
  const again = new Set(problems.map(({ index }) => index))
  for (const [index, each] of keyed.entries()) {
    const before = known.get(textOf(names[index])) ?? null
    const planned = await plan(tx, each, before, gathered)
    for (const problem of planned.problems) problems.push({ index, ...problem })
    const isSound = planned.problems.length === 0 && !again.has(index)
    if (planned.row && isSound) work.push({ index, before, after: planned.row })
  }
  problems.push(...(await judgeSchedule(tx, work)))
  if (problems.length > 0) return { results: [], problems: problems.toSorted((one, other) => one.index - other.index) }
  await write(tx, work)
  return { results: work.map(resultOf), problems }
}

/** How one of the list is known: by the source's key, or by where and when it is; null when its time cannot be read. */
type Name = { readonly key: string } | { readonly auditoriumId: string; readonly startsAt: number } | null

function nameOf({ externalKey, showtime }: KeyedShowtime, gathered: Gathered): Name {
  if (externalKey !== null) return { key: externalKey }
  const surroundings = gathered.of(showtime)
  if (isRefusal(surroundings)) return null
  const startsAt = parseTime(showtime.startsAt, surroundings.hall.timeZone)
  return isTimeProblem(startsAt) ? null : { auditoriumId: showtime.auditoriumId, startsAt }
}

function textOf(name: Name | undefined): string {
  return JSON.stringify(name ?? null)
}

function repeated(names: readonly Name[]): ShowtimeProblem[] {
  const first = new Map<string, number>()
  return names.flatMap((name, index): ShowtimeProblem[] => {
    if (name === null) return []
    const withIndex = first.get(textOf(name))
    if (withIndex === undefined) first.set(textOf(name), index)
    const path = 'key' in name ? '/id' : '/startsAt'
    return withIndex === undefined ? [] : [{ index, path, message: 'is the same showtime again', withIndex }]
  })
}

/** The showtimes that exist already, by how they are known; of two at one place and start the one that is not cancelled. */
async function findKnown(tx: Transaction, names: readonly Name[]): Promise<Map<string, ShowtimeRow>> {
  const known = new Map<string, ShowtimeRow>()
  const keys = names.flatMap((name) => (name !== null && 'key' in name ? [name.key] : []))
  const places = names.flatMap((name) => (name !== null && 'startsAt' in name ? [name] : []))
  const byKey = await inChunks(keys, (chunk) =>
    tx.query.selectFrom('showtimes').selectAll().where('externalKey', 'in', chunk).execute(),
  )
  for (const row of byKey) if (row.externalKey !== null) known.set(textOf({ key: row.externalKey }), row)
  const byPlace = await inChunks(places, (chunk) => {
    const pairs = chunk.map(({ auditoriumId, startsAt }) => sql`(${auditoriumId}, CAST(${startsAt} AS BIGINT))`)
    const isThere = sql<boolean>`(auditorium_id, starts_at) IN (VALUES ${sql.join(pairs)})`
    return tx.query.selectFrom('showtimes').selectAll().where(isThere).execute()
  })
  for (const row of byPlace) {
    const name = textOf({ auditoriumId: row.auditoriumId, startsAt: row.startsAt })
    if (row.status !== 'cancelled' || !known.has(name)) known.set(name, row)
  }
  return known
}

interface PlannedUpsert {
  readonly row?: ShowtimeRow
  readonly problems: readonly FieldProblem[]
}

async function plan(
  tx: Transaction,
  { externalKey, showtime }: KeyedShowtime,
  before: ShowtimeRow | null,
  gathered: Gathered,
): Promise<PlannedUpsert> {
  const surroundings = gathered.of(showtime)
  if (isRefusal(surroundings)) return { problems: [{ path: '', message: surroundings.detail }] }
  if (!before) {
    const identity = { id: newId('showtime', tx.nowMs), externalKey, createdBy: null, createdAt: tx.nowMs }
    return planShowtime(showtime, surroundings, identity)
  }
  if (before.status === 'cancelled') return { row: before, problems: [] }
  const { theatreId, ...patch } = showtime
  if (theatreId !== undefined && theatreId !== surroundings.hall.theatreId) {
    return { problems: [{ path: '/theatreId', message: 'is not the theatre of this auditorium' }] }
  }
  const isOwnHall = showtime.auditoriumId === before.auditoriumId
  const hall = isOwnHall ? await hallAsMade(tx, surroundings.hall, before) : surroundings.hall
  return planChange(before, patch, { ...surroundings, hall })
}

/** What the house stands against: guests who bought something else, and showtimes in the same auditorium. */
async function judgeSchedule(tx: Transaction, work: readonly Work[]): Promise<ShowtimeProblem[]> {
  const problems: ShowtimeProblem[] = []
  const moved = work.filter(({ before, after }) => before === null || isMoved(before, after))
  for (const { index, before, after } of work) {
    const isTouched = before !== null && (isAnotherShow(before, after) || before.status !== after.status)
    if (isTouched && (await hasSoldSeats(tx, before.id))) {
      problems.push({ index, path: '', message: 'has bookings: it cannot become another showtime' })
    }
  }
  const byId = new Map(moved.map((each) => [each.after.id, each]))
  const slots = moved.map(({ after }) => after)
  for (const { wanted, other } of await findOverlaps(tx, slots)) {
    const { index, after } = must(byId.get(wanted.id), 'Only what is wanted overlaps')
    const withIndex = byId.get(other.id)?.index
    const span = `${formatLocal(other.startsAt, after.timeZone)} to ${formatLocal(other.busyUntil, after.timeZone)}`
    const message = `overlaps the showtime from ${span}, turnaround included`
    problems.push({ index, path: '/startsAt', message, ...(withIndex !== undefined && { withIndex }) })
  }
  return problems
}

async function write(tx: Transaction, work: readonly Work[]): Promise<void> {
  const rehoused: ShowtimeRow[] = []
  for (const { before, after } of work) {
    if (before === null || isSame(before, after)) continue
    await writeShowtime(tx, { ...after, revision: before.revision + 1, updatedAt: tx.nowMs })
    if (before.auditoriumId === after.auditoriumId) continue
    await freeUnsoldSeats(tx, after.id)
    rehoused.push(after)
  }
  const added = work.flatMap(({ before, after }) => (before === null ? [after] : []))
  await insertShowtimes(tx, added)
  await blockOutOfOrder(tx, [...rehoused, ...added])
}

function resultOf({ before, after }: Work): Upserted {
  if (before === null) return { id: after.id, outcome: 'created' }
  return { id: after.id, outcome: isSame(before, after) ? 'unchanged' : 'changed' }
}
