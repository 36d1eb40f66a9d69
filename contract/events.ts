import type { Static } from 'typebox'
import { Type } from 'typebox'
import { Id, IdParams, Instant, nullable, pageOf, pageQuery } from './common.ts'
import { closed, operation } from './operation.ts'

const tag = 'Events'
const managers = ['owner', 'admin'] as const

export const eventTypes = [
  'booking.created',
  'booking.confirmed',
  'booking.cancelled',
  'booking.expired',
  'payment.refunded',
  'showtime.changed',
  'showtime.cancelled',
  'ticket.checked_in',
] as const
export type EventType = (typeof eventTypes)[number]

export const HouseEvent = closed({
  id: Id,
  type: Type.Enum(eventTypes),
  theatreId: Id,
  createdAt: Instant,
  data: Type.Record(Type.String(), Type.Unknown()),
})
export type HouseEvent = Static<typeof HouseEvent>

export const WebhookEndpoint = closed({
  id: Id,
  url: Type.String(),
  events: nullable(Type.Array(Type.Enum(eventTypes))),
  status: Type.Enum(['active', 'disabled']),
  disabledReason: nullable(Type.String()),
  secret: Type.Optional(
    Type.String({ description: 'Standard Webhooks (`whsec_…`); shown when it is made, never again' }),
  ),
  createdAt: Instant,
  updatedAt: Instant,
})
export type WebhookEndpoint = Static<typeof WebhookEndpoint>

export const WebhookDelivery = closed({
  id: Id,
  endpointId: Id,
  event: HouseEvent,
  status: Type.Enum(['pending', 'delivered', 'failed']),
  attempts: Type.Integer({ minimum: 0 }),
  nextAttemptAt: nullable(Instant),
  responseStatus: nullable(Type.Integer()),
  error: nullable(Type.String()),
  createdAt: Instant,
  endedAt: nullable(Instant),
})
export type WebhookDelivery = Static<typeof WebhookDelivery>

const Url = Type.String({ minLength: 1, maxLength: 2000, examples: ['https://example.com/hooks'] })
const Wanted = nullable(Type.Array(Type.Enum(eventTypes), { minItems: 1, maxItems: 50, uniqueItems: true }))

export const listEvents = operation({
  id: 'listEvents',
  method: 'GET',
  path: '/events',
  tag,
  summary: 'What happened, the oldest first; `after` is the id of the last event one has',
  access: managers,
  query: closed({
    after: Type.Optional(Id),
    type: Type.Optional(Type.Enum(eventTypes)),
    ...pageQuery,
  }),
  answer: { status: 200, schema: pageOf(HouseEvent) },
})
export const createWebhookEndpoint = operation({
  id: 'createWebhookEndpoint',
  method: 'POST',
  path: '/webhook-endpoints',
  tag,
  summary: 'Have events pushed to an address; the answer alone shows the secret',
  access: managers,
  body: closed({ url: Url, events: Type.Optional(Wanted) }),
  answer: { status: 201, schema: WebhookEndpoint },
})
export const listWebhookEndpoints = operation({
  id: 'listWebhookEndpoints',
  method: 'GET',
  path: '/webhook-endpoints',
  tag,
  summary: 'Addresses that events are pushed to',
  access: managers,
  query: closed(pageQuery),
  answer: { status: 200, schema: pageOf(WebhookEndpoint) },
})
export const readWebhookEndpoint = operation({
  id: 'readWebhookEndpoint',
  method: 'GET',
  path: '/webhook-endpoints/{id}',
  tag,
  summary: 'One address',
  access: managers,
  params: IdParams,
  answer: { status: 200, schema: WebhookEndpoint },
})
export const updateWebhookEndpoint = operation({
  id: 'updateWebhookEndpoint',
  method: 'PATCH',
  path: '/webhook-endpoints/{id}',
  tag,
  summary: 'Change an address, what it hears, or turn it on or off',
  access: managers,
  params: IdParams,
  body: closed({
    url: Type.Optional(Url),
    events: Type.Optional(Wanted),
    status: Type.Optional(Type.Enum(['active', 'disabled'])),
  }),
  answer: { status: 200, schema: WebhookEndpoint },
})
export const deleteWebhookEndpoint = operation({
  id: 'deleteWebhookEndpoint',
  method: 'DELETE',
  path: '/webhook-endpoints/{id}',
  tag,
  summary: 'Push nothing there any more',
  access: managers,
  params: IdParams,
  answer: { status: 204, schema: null },
})
export const rotateWebhookSecret = operation({
  id: 'rotateWebhookSecret',
  method: 'POST',
  path: '/webhook-endpoints/{id}/rotate-secret',
  tag,
  summary: 'A new secret; for a day the one before signs as well',
  access: managers,
  params: IdParams,
  answer: { status: 200, schema: WebhookEndpoint },
})
export const listWebhookDeliveries = operation({
  id: 'listWebhookDeliveries',
  method: 'GET',
  path: '/webhook-endpoints/{id}/deliveries',
  tag,
  summary: 'What was pushed to an address and what came of it, the newest first',
  access: managers,
  params: IdParams,
  query: closed(pageQuery),
  answer: { status: 200, schema: pageOf(WebhookDelivery) },
})
export const replayWebhookDelivery = operation({
  id: 'replayWebhookDelivery',
  method: 'POST',
  path: '/webhook-endpoints/{id}/deliveries/{deliveryId}/replay',
  tag,
  summary: 'Push an event again, as a new delivery',
  access: managers,
  params: closed({ id: Id, deliveryId: Id }),
  answer: { status: 202, schema: WebhookDelivery },
})

export const eventOperations = {
  listEvents,
  createWebhookEndpoint,
  listWebhookEndpoints,
  readWebhookEndpoint,
  updateWebhookEndpoint,
  deleteWebhookEndpoint,
  rotateWebhookSecret,
  listWebhookDeliveries,
  replayWebhookDelivery,
} as const
