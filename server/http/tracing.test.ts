import { afterAll, describe, expect, test } from 'vitest'
import { createBooking, lookUpBooking } from '../../contract/bookings.ts'
import { placeHold } from '../../contract/holds.ts'
import { parseConfig } from '../config.ts'
import { createLog } from '../platform/log.ts'
import { openTracer } from '../platform/otlp.ts'
import { must } from '../platform/assert.ts'
import { parseTraceparent } from '../platform/trace-context.ts'
import { buySeats } from '../testing/buying.ts'
import { captureWork } from '../payments/store.ts'
import { startCollector } from '../testing/collector.ts'
import type { Collector } from '../testing/collector.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import type { TestApp } from '../testing/harness.ts'
import { makeShowtime } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'

const collectors: Collector[] = []
afterAll(async () => {
  for (const collector of collectors) await collector.close()
})

async function collect(): Promise<Collector> {
  const collector = await startCollector()
  collectors.push(collector)
  return collector
}

/** Sends what is waiting, and answers all that has arrived. */
async function told(app: TestApp, { spans }: Collector) {
  await app.close()
  return spans
}

const callersTrace = '0af7651916cd43dd8448eb211c80319c'
const traceparent = `00-${callersTrace}-b7ad6b7169203331-01`

onBothEngines('traces', (engine) => {
  test('follow a hold from the caller through the request and its write to the batch that committed it', async () => {
    const collector = await collect()
    const app = await startApp(engine, {
      environment: {
        OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/`,
        OTEL_SERVICE_NAME: 'rio',
        OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=stage%20two',
        OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%3Db',
      },
    })
    const { showtimeId } = await makeShowtime(app)
    const input = { params: { id: showtimeId }, body: { seats: ['A1'] } }
    await app.call(placeHold, input, { headers: { traceparent } })
    const spans = await told(app, collector)
    const request = must(
      spans.find(({ kind, traceId }) => kind === 2 && traceId === callersTrace),
      'the request',
    )
    expect(request).toMatchObject({
      name: 'POST /api/v1/showtimes/:id/holds',
      kind: 2,
      parentSpanId: 'b7ad6b7169203331',
      status: {},
      attributes: { 'http.response.status_code': '201', 'matinee.operation': 'placeHold' },
    })
    expect(BigInt(request.endTimeUnixNano)).toBeGreaterThan(BigInt(request.startTimeUnixNano))
    const batch = must(
      spans.find(({ name, links }) => name === 'batch' && links[0]?.traceId === callersTrace),
      'the batch',
    )
    expect(batch.attributes['matinee.batch.members']).toBe('1')
    const around = spans.filter(({ parentSpanId }) => parentSpanId === request.spanId).map(({ spanId }) => spanId)
    expect([request.spanId, ...around]).toContain(batch.links[0]?.spanId)
    expect(collector.requests[0]).toMatchObject({ path: '/v1/traces', headers: { 'x-key': 'a=b' } })
    expect(collector.resource).toEqual({ 'service.name': 'rio', 'deployment.environment.name': 'stage two' })
  })

  test('go on in the outbox: a capture is part of the sale that caused it, and nobody else’s', async () => {
    const collector = await collect()
    const app = await startApp(engine, { environment: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } })
    const { showtimeId } = await makeShowtime(app)
    await Promise.all([buySeats(app, showtimeId, ['A1']), buySeats(app, showtimeId, ['B1'])])
    await app.app.house.outbox.runOnce()
    const spans = await told(app, collector)
    const captures = spans.filter(({ name }) => name === `outbox ${captureWork}`)
    const payments = spans.filter(({ attributes }) => attributes['matinee.operation'] === 'confirmPayment')
    expect(captures).toHaveLength(2)
    expect(new Set(captures.map(({ traceId }) => traceId))).toEqual(new Set(payments.map(({ traceId }) => traceId)))
  })

  test('hold no key of a guest and no person', async () => {
    const collector = await collect()
    const app = await startApp(engine, { environment: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } })
    await signIn(app)
    await app.inject({
      url: '/api/v1/bookings/bkg_none?accessToken=canary-token',
      headers: { cookie: 'a=canary-cookie' },
    })
    await app.call(lookUpBooking, { body: { reference: 'AAAAAA', email: 'canary@example.com' } })
    const spans = await told(app, collector)
    expect(spans.length).toBeGreaterThan(1)
    expect(JSON.stringify(spans)).not.toMatch(/canary|@|127\.0\.0\.1/)
  })

  test('cost nothing where none are asked for: no hook, no header, nothing in the outbox', async () => {
    const off: Record<string, string>[] = [
      {},
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_SDK_DISABLED: 'true' },
    ]
    for (const environment of off) {
      const app = await startApp(engine, { environment })
      expect(app.app.house.tracer).toBeNull()
      const { showtimeId } = await makeShowtime(app)
      await buySeats(app, showtimeId, ['A1'])
      const rows = await app.database.read.selectFrom('outbox').select('payload').execute()
      expect(rows.length).toBeGreaterThan(0)
      expect(JSON.stringify(rows)).not.toContain('traceparent')
    }
  })

  test('never get in a sale’s way: a collector that refuses or is away changes no answer', async () => {
    const collector = await collect()
    collector.answer(503)
    const app = await startApp(engine, { environment: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } })
    const { showtimeId } = await makeShowtime(app)
    expect((await app.call(createBooking, { body: {} })).status).toBe(400)
    expect((await buySeats(app, showtimeId, ['A1'])).status).toBe('confirmed')
    await app.close()
    expect(collector.spans).toEqual([])
  })
})

describe('the tracer', () => {
  const settings = (environment: Record<string, string>) =>
    parseConfig({
      DATABASE_URL: 'sqlite::memory:',
      SECRET: 'a secret that only tests know, and nobody else',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
      ...environment,
    }).tracing

  test('keeps what a collector could not take, tells it later, and forgets the rest', async () => {
    const collector = await collect()
    const tracer = openTracer(must(settings({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }), 'on'), createLog('silent'))
    collector.answer(503)
    for (let made = 0; made < 3000; made += 1) tracer.start(`span ${made}`, { kind: 'internal' }).end()
    await expect.poll(() => collector.requests.length, { timeout: 10_000 }).toBeGreaterThan(0)
    collector.answer(200)
    await tracer.close()
    expect(collector.spans).toHaveLength(2048)
  })

  test('samples by the share that is asked for, and follows its caller where that is asked for', () => {
    const share = (environment: Record<string, string>, parent: string | null): number => {
      const tracer = openTracer(must(settings(environment), 'on'), createLog('silent'))
      const spans = Array.from({ length: 1000 }, () => tracer.start('x', { kind: 'server', parent }).traceparent)
      return spans.filter((text) => parseTraceparent(text)?.sampled).length / 1000
    }
    const unsampled = traceparent.replace(/01$/, '00')
    const quarter = { OTEL_TRACES_SAMPLER_ARG: '0.25' }
    expect(share({}, null)).toBe(1)
    expect(share({}, unsampled)).toBe(0)
    expect(share({ OTEL_TRACES_SAMPLER: 'always_on' }, unsampled)).toBe(1)
    expect(share({ OTEL_TRACES_SAMPLER: 'always_off' }, traceparent)).toBe(0)
    expect(share({ ...quarter, OTEL_TRACES_SAMPLER: 'parentbased_traceidratio' }, traceparent)).toBe(1)
    expect(share({ ...quarter, OTEL_TRACES_SAMPLER: 'traceidratio' }, null)).toBeCloseTo(0.25, 0.1)
  })

  test('wrong settings are named, and a malformed traceparent begins a new trace', () => {
    const wrong = { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_TRACES_SAMPLER_ARG: '2', OTEL_EXPORTER_OTLP_HEADERS: 'x' }
    for (const [name, value] of Object.entries(wrong)) expect(() => settings({ [name]: value })).toThrow(name)
    const zeros = '0'.repeat(32)
    for (const text of [
      '',
      'x',
      traceparent.slice(2),
      `ff${traceparent.slice(2)}`,
      `00-${zeros}-b7ad6b7169203331-01`,
      `${traceparent}-x`,
    ]) {
      expect(parseTraceparent(text)).toBeNull()
    }
    expect(parseTraceparent(`01${traceparent.slice(2)}-more`)?.traceId).toBe(callersTrace)
  })
})
