import type { Database, Transaction } from '../database/database.ts'
import type { EventRow, WebhookDeliveryRow, WebhookEndpointRow } from '../database/tables/events.ts'
import type { Clock } from '../platform/clock.ts'
import type { Secrets } from '../platform/secrets.ts'
import { traced } from '../platform/tracing.ts'
import type { Tracer } from '../platform/tracing.ts'
import { formatInstant } from '../platform/time.ts'
import { retryPausesMs, signWebhook } from './model.ts'
import { signingSecrets } from './secret.ts'
import { sendWebhook } from './send-webhook.ts'
import type { Outside, SendOutcome } from './send-webhook.ts'
import { sequenceEvents } from './sequence-events.ts'

export interface DeliveryParts {
  readonly database: Database
  readonly clock: Clock
  readonly secrets: Secrets
  readonly outside: Outside
  readonly tracer: Tracer | null
}

const deliveriesAtOnce = 20
const leaseMs = 30_000

/** Gives new events their places and pushes what is due, some at a time. Answers how many were pushed with success. */
export async function deliverEvents(parts: DeliveryParts): Promise<number> {
  const { database, clock } = parts
  await sequenceEvents(database)
  const due = await database.read
    .selectFrom('webhookDeliveries')
    .select('id')
    .where('nextAttemptAt', '<=', clock.now())
    .limit(1)
    .execute()
  if (due.length === 0) return 0
  const taken = await database.write(takeDue)
  const delivered = await Promise.all(taken.map(async (delivery) => await attempt(parts, delivery)))
  return delivered.filter(Boolean).length
}

/** Takes what is due for a while: other servers see it as due later. */
async function takeDue(tx: Transaction): Promise<WebhookDeliveryRow[]> {
  const due = tx.query
    .selectFrom('webhookDeliveries')
    .select('id')
    .where('nextAttemptAt', '<=', tx.nowMs)
    .orderBy('nextAttemptAt')
    .limit(deliveriesAtOnce)
    .$if(tx.raw.engine === 'postgres', (query) => query.forUpdate().skipLocked())
  return await tx.query
    .updateTable('webhookDeliveries')
    .set((set) => ({ nextAttemptAt: tx.nowMs + leaseMs, attempts: set('attempts', '+', 1) }))
    .where('id', 'in', due)
    .returningAll()
    .execute()
}

async function attempt(parts: DeliveryParts, delivery: WebhookDeliveryRow): Promise<boolean> {
  const { database, clock, secrets, outside, tracer } = parts
  const endpoint = await database.read
    .selectFrom('webhookEndpoints')
    .selectAll()
    .where('id', '=', delivery.endpointId)
    .executeTakeFirst()
  const event = await database.read
    .selectFrom('events')
    .selectAll()
    .where('id', '=', delivery.eventId)
    .executeTakeFirst()
  if (!endpoint || !event) return false
  if (endpoint.status === 'disabled') {
    await database.write(async (tx) => await end(tx, delivery, 'failed', { error: 'The endpoint is disabled' }))
    return false
  }
  const body = webhookBody(event)
  const timestamp = Math.floor(clock.now() / 1000)
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Matinee-Webhooks/1',
    'webhook-id': event.id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signWebhook(signingSecrets(secrets, endpoint, clock.now()), event.id, timestamp, body),
  }
  const attributes = { 'matinee.event.id': event.id, 'matinee.webhook.id': endpoint.id }
  const outcome = await traced(tracer, 'webhook', { kind: 'client', attributes }, async (span) => {
    const all = span === null ? headers : { ...headers, traceparent: span.traceparent }
    const sent = await sendWebhook(outside, endpoint.url, all, body)
    if ('status' in sent) span?.set('http.response.status_code', sent.status)
    if (!succeeded(sent)) span?.fail('error' in sent ? sent.error : `status ${sent.status}`)
    return sent
  })
  await database.write(async (tx) => await note(tx, endpoint, delivery, outcome))
  return succeeded(outcome)
}

/** What is pushed. Source: Standard Webhooks, payload structure. */
function webhookBody(event: EventRow): string {
  const data: unknown = JSON.parse(event.data)
  const { type, theatreId } = event
  return JSON.stringify({ type, timestamp: formatInstant(event.createdAt), theatreId, data })
}

function succeeded(outcome: SendOutcome): boolean {
  return 'status' in outcome && outcome.status >= 200 && outcome.status < 300
}

/** Writes down what came of an attempt. Who says 410, or never answers for three days, hears nothing more. */
async function note(
  tx: Transaction,
  endpoint: WebhookEndpointRow,
  delivery: WebhookDeliveryRow,
  outcome: SendOutcome,
): Promise<void> {
  if (succeeded(outcome)) return await end(tx, delivery, 'delivered', outcome)
  const gone = 'status' in outcome && outcome.status === 410
  const pauseMs = retryPausesMs[delivery.attempts - 1]
  if (!gone && pauseMs !== undefined) {
    await tx.query
      .updateTable('webhookDeliveries')
      .set({ nextAttemptAt: tx.nowMs + pauseMs, ...told(outcome) })
      .where('id', '=', delivery.id)
      .where('status', '=', 'pending')
      .execute()
    return
  }
  await end(tx, delivery, 'failed', outcome)
  const disabledReason = gone ? 'It answered 410 Gone' : 'It could not be reached for three days'
  await tx.query
    .updateTable('webhookEndpoints')
    .set({ status: 'disabled', disabledReason, updatedAt: tx.nowMs })
    .where('id', '=', endpoint.id)
    .execute()
}

async function end(
  tx: Transaction,
  { id }: WebhookDeliveryRow,
  status: 'delivered' | 'failed',
  outcome: SendOutcome,
): Promise<void> {
  await tx.query
    .updateTable('webhookDeliveries')
    .set({ status, nextAttemptAt: null, endedAt: tx.nowMs, ...told(outcome) })
    .where('id', '=', id)
    .execute()
}

function told(outcome: SendOutcome): Pick<WebhookDeliveryRow, 'responseStatus' | 'error'> {
  return 'status' in outcome
    ? { responseStatus: outcome.status, error: null }
    : { responseStatus: null, error: outcome.error }
}
