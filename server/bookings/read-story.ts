import type { BookingStory } from '../../contract/administration.ts'
import { sql } from 'kysely'
import type { Kysely } from 'kysely'
import type { Tables } from '../database/tables/index.ts'
import { formatInstant, formatInstantOrNull } from '../platform/time.ts'
import type { WholeBooking } from './store.ts'

type Story = Pick<BookingStory, 'createdBy' | 'cancelReason' | 'holds' | 'mails' | 'scans'>

/** What happened to a booking beside its tickets and its money: the hold it came from, what was sent, who was let in. */
export async function readStory(query: Kysely<Tables>, whole: WholeBooking): Promise<Story> {
  const { booking } = whole
  return {
    createdBy: booking.createdBy,
    cancelReason: booking.cancelReason,
    holds: await readHolds(query, booking.holdId),
    mails: await readOutbox(query, whole),
    scans: await readScans(query, whole),
  }
}

async function readHolds(query: Kysely<Tables>, holdId: string | null): Promise<Story['holds']> {
  if (holdId === null) return []
  const holds = await query.selectFrom('holds').selectAll().where('id', '=', holdId).execute()
  return holds.map((hold) => ({
    id: hold.id,
    status: hold.status,
    seats: JSON.parse(hold.seats),
    count: hold.count,
    channel: hold.channel,
    createdAt: formatInstant(hold.createdAt),
    expiresAt: formatInstant(hold.expiresAt),
  }))
}

/** Rows of the outbox that name the booking, one of its payments or one of its refunds. */
async function readOutbox(
  query: Kysely<Tables>,
  { booking, payments, refunds }: WholeBooking,
): Promise<Story['mails']> {
  const names = [booking.id, ...payments.map(({ id }) => id), ...refunds.map(({ id }) => id)]
  const named = sql<boolean>`(${sql.join(
    names.map((id) => sql`payload like ${`%"${id}"%`}`),
    sql` or `,
  )})`
  const rows = await query
    .selectFrom('outbox')
    .select(['id', 'kind', 'createdAt', 'doneAt', 'attempts', 'lastError'])
    // Nothing is sent about a booking before there is one: the part of the outbox that is older need not be read.
    .where('id', '>=', booking.id.replace(/^bkg_/, 'evt_').slice(0, 13))
    .where(named)
    .orderBy('id')
    .limit(200)
    .execute()
  return rows.map((row) => ({
    ...row,
    createdAt: formatInstant(row.createdAt),
    doneAt: formatInstantOrNull(row.doneAt),
  }))
}

async function readScans(query: Kysely<Tables>, { tickets }: WholeBooking): Promise<Story['scans']> {
  if (tickets.length === 0) return []
  const rows = await query
    .selectFrom('checkIns')
    .selectAll()
    .where(
      'ticketId',
      'in',
      tickets.map(({ id }) => id),
    )
    .orderBy('at')
    .orderBy('id')
    .execute()
  return rows.map((scan) => ({
    id: scan.id,
    ticketId: scan.ticketId,
    outcome: scan.outcome,
    at: formatInstant(scan.at),
    by: scan.byUserId,
    undoneAt: formatInstantOrNull(scan.undoneAt),
    undoneBy: scan.undoneBy,
  }))
}
