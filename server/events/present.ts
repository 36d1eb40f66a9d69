import type { HouseEvent, WebhookDelivery, WebhookEndpoint } from '../../contract/events.ts'
import type { EventRow, WebhookDeliveryRow, WebhookEndpointRow } from '../database/tables/events.ts'
import { formatInstant, formatInstantOrNull } from '../platform/time.ts'

/** An event as its types are listed in the contract. */
export function presentEvent(row: EventRow): HouseEvent {
  return {
    id: row.id,
    type: row.type,
    theatreId: row.theatreId,
    createdAt: formatInstant(row.createdAt),
    data: JSON.parse(row.data),
  }
}

export function presentEndpoint(row: WebhookEndpointRow): WebhookEndpoint {
  return {
    id: row.id,
    url: row.url,
    events: row.events === null ? null : JSON.parse(row.events),
    status: row.status,
    disabledReason: row.disabledReason,
    createdAt: formatInstant(row.createdAt),
    updatedAt: formatInstant(row.updatedAt),
  }
}

export function presentDelivery(row: WebhookDeliveryRow, event: EventRow): WebhookDelivery {
  return {
    id: row.id,
    endpointId: row.endpointId,
    event: presentEvent(event),
    status: row.status,
    attempts: row.attempts,
    nextAttemptAt: formatInstantOrNull(row.nextAttemptAt),
    responseStatus: row.responseStatus,
    error: row.error,
    createdAt: formatInstant(row.createdAt),
    endedAt: formatInstantOrNull(row.endedAt),
  }
}
