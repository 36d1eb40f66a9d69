import type { HouseEvent } from '../../contract/events.ts'
import * as contract from '../../contract/events.ts'
import { managedTheatres } from '../bookings/managed.ts'
import type { Database, Transaction } from '../database/database.ts'
import { limitOf, orderBy, readCursor, toPage } from '../database/paging.ts'
import type { Order, Page } from '../database/paging.ts'
import type { WebhookDeliveryRow } from '../database/tables/events.ts'
import { signedIn } from '../http/caller.ts'
import type { Approach, Request } from '../http/request.ts'
import type { Routes } from '../http/routes.ts'
import { must } from '../platform/assert.ts'
import { newId } from '../platform/ids.ts'
import { isRefusal, refuse, refuseField } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import type { Secrets } from '../platform/secrets.ts'
import { problemOfUrl } from './address.ts'
import { rotationOverlapMs } from './model.ts'
import { mayManageEndpoint } from './policy.ts'
import { presentDelivery, presentEndpoint, presentEvent } from './present.ts'
import { webhookSecret } from './secret.ts'
import { addDelivery } from './sequence-events.ts'
import { changeEndpoint, eventsById, findDelivery, findEndpoint } from './store.ts'

export interface EventParts {
  readonly database: Database
  readonly secrets: Secrets
}

/** Events to be pulled, and the addresses that they are pushed to. */
export function addEventRoutes(routes: Routes, parts: EventParts): void {
  routes.add(contract.listEvents, { handle: async (request) => await listEvents(parts.database, request) })
  addEndpoints(routes, parts)
  addChanges(routes, parts)
  addDeliveries(routes, parts)
}

async function listEvents(
  database: Database,
  { query, caller }: Request<typeof contract.listEvents>,
): Promise<Page<HouseEvent> | Refusal<'validation_failed' | 'not_found' | 'forbidden'>> {
  const theatreIds = await managedTheatres(database, caller, undefined)
  if (isRefusal(theatreIds)) return theatreIds
  if (theatreIds?.length === 0) return { data: [], nextCursor: null }
  const last = query.cursor ?? query.after
  const after = last === undefined ? null : (await eventsById(database.read, [last])).get(last)
  if (after === undefined) return refuseField(query.cursor === undefined ? '/after' : '/cursor', 'is no event')
  const limit = limitOf(query)
  const rows = await database.read
    .selectFrom('events')
    .selectAll()
    .where('sequence', '>', after?.sequence ?? 0)
    .$if(theatreIds !== undefined, (events) => events.where('theatreId', 'in', [...(theatreIds ?? [])]))
    .$if(query.type !== undefined, (events) => events.where('type', '=', query.type ?? 'booking.confirmed'))
    .orderBy('sequence')
    .limit(limit + 1)
    .execute()
  const shown = rows.slice(0, limit)
  return { data: shown.map(presentEvent), nextCursor: rows.length > limit ? (shown.at(-1)?.id ?? null) : null }
}

const newestEndpoints = {
  name: 'newest endpoints',
  keys: [{ column: 'webhookEndpoints.id', direction: 'desc', type: 'text' }],
} as const satisfies Order

function addEndpoints(routes: Routes, { database, secrets }: EventParts): void {
  routes.add(contract.createWebhookEndpoint, {
    async handle({ body, caller, commit }) {
      const problem = problemOfUrl(body.url)
      if (problem !== null) return refuseField('/url', problem)
      const { userId, role } = signedIn(caller)
      const made = await commit(
        async (tx) => {
          const row = {
            id: newId('webhookEndpoint', tx.nowMs),
            ownerId: role === 'admin' ? null : userId,
            url: new URL(body.url).href,
            events: body.events ? JSON.stringify(body.events) : null,
            status: 'active' as const,
            disabledReason: null,
            secretGeneration: 1,
            previousSecretUntil: null,
            createdAt: tx.nowMs,
            updatedAt: tx.nowMs,
          }
          await tx.query.insertInto('webhookEndpoints').values(row).execute()
          return presentEndpoint(row)
        },
        (endpoint) => ({ ...endpoint, secret: webhookSecret(secrets, newEndpoint(endpoint.id), 1) }),
      )
      return made
    },
  })
  routes.add(contract.listWebhookEndpoints, {
    async handle({ query, caller }) {
      const after = readCursor(newestEndpoints, query.cursor)
      if (isRefusal(after)) return after
      const { userId, role } = signedIn(caller)
      const limit = limitOf(query)
      const rows = await database.read
        .selectFrom('webhookEndpoints')
        .selectAll()
        .$if(role !== 'admin', (endpoints) => endpoints.where('ownerId', '=', userId))
        .where(after)
        .orderBy(orderBy(newestEndpoints))
        .limit(limit + 1)
        .execute()
      return toPage(newestEndpoints, rows, limit, ({ id }) => [id], presentEndpoint)
    },
  })
  routes.add(contract.readWebhookEndpoint, {
    find: findManaged(database),
    handle: ({ subject }) => presentEndpoint(subject),
  })
}

const newEndpoint = (id: string) => ({ id, secretGeneration: 1, previousSecretUntil: null })

function addChanges(routes: Routes, { database, secrets }: EventParts): void {
  routes.add(contract.updateWebhookEndpoint, {
    find: findManaged(database),
    async handle({ subject, body }) {
      const { url, events, status } = body
      const problem = url === undefined ? null : problemOfUrl(url)
      if (problem !== null) return refuseField('/url', problem)
      const change = {
        ...(url !== undefined && { url: new URL(url).href }),
        ...(events !== undefined && { events: events === null ? null : JSON.stringify(events) }),
        ...(status !== undefined && { status, disabledReason: null }),
      }
      const row = await database.write((tx) => changeEndpoint(tx, subject.id, change))
      return row ? presentEndpoint(row) : refuse('not_found')
    },
  })
  routes.add(contract.deleteWebhookEndpoint, {
    find: findManaged(database),
    async handle({ subject }) {
      await database.write((tx) =>
        tx.query.deleteFrom('webhookEndpoints').where('id', '=', subject.id).executeTakeFirst(),
      )
      return undefined
    },
  })
  routes.add(contract.rotateWebhookSecret, {
    find: findManaged(database),
    handle: async ({ subject, commit }) =>
      await commit(
        async (tx) => await rotateSecret(tx, subject.id),
        // What is kept for a key names the generation, from which its secret is derived again.
        ({ secretGeneration, ...endpoint }) => ({
          ...endpoint,
          secret: webhookSecret(secrets, subject, must(secretGeneration, 'A rotation made it')),
        }),
      ),
  })
}

type Rotated = contract.WebhookEndpoint & { readonly secretGeneration?: number }

async function rotateSecret(tx: Transaction, id: string): Promise<Rotated | Refusal<'not_found'>> {
  const previousSecretUntil = tx.nowMs + rotationOverlapMs
  const row = await tx.query
    .updateTable('webhookEndpoints')
    .set((set) => ({ secretGeneration: set('secretGeneration', '+', 1), previousSecretUntil, updatedAt: tx.nowMs }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  return row ? { ...presentEndpoint(row), secretGeneration: row.secretGeneration } : refuse('not_found')
}

const newestDeliveries = {
  name: 'newest deliveries',
  keys: [
    { column: 'webhookDeliveries.createdAt', direction: 'desc', type: 'number' },
    { column: 'webhookDeliveries.id', direction: 'desc', type: 'text' },
  ],
} as const satisfies Order

function addDeliveries(routes: Routes, { database }: EventParts): void {
  routes.add(contract.listWebhookDeliveries, {
    find: findManaged(database),
    async handle({ subject, query }) {
      const after = readCursor(newestDeliveries, query.cursor)
      if (isRefusal(after)) return after
      const limit = limitOf(query)
      const rows = await database.read
        .selectFrom('webhookDeliveries')
        .selectAll()
        .where('endpointId', '=', subject.id)
        .where(after)
        .orderBy(orderBy(newestDeliveries))
        .limit(limit + 1)
        .execute()
      const events = await eventsById(
        database.read,
        rows.map(({ eventId }) => eventId),
      )
      const present = (row: WebhookDeliveryRow) =>
        presentDelivery(row, must(events.get(row.eventId), 'A delivery has its event'))
      return toPage(newestDeliveries, rows, limit, ({ createdAt, id }) => [createdAt, id], present)
    },
  })
  routes.add(contract.replayWebhookDelivery, {
    async find(approach) {
      const endpoint = await findManaged(database)(approach)
      if (isRefusal(endpoint)) return endpoint
      const delivery = await findDelivery(database.read, approach.params.deliveryId)
      return delivery?.endpointId === endpoint.id ? delivery : refuse('not_found')
    },
    handle: async ({ subject, commit }) =>
      await commit(async (tx) => {
        const id = await addDelivery(tx, subject.endpointId, subject.eventId)
        const row = must(await findDelivery(tx.query, id), 'It was just made')
        const events = await eventsById(tx.query, [subject.eventId])
        return presentDelivery(row, must(events.get(subject.eventId), 'A delivery has its event'))
      }),
  })
}

/** An endpoint of the caller's; another's is not there. */
function findManaged(database: Database) {
  return async ({ params, caller }: Pick<Approach, 'caller'> & { readonly params: { readonly id: string } }) => {
    const endpoint = await findEndpoint(database.read, params.id)
    return endpoint && mayManageEndpoint(caller, endpoint) ? endpoint : refuse('not_found')
  }
}
