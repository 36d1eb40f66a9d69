import type { Kysely } from 'kysely'
import type { Transaction } from '../database/database.ts'
import type { Tables } from '../database/tables/index.ts'
import type { EventRow, WebhookDeliveryRow, WebhookEndpointRow } from '../database/tables/events.ts'

export async function findEndpoint(query: Kysely<Tables>, id: string): Promise<WebhookEndpointRow | null> {
  return (await query.selectFrom('webhookEndpoints').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

export async function changeEndpoint(
  tx: Transaction,
  id: string,
  change: Partial<WebhookEndpointRow>,
): Promise<WebhookEndpointRow | null> {
  const rows = await tx.query
    .updateTable('webhookEndpoints')
    .set({ ...change, updatedAt: tx.nowMs })
    .where('id', '=', id)
    .returningAll()
    .execute()
  return rows[0] ?? null
}

export async function findDelivery(query: Kysely<Tables>, id: string): Promise<WebhookDeliveryRow | null> {
  return (await query.selectFrom('webhookDeliveries').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

/** Events by their ids. */
export async function eventsById(query: Kysely<Tables>, ids: readonly string[]): Promise<Map<string, EventRow>> {
  if (ids.length === 0) return new Map()
  const rows = await query
    .selectFrom('events')
    .selectAll()
    .where('id', 'in', [...ids])
    .execute()
  return new Map(rows.map((row) => [row.id, row]))
}
