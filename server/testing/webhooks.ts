import { createWebhookEndpoint, listWebhookDeliveries } from '../../contract/events.ts'
import { sequenceEvents } from '../events/sequence-events.ts'
import { must } from '../platform/assert.ts'
import type { As, TestApp } from './harness.ts'

/** An endpoint, and a delivery of what has happened so far; nothing is sent. */
export async function addEndpoint(test: TestApp, as: As): Promise<{ endpointId: string; deliveryId: string }> {
  const { body } = await test.call(createWebhookEndpoint, { body: { url: 'https://example.com/hook' } }, as)
  await sequenceEvents(test.database)
  const deliveries = await test.call(listWebhookDeliveries, { params: { id: body.id } }, as)
  return { endpointId: body.id, deliveryId: must(deliveries.body.data[0], 'Something has happened').id }
}
