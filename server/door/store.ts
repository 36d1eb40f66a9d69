import { announce } from '../database/events.ts'
import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Transaction } from '../database/database.ts'
import type { CheckInRow } from '../database/tables/door.ts'
import type { Tables } from '../database/tables/index.ts'
import { newId } from '../platform/ids.ts'
import { usualTicketTypes } from '../showtimes/ticket-types.ts'
import { settingsOf } from '../venues/settings.ts'
import type { DoorRow, DoorShow } from './model.ts'

/** A showtime with whose it is and who may know of it. */
export interface DoorShowRow extends DoorShow {
  readonly ownerId: string | null
  readonly status: 'draft' | 'scheduled' | 'cancelled'
  readonly visibility: 'public' | 'unlisted' | 'private'
}

function doorRows(query: Kysely<Tables>) {
  return query
    .selectFrom('tickets')
    .innerJoin('bookings', 'bookings.id', 'tickets.bookingId')
    .leftJoin('ticketTypes', (join) =>
      join
        .onRef('ticketTypes.theatreId', '=', 'bookings.theatreId')
        .onRef('ticketTypes.key', '=', 'tickets.ticketType'),
    )
    .select([
      'tickets.id',
      'tickets.bookingId',
      'tickets.showtimeId',
      'bookings.theatreId',
      'tickets.seatId',
      'tickets.rowLabel',
      'tickets.seatNumber',
      'tickets.ticketType',
      'tickets.category',
      'tickets.status',
      'tickets.codeRevision',
      'tickets.checkedInAt',
      'bookings.reference',
      'bookings.status as bookingStatus',
      'bookings.confirmedAt',
      'bookings.customerName',
      'ticketTypes.id as ticketTypeId',
      'ticketTypes.proof',
    ])
}

type StoredRow = Awaited<ReturnType<ReturnType<typeof doorRows>['execute']>>[number]

/** A usual ticket type that the theatre has not made its own asks for what it asks everywhere. */
function doorRow({ ticketTypeId, ...row }: StoredRow): DoorRow {
  if (ticketTypeId !== null) return row
  return { ...row, proof: usualTicketTypes.find(({ key }) => key === row.ticketType)?.proof ?? null }
}

export async function findTickets(query: Kysely<Tables>, ids: readonly string[]): Promise<DoorRow[]> {
  if (ids.length === 0) return []
  const rows = await doorRows(query).where('tickets.id', 'in', ids).execute()
  return rows.map(doorRow)
}

/** A booking's tickets, in the order in which they were sold. */
export async function findParty(query: Kysely<Tables>, bookingId: string): Promise<DoorRow[]> {
  const rows = await doorRows(query).where('tickets.bookingId', '=', bookingId).orderBy('tickets.id').execute()
  return rows.map(doorRow)
}

export async function findHouse(query: Kysely<Tables>, showtimeId: string): Promise<DoorRow[]> {
  const rows = await doorRows(query).where('tickets.showtimeId', '=', showtimeId).execute()
  return rows.map(doorRow)
}

/** Ids of the tickets that were exchanged away from a showtime. */
export async function findDeparted(query: Kysely<Tables>, showtimeId: string): Promise<string[]> {
  const rows = await query
    .selectFrom('departedTickets')
    .select('ticketId')
    .where('showtimeId', '=', showtimeId)
    .orderBy('ticketId')
    .execute()
  return rows.map(({ ticketId }) => ticketId)
}

export async function findShow(query: Kysely<Tables>, id: string): Promise<DoorShowRow | null> {
  const row = await query
    .selectFrom('showtimes')
    .innerJoin('theatres', 'theatres.id', 'showtimes.theatreId')
    .innerJoin('movies', 'movies.id', 'showtimes.movieId')
    .innerJoin('auditoriums', 'auditoriums.id', 'showtimes.auditoriumId')
    .select([
      'showtimes.id',
      'showtimes.theatreId',
      'showtimes.status',
      'showtimes.visibility',
      'showtimes.startsAt',
      'showtimes.endsAt',
      'showtimes.timeZone',
      'movies.title as movieTitle',
      'auditoriums.name as auditoriumName',
      'theatres.ownerId',
      'theatres.settings',
    ])
    .where('showtimes.id', '=', id)
    .executeTakeFirst()
  if (!row) return null
  const { settings, ...show } = row
  return { ...show, doorsOpenMinutes: settingsOf({ settings }).doorsOpenMinutes }
}

/**
 * Marks tickets as used where they still are valid (and their code, if one is named, still holds): of many that try at once, each
 * ticket has one winner. Answers the ids that this call won.
 */
export async function markUsed(
  tx: Transaction,
  ids: readonly string[],
  atMs: number,
  codeRevision?: number,
): Promise<string[]> {
  if (ids.length === 0) return []
  let update = tx.query
    .updateTable('tickets')
    .set({ status: 'used', checkedInAt: atMs })
    .where('id', 'in', ids)
    .where('status', '=', 'valid')
  if (codeRevision !== undefined) update = update.where('codeRevision', '=', codeRevision)
  const won = await update.returning('id').execute()
  return won.map(({ id }) => id)
}

/** Like `markUsed`, each at its own time (milliseconds). */
export async function markUsedAt(
  tx: Transaction,
  scans: readonly { readonly ticketId: string; readonly at: number }[],
): Promise<string[]> {
  if (scans.length === 0) return []
  const times = scans.map(({ ticketId, at }) => sql`WHEN ${ticketId} THEN CAST(${at} AS BIGINT)`)
  const won = await tx.query
    .updateTable('tickets')
    .set({ status: 'used', checkedInAt: sql<number>`CASE id ${sql.join(times, sql` `)} END` })
    .where(
      'id',
      'in',
      scans.map(({ ticketId }) => ticketId),
    )
    .where('status', '=', 'valid')
    .returning('id')
    .execute()
  return won.map(({ id }) => id)
}

/** Takes a check-in back; nothing happens to a ticket that is not in. */
export async function unmarkUsed(tx: Transaction, ticketId: string, byUserId: string): Promise<void> {
  const unmarked = await tx.query
    .updateTable('tickets')
    .set({ status: 'valid', checkedInAt: null })
    .where('id', '=', ticketId)
    .where('status', '=', 'used')
    .executeTakeFirst()
  // A scan that commits between these two statements stands: its record is not this call's to take back.
  if (unmarked.numUpdatedRows === 0n) return
  await tx.query
    .updateTable('checkIns')
    .set({ undoneAt: tx.nowMs, undoneBy: byUserId })
    .where('ticketId', '=', ticketId)
    .where('outcome', '=', 'admitted')
    .where('undoneAt', 'is', null)
    .execute()
}

export type NewCheckIn = Pick<CheckInRow, 'ticketId' | 'outcome' | 'at' | 'byUserId' | 'scanId'>

export async function insertCheckIns(tx: Transaction, checkIns: readonly NewCheckIn[]): Promise<void> {
  if (checkIns.length === 0) return
  const rows = checkIns.map((checkIn) => ({ ...checkIn, id: newId('checkIn', tx.nowMs), recordedAt: tx.nowMs }))
  await tx.query.insertInto('checkIns').values(rows).execute()
  await announceAdmissions(tx, rows)
}

/** Other systems hear of everybody who came in. */
async function announceAdmissions(
  tx: Transaction,
  rows: readonly Pick<CheckInRow, 'ticketId' | 'outcome'>[],
): Promise<void> {
  const admitted = rows.filter(({ outcome }) => outcome === 'admitted')
  if (admitted.length === 0) return
  const tickets = await tx.query
    .selectFrom('tickets')
    .innerJoin('bookings', 'bookings.id', 'tickets.bookingId')
    .select(['tickets.id', 'tickets.bookingId', 'tickets.showtimeId', 'tickets.seatId', 'bookings.theatreId'])
    .where(
      'tickets.id',
      'in',
      admitted.map(({ ticketId }) => ticketId),
    )
    .orderBy('tickets.id')
    .execute()
  for (const { id, bookingId, showtimeId, seatId, theatreId } of tickets) {
    await announce(tx, 'ticket.checked_in', theatreId, { ticketId: id, bookingId, showtimeId, seat: seatId })
  }
}

/** What offline scans came to when they were reported before. */
export async function findScans(
  tx: Transaction,
  ticketIds: readonly string[],
  scanIds: readonly string[],
): Promise<Pick<CheckInRow, 'ticketId' | 'scanId' | 'outcome' | 'at'>[]> {
  if (ticketIds.length === 0) return []
  return await tx.query
    .selectFrom('checkIns')
    .select(['ticketId', 'scanId', 'outcome', 'at'])
    .where('ticketId', 'in', ticketIds)
    .where('scanId', 'in', scanIds)
    .execute()
}
