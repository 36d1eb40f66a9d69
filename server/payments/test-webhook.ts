import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { Type } from 'typebox'
import type { Static } from 'typebox'
import { Value } from 'typebox/value'
import { testOutcomes } from '../../contract/payments.ts'
import { closed } from '../../contract/operation.ts'
import { refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'

const TestEvent = closed({
  id: Type.String({ minLength: 1, maxLength: 255 }),
  paymentId: Type.String({ minLength: 1, maxLength: 64 }),
  outcome: Type.Enum(testOutcomes),
})
/** What the `test` provider tells of a payment. */
export type TestEvent = Static<typeof TestEvent>

/** How far a webhook's time may be from ours, seconds. Source: Standard Webhooks. */
const toleranceSeconds = 300

/**
 * Checks a Standard Webhooks signature on the raw body: HMAC-SHA-256 of `id.timestamp.body` under the secret (its bytes in
 * base64 behind `whsec_`, else the text itself). Several signatures may be given, one per key.
 */
export function verifyTestWebhook(secret: string, headers: IncomingHttpHeaders, body: string, nowMs: number): boolean {
  const id = headers['webhook-id']
  const timestamp = headers['webhook-timestamp']
  const signatures = headers['webhook-signature']
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string') return false
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(Number(timestamp) - nowMs / 1000) > toleranceSeconds) return false
  const expected = Buffer.from(signTestWebhook(secret, id, timestamp, body))
  return signatures.split(' ').some((signature) => {
    const given = Buffer.from(signature)
    return given.length === expected.length && timingSafeEqual(given, expected)
  })
}

/** The `webhook-signature` of a body. `timestamp`: seconds since the epoch, as text. */
export function signTestWebhook(secret: string, id: string, timestamp: string, body: string): string {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : Buffer.from(secret)
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
}

/** Reads a body whose signature was good. */
export function readTestEvent(body: string): TestEvent | Refusal<'malformed_request' | 'validation_failed'> {
  try {
    const event: unknown = JSON.parse(body)
    return Value.Check(TestEvent, event)
      ? event
      : refuse('validation_failed', 'An event has id, paymentId and outcome.')
  } catch {
    return refuse('malformed_request', 'The body is not valid JSON.')
  }
}
