import { createHash } from 'node:crypto'
import type { WebhookEndpointRow } from '../database/tables/events.ts'
import type { Secrets } from '../platform/secrets.ts'

type Endpoint = Pick<WebhookEndpointRow, 'id' | 'secretGeneration' | 'previousSecretUntil'>

/** The secret of an endpoint: derived, never stored. */
export function webhookSecret(secrets: Secrets, { id }: Endpoint, generation: number): string {
  const key = createHash('sha256')
    .update(secrets.sign('webhook endpoint', `${id}.${generation}`))
    .digest('base64')
  return `whsec_${key}`
}

/** The secrets that sign now: the newest, and for a while after a rotation the one before. */
export function signingSecrets(secrets: Secrets, endpoint: Endpoint, nowMs: number): string[] {
  const newest = webhookSecret(secrets, endpoint, endpoint.secretGeneration)
  if (endpoint.previousSecretUntil === null || endpoint.previousSecretUntil <= nowMs) return [newest]
  return [newest, webhookSecret(secrets, endpoint, endpoint.secretGeneration - 1)]
}
