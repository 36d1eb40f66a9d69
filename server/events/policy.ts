import type { WebhookEndpointRow } from '../database/tables/events.ts'
import type { Caller } from '../http/caller.ts'

/** An endpoint is its maker's; administrators manage every one. */
export function mayManageEndpoint(caller: Caller, endpoint: Pick<WebhookEndpointRow, 'ownerId'>): boolean {
  return caller.kind === 'account' && (caller.role === 'admin' || caller.userId === endpoint.ownerId)
}
