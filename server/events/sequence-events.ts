import { sql } from 'kysely'
import type { Database, Transaction } from '../database/database.ts'
import type { EventRow, WebhookEndpointRow } from '../database/tables/events.ts'
import { newId } from '../platform/ids.ts'

const eventsAtOnce = 500
/** Any number, the same for every server: whoever holds it gives places. */
const sequenceLock = 7_235_109

/**
 * Gives new events their places, and makes a delivery of each for every endpoint that asked for it. Places are given after
 * the commits, one server at a time: whoever pulls misses none. Answers how many there were.
 */
export async function sequenceEvents(database: Database): Promise<number> {
  const waiting = await database.read.selectFrom('events').select('id').where('sequence', 'is', null).limit(1).execute()
  return waiting.length === 0 ? 0 : await database.write(givePlaces)
}

async function givePlaces(tx: Transaction): Promise<number> {
  if (tx.raw.engine === 'postgres') await sql`SELECT pg_advisory_xact_lock(${sequenceLock})`.execute(tx.query)
  const { rows } = await sql<EventRow>`
    UPDATE events SET sequence = placed.place FROM (
      SELECT id, (SELECT COALESCE(MAX(sequence), 0) FROM events) + ROW_NUMBER() OVER (ORDER BY id) AS place
      FROM events WHERE sequence IS NULL ORDER BY id LIMIT ${eventsAtOnce}
    ) AS placed WHERE events.id = placed.id
    RETURNING events.id, events.type, events.theatre_id`.execute(tx.query)
  const endpoints = await tx.query.selectFrom('webhookEndpoints').selectAll().where('status', '=', 'active').execute()
  if (endpoints.length === 0) return rows.length
  const ids = [...new Set(rows.map(({ theatreId }) => theatreId))]
  const owners = await ownersOf(tx, ids)
  for (const event of rows.toSorted((one, other) => (one.id < other.id ? -1 : 1))) {
    for (const endpoint of endpoints) {
      if (wants(endpoint, event, owners.get(event.theatreId) ?? null)) await addDelivery(tx, endpoint.id, event.id)
    }
  }
  return rows.length
}

/** Whose each theatre is: of those alone who may act as its owner, as at the door of the API. */
async function ownersOf(tx: Transaction, theatreIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const theatres = await tx.query
    .selectFrom('theatres')
    .innerJoin('users', 'users.id', 'theatres.ownerId')
    .select(['theatres.id', 'users.id as ownerId'])
    .where('theatres.id', 'in', theatreIds)
    .where('users.role', 'in', ['owner', 'admin'])
    .where('users.bannedAt', 'is', null)
    .where('users.deletedAt', 'is', null)
    .execute()
  return new Map(theatres.map(({ id, ownerId }) => [id, ownerId]))
}

function wants(endpoint: WebhookEndpointRow, event: Pick<EventRow, 'type'>, theatreOwner: string | null): boolean {
  if (endpoint.ownerId !== null && endpoint.ownerId !== theatreOwner) return false
  if (endpoint.events === null) return true
  const types: unknown = JSON.parse(endpoint.events)
  return Array.isArray(types) && types.includes(event.type)
}

/** Has an event pushed to an endpoint, as soon as may be. Answers the delivery's id. */
export async function addDelivery(tx: Transaction, endpointId: string, eventId: string): Promise<string> {
  const id = newId('webhookDelivery', tx.nowMs)
  await tx.query
    .insertInto('webhookDeliveries')
    .values({ id, endpointId, eventId, status: 'pending', attempts: 0, nextAttemptAt: tx.nowMs, createdAt: tx.nowMs })
    .execute()
  return id
}
