import type { EventType } from '../../../contract/events.ts'

export interface EventRow {
  id: string
  /** Its place for those who pull: given after the commit, so that nobody sees a later one before an earlier one. */
  sequence: number | null
  type: EventType
  theatreId: string
  /** JSON: ids and states, no persons. */
  data: string
  createdAt: number
}

export interface WebhookEndpointRow {
  id: string
  /** Whose theatres it hears of; null (an administrator's) is all. */
  ownerId: string | null
  url: string
  /** JSON: the types it asked for; null is all. */
  events: string | null
  status: 'active' | 'disabled'
  disabledReason: string | null
  /** Its secret is derived from `SECRET`, its id and this. */
  secretGeneration: number
  /** Until then the secret before signs as well. */
  previousSecretUntil: number | null
  createdAt: number
  updatedAt: number
}

export interface WebhookDeliveryRow {
  id: string
  endpointId: string
  eventId: string
  status: 'pending' | 'delivered' | 'failed'
  attempts: number
  /** Also how long somebody has it under way. */
  nextAttemptAt: number | null
  responseStatus: number | null
  error: string | null
  createdAt: number
  endedAt: number | null
}

export interface EventTables {
  events: EventRow
  webhookEndpoints: WebhookEndpointRow
  webhookDeliveries: WebhookDeliveryRow
}
