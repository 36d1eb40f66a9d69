import type { Kysely } from 'kysely'
import type { Database, Transaction } from '../database/database.ts'
import type { Tables } from '../database/tables/index.ts'
import type { EventRow } from '../database/tables/events.ts'
import type { Clock } from '../platform/clock.ts'
import type { Broker, BrokerMessage } from './broker.ts'
import { presentEvent } from './present.ts'

export interface PublishParts {
  readonly database: Database
  readonly clock: Clock
  readonly broker: Broker
}

/** How far the broker has been told, and until when a server has that under way. One row of the settings. */
interface Progress {
  readonly after: number
  readonly leasedUntil: number
}

const settingName = 'amqp'
const eventsAtOnce = 200
const leaseMs = 30_000

/**
 * Tells the broker of events that have their place, in their order, and goes on only behind its confirmations: each at
 * least once, whoever dies in between. It begins with what happens after it was first turned on. Answers how many.
 */
export async function publishEvents({ database, clock, broker }: PublishParts): Promise<number> {
  if (broker.isAway()) return 0
  const known = await readProgress(database.read)
  if (known && (known.leasedUntil > clock.now() || !(await isAnythingAfter(database.read, known.after)))) return 0
  const progress = await database.write(lease)
  if (progress === null) return 0
  const events = await database.read
    .selectFrom('events')
    .selectAll()
    .where('sequence', '>', progress.after)
    .orderBy('sequence')
    .limit(eventsAtOnce)
    .execute()
  let after = progress.after
  try {
    if (events.length > 0) await broker.publish(events.map(messageOf))
    after = events.at(-1)?.sequence ?? after
    return events.length
  } finally {
    // Not when the lease has run out meanwhile: another server is at it.
    await database.write(async (tx) => await advance(tx, progress, after))
  }
}

function messageOf(event: EventRow): BrokerMessage {
  return {
    id: event.id,
    type: event.type,
    routingKey: `${event.type}.${event.theatreId}`,
    timestamp: Math.floor(event.createdAt / 1000),
    body: Buffer.from(JSON.stringify(presentEvent(event))),
  }
}

async function readProgress(query: Kysely<Tables>): Promise<Progress | null> {
  const row = await query.selectFrom('settings').select('value').where('name', '=', settingName).executeTakeFirst()
  return row ? JSON.parse(row.value) : null
}

/** Events that the broker has not confirmed yet. */
export async function countUntold(query: Kysely<Tables>): Promise<number> {
  const { after } = (await readProgress(query)) ?? { after: 0 }
  const { count } = await query
    .selectFrom('events')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where((where) => where.or([where('sequence', '>', after), where('sequence', 'is', null)]))
    .executeTakeFirstOrThrow()
  return count
}

async function isAnythingAfter(query: Kysely<Tables>, after: number): Promise<boolean> {
  return (
    (await query.selectFrom('events').select('id').where('sequence', '>', after).limit(1).executeTakeFirst()) !==
    undefined
  )
}

/** Takes the work for a while; null: somebody else has it. */
async function lease(tx: Transaction): Promise<Progress | null> {
  const row = await tx.query
    .selectFrom('settings')
    .select('value')
    .where('name', '=', settingName)
    .$if(tx.raw.engine === 'postgres', (query) => query.forUpdate())
    .executeTakeFirst()
  const known: Progress = row ? JSON.parse(row.value) : { after: await lastPlace(tx), leasedUntil: 0 }
  if (known.leasedUntil > tx.nowMs) return null
  const taken = { after: known.after, leasedUntil: tx.nowMs + leaseMs }
  const value = JSON.stringify(taken)
  if (!row) {
    const made = await tx.query
      .insertInto('settings')
      .values({ name: settingName, value })
      .onConflict((conflict) => conflict.doNothing())
      .returning('name')
      .execute()
    return made.length === 1 ? taken : null
  }
  await tx.query.updateTable('settings').set({ value }).where('name', '=', settingName).execute()
  return taken
}

async function lastPlace({ query }: Transaction): Promise<number> {
  const row = await query
    .selectFrom('events')
    .select((select) => select.fn.max('sequence').as('last'))
    .executeTakeFirst()
  return row?.last ?? 0
}

async function advance(tx: Transaction, leased: Progress, after: number): Promise<void> {
  await tx.query
    .updateTable('settings')
    .set({ value: JSON.stringify({ after, leasedUntil: 0 } satisfies Progress) })
    .where('name', '=', settingName)
    .where('value', '=', JSON.stringify(leased))
    .execute()
}
