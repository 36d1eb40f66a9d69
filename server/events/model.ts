import { createHmac } from 'node:crypto'

const secondMs = 1000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs

/** The pauses before each further attempt: three days in all. Source: Standard Webhooks, retry schedule. */
export const retryPausesMs: readonly number[] = [
  5 * secondMs,
  5 * minuteMs,
  30 * minuteMs,
  2 * hourMs,
  5 * hourMs,
  10 * hourMs,
  14 * hourMs,
  20 * hourMs,
  24 * hourMs,
]

/** For how long the secret before still signs after a rotation. */
export const rotationOverlapMs = 24 * hourMs

/**
 * The `webhook-signature` of a body: one signature for each secret (`whsec_` and base64), `v1,` and HMAC-SHA-256 of
 * `id.timestamp.body`. `timestamp`: seconds since the epoch. Source: Standard Webhooks.
 */
export function signWebhook(secrets: readonly string[], id: string, timestamp: number, body: string): string {
  return secrets
    .map((secret) => {
      const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
      return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
    })
    .join(' ')
}
