import type { Log } from './log.ts'
import { parseTraceparent } from './trace-context.ts'
import { createTracer } from './tracing.ts'
import type { Sampler, SpanRecord, SpanSink, Tracer } from './tracing.ts'

/** What the standard variables of OpenTelemetry say (`OTEL_…`); config-tracing.ts reads them. */
export interface TracingSettings {
  /** Where traces are posted to, whole. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly timeoutMs: number
  readonly serviceName: string
  readonly resource: Readonly<Record<string, string>>
  /** The share of traces that is told, 0 to 1. */
  readonly ratio: number
  /** Whether the caller's own decision goes first. */
  readonly parentBased: boolean
}

const mostWaiting = 2048
const batchSpans = 512
const everyMs = 5000
const closingMs = 2000

/** Traces by OTLP over HTTP, as JSON: https://opentelemetry.io/docs/specs/otlp/#otlphttp */
export function openTracer(settings: TracingSettings, log: Log): Tracer {
  return createTracer(samplerOf(settings), openExporter(settings, log))
}

/** Decides by the trace's id, so that every server decides alike. Source: the SDK's `TraceIdRatioBased`. */
function samplerOf({ ratio, parentBased }: TracingSettings): Sampler {
  const bound = Math.round(ratio * 2 ** 32)
  return (traceId, parent) => {
    if (parentBased && parent !== null) return parent
    return Number.parseInt(traceId.slice(24), 16) < bound
  }
}

/** Keeps some spans while the collector is away, forgets the rest, and never makes a request wait. */
function openExporter(settings: TracingSettings, log: Log): SpanSink {
  let waiting: SpanRecord[] = []
  let sending: Promise<void> | null = null
  let told = false

  async function send(): Promise<void> {
    const batch = waiting.slice(0, batchSpans)
    waiting = waiting.slice(batchSpans)
    if (batch.length === 0) return
    const problem = await post(settings, JSON.stringify(describeSpans(settings, batch)))
    if (problem === null) {
      told = false
      return
    }
    if (problem.again) waiting = [...batch, ...waiting].slice(0, mostWaiting)
    if (!told) log.warn({ reason: problem.reason }, 'traces cannot be told')
    told = true
  }
  const sendOnce = (): Promise<void> => (sending ??= send().finally(() => (sending = null)))
  const timer = setInterval(() => void sendOnce(), everyMs).unref()

  return {
    add(record) {
      if (waiting.length < mostWaiting) waiting.push(record)
      if (waiting.length === batchSpans) void sendOnce()
    },
    async close() {
      clearInterval(timer)
      const deadline = performance.now() + closingMs
      await sending
      for (let before = Infinity; waiting.length < before && performance.now() < deadline; await sendOnce()) {
        before = waiting.length
      }
    },
  }
}

/** Null when it was taken; `again`: the collector may take the same later. */
async function post(
  { url, headers, timeoutMs }: TracingSettings,
  body: string,
): Promise<{ readonly reason: string; readonly again: boolean } | null> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    })
    await answer.body?.cancel()
    const { status } = answer
    return answer.ok ? null : { reason: `status ${status}`, again: [429, 502, 503, 504].includes(status) }
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    return { reason: cause instanceof Error ? cause.message : 'no answer', again: true }
  }
}

/** `ExportTraceServiceRequest` in the JSON form of protocol buffers, ids in hexadecimal as OTLP says. */
function describeSpans({ serviceName, resource }: TracingSettings, spans: readonly SpanRecord[]): object {
  return {
    resourceSpans: [
      {
        resource: { attributes: attributes(Object.entries({ ...resource, 'service.name': serviceName })) },
        scopeSpans: [{ scope: { name: 'matinee' }, spans: spans.map(describeSpan) }],
      },
    ],
  }
}

function describeSpan(span: SpanRecord): object {
  const { traceId, spanId, parentSpanId, name, kind, failure } = span
  return {
    traceId,
    spanId,
    ...(parentSpanId !== null && { parentSpanId }),
    name,
    kind,
    startTimeUnixNano: nanoseconds(span.startedAtMs),
    endTimeUnixNano: nanoseconds(span.endedAtMs),
    attributes: attributes(span.attributes),
    links: span.links.flatMap((link) => {
      const to = parseTraceparent(link)
      return to ? [{ traceId: to.traceId, spanId: to.spanId }] : []
    }),
    status: failure === null ? {} : { code: 2, message: failure },
  }
}

function attributes(entries: Iterable<readonly [string, string | number | boolean]>): object[] {
  return [...entries].map(([key, value]) => {
    if (typeof value === 'boolean') return { key, value: { boolValue: value } }
    if (typeof value === 'string') return { key, value: { stringValue: value } }
    return { key, value: Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value } }
  })
}

/** More than a number can hold, so a text, as the JSON form of 64-bit integers wants it. */
const nanoseconds = (ms: number): string => String(BigInt(Math.round(ms * 1000)) * 1000n)
