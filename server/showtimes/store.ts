import type { Kysely } from 'kysely'
import { inChunks } from '../database/chunks.ts'
import type { Database, Transaction } from '../database/database.ts'
import { createSeatLedgers } from '../database/seat-ledger.ts'
import type { Tables } from '../database/tables/index.ts'
import type { ShowtimeRow } from '../database/tables/showtimes.ts'
import { categoriesOf } from '../venues/layout.ts'
import { settingsOf } from '../venues/settings.ts'
import { parseStoredLayout } from '../venues/store.ts'
import { withUsualTypes } from './ticket-types.ts'
import type { Hall } from './model.ts'

type Query = Kysely<Tables>

/** A showtime and whose theatre it is in. */
export interface FoundShowtime {
  readonly showtime: ShowtimeRow
  readonly ownerId: string | null
}

export async function findShowtime(query: Query, id: string): Promise<FoundShowtime | undefined> {
  const row = await query
    .selectFrom('showtimes')
    .innerJoin('theatres', 'theatres.id', 'showtimes.theatreId')
    .selectAll('showtimes')
    .select('theatres.ownerId')
    .where('showtimes.id', '=', id)
    .executeTakeFirst()
  if (!row) return undefined
  const { ownerId, ...showtime } = row
  return { showtime, ownerId }
}

/** Whether the audience must be admitted to hold seats. */
export async function hasWaitingRoom(database: Database, showtimeId: string): Promise<boolean> {
  const text = 'SELECT 1 AS waits FROM waiting_rooms WHERE showtime_id = $1'
  return (await database.readPrepared('has-waiting-room', text, [showtimeId])).length > 0
}

/** What showtimes copy from each of these auditoriums; one that does not exist is not in the map. */
export async function findHalls(query: Query, auditoriumIds: Iterable<string>): Promise<Map<string, Hall>> {
  const rows = await inChunks([...new Set(auditoriumIds)], (ids) =>
    query
      .selectFrom('auditoriums')
      .innerJoin('theatres', 'theatres.id', 'auditoriums.theatreId')
      .innerJoin('layouts', (join) =>
        join
          .onRef('layouts.auditoriumId', '=', 'auditoriums.id')
          .onRef('layouts.version', '=', 'auditoriums.layoutVersion'),
      )
      .select(['auditoriums.id', 'auditoriums.theatreId', 'auditoriums.turnaroundMinutes', 'auditoriums.layoutVersion'])
      .select(['theatres.ownerId', 'theatres.timeZone', 'theatres.currency', 'theatres.settings'])
      .select(['layouts.seating', 'layouts.capacity', 'layouts.layout'])
      .where('auditoriums.id', 'in', ids)
      .execute(),
  )
  return new Map(rows.map((row) => [row.id, hallOf(row)]))
}

function hallOf(row: Omit<Hall, 'auditoriumId' | 'settings' | 'turnaroundMinutes' | 'categories'> & HallColumns): Hall {
  const { id, settings: stored, turnaroundMinutes, layout, ...hall } = row
  const settings = settingsOf({ settings: stored })
  return {
    ...hall,
    auditoriumId: id,
    settings,
    turnaroundMinutes: turnaroundMinutes ?? settings.turnaroundMinutes,
    categories: categoriesOf(parseStoredLayout(layout)),
  }
}

interface HallColumns {
  readonly id: string
  readonly settings: string
  readonly turnaroundMinutes: number | null
  readonly layout: string
}

/** How long each of these movies is, in minutes; one that does not exist is not in the map. */
export async function findRuntimes(query: Query, movieIds: Iterable<string>): Promise<Map<string, number>> {
  const rows = await inChunks([...new Set(movieIds)], (ids) =>
    query.selectFrom('movies').select(['id', 'runtimeMinutes']).where('id', 'in', ids).execute(),
  )
  return new Map(rows.map((row) => [row.id, row.runtimeMinutes]))
}

/** The keys of the ticket types that each of these theatres sells. */
export async function findTicketTypeKeys(
  query: Query,
  theatreIds: Iterable<string>,
): Promise<Map<string, Set<string>>> {
  const ids = [...new Set(theatreIds)]
  const rows = await inChunks(ids, (chunk) =>
    query.selectFrom('ticketTypes').selectAll().where('theatreId', 'in', chunk).execute(),
  )
  return new Map(
    ids.map((id) => {
      const types = withUsualTypes(rows.filter((row) => row.theatreId === id))
      return [id, new Set(types.map((type) => type.key))]
    }),
  )
}

/**
 * Takes these auditoriums for scheduling until the transaction ends, in the order of their ids: whoever else schedules in
 * one of them waits. Take them before any showtime's ledger.
 */
export async function lockAuditoriums(tx: Transaction, auditoriumIds: Iterable<string>): Promise<void> {
  // SQLite has one writer at a time: the transaction itself is the lock.
  if (tx.raw.engine === 'sqlite') return
  await inChunks([...new Set(auditoriumIds)].toSorted(), (ids) =>
    tx.query.selectFrom('auditoriums').select('id').where('id', 'in', ids).orderBy('id').forNoKeyUpdate().execute(),
  )
}

/** Adds showtimes, each with the row that its seats are counted under. */
export async function insertShowtimes(tx: Transaction, rows: readonly ShowtimeRow[]): Promise<void> {
  await inChunks(rows, async (chunk) => {
    await tx.query.insertInto('showtimes').values(chunk).execute()
    await createSeatLedgers(
      tx,
      chunk.map((row) => row.id),
    )
    return []
  })
}

/** Writes a showtime as it is now. */
export async function writeShowtime(tx: Transaction, { id, ...columns }: ShowtimeRow): Promise<void> {
  await tx.query.updateTable('showtimes').set(columns).where('id', '=', id).execute()
}

/** The rules of a theatre's price list, as JSON, or undefined when the theatre has no such list. */
export async function findPriceRules(query: Query, id: string, theatreId: string): Promise<string | undefined> {
  const row = await query
    .selectFrom('priceLists')
    .select('rules')
    .where('id', '=', id)
    .where('theatreId', '=', theatreId)
    .executeTakeFirst()
  return row?.rules
}

export interface ProgrammeFilter {
  readonly theatreId: string
  /** Business days, both included. */
  readonly from: string
  readonly to: string
}

/** A theatre's showtimes on these business days, by start: those that are not cancelled, or those of one status. */
export async function findProgramme(
  query: Query,
  filter: ProgrammeFilter & { readonly status?: ShowtimeRow['status'] | undefined },
  count: number,
): Promise<ShowtimeRow[]> {
  const { theatreId, from, to, status } = filter
  return await query
    .selectFrom('showtimes')
    .selectAll()
    .where('theatreId', '=', theatreId)
    .where('businessDate', '>=', from)
    .where('businessDate', '<=', to)
    .$if(status === undefined, (rows) => rows.where('status', '!=', 'cancelled'))
    .$if(status !== undefined, (rows) => rows.where('status', '=', status ?? 'draft'))
    .orderBy('startsAt')
    .orderBy('id')
    .limit(count)
    .execute()
}
