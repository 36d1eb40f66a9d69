import { randomBytes } from 'node:crypto'
import { formatTraceparent, parseTraceparent, withinTrace } from './trace-context.ts'

/** Numbers of OpenTelemetry's protocol (`SpanKind`). */
export const spanKinds = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 } as const

type AttributeValue = string | number | boolean

/** A piece of work that is over, as it is told to the collector. */
export interface SpanRecord {
  readonly name: string
  readonly kind: number
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string | null
  /** Milliseconds since the epoch, with fractions. */
  readonly startedAtMs: number
  readonly endedAtMs: number
  readonly attributes: ReadonlyMap<string, AttributeValue>
  readonly links: readonly string[]
  /** Why it failed; null: it did not. */
  readonly failure: string | null
}

export interface SpanStart {
  readonly kind: keyof typeof spanKinds
  /** The `traceparent` that it is part of; without one it begins a trace. */
  readonly parent?: string | null | undefined
  /** `traceparent`s of what it was done for, besides. */
  readonly links?: readonly string[]
  readonly attributes?: Readonly<Record<string, AttributeValue>>
  /** When it began, where that was earlier: milliseconds since the epoch. */
  readonly startedAtMs?: number
}

/** A piece of work under way. */
export interface Span {
  readonly traceparent: string
  name: string
  set(name: string, value: AttributeValue): void
  /** `reason` is shown to whoever reads the trace: no text that a guest wrote. */
  fail(reason: string): void
  end(): void
}

export interface Tracer {
  start(name: string, options: SpanStart): Span
  /** Sends what is waiting, for two seconds at most. */
  close(): Promise<void>
}

/** Whether a trace is told. `parent`: whether the part of it that came before is, or null at its beginning. */
export type Sampler = (traceId: string, parent: boolean | null) => boolean

/** Where records go. */
export interface SpanSink {
  add(record: SpanRecord): void
  close(): Promise<void>
}

/** Milliseconds since the epoch with fractions; a span's length is by the monotonic clock. */
export const traceTime = (): number => performance.timeOrigin + performance.now()

export function createTracer(sampler: Sampler, sink: SpanSink): Tracer {
  return {
    start(firstName, { kind, parent, links = [], attributes = {}, startedAtMs = traceTime() }) {
      const above = parseTraceparent(parent)
      const traceId = above?.traceId ?? randomBytes(16).toString('hex')
      const spanId = randomBytes(8).toString('hex')
      const sampled = sampler(traceId, above?.sampled ?? null)
      const known = new Map<string, AttributeValue>(Object.entries(attributes))
      let failure: string | null = null
      let ended = false
      return {
        traceparent: formatTraceparent({ traceId, spanId, sampled }),
        name: firstName,
        set: (name, value) => void known.set(name, value),
        fail: (reason) => void (failure = reason),
        end() {
          if (ended || !sampled) return
          ended = true
          sink.add({
            name: this.name,
            kind: spanKinds[kind],
            traceId,
            spanId,
            parentSpanId: above?.spanId ?? null,
            startedAtMs,
            endedAtMs: traceTime(),
            attributes: known,
            links,
            failure,
          })
        },
      }
    },
    close: async () => await sink.close(),
  }
}

/** Runs work as a span of its own; without a tracer it just runs. A throw marks the span as failed, by the error's name. */
export async function traced<Result>(
  tracer: Tracer | null,
  name: string,
  options: SpanStart,
  work: (span: Span | null) => Promise<Result>,
): Promise<Result> {
  if (!tracer) return await work(null)
  const span = tracer.start(name, options)
  try {
    return await withinTrace(span.traceparent, async () => await work(span))
  } catch (error) {
    span.fail(error instanceof Error ? error.name : 'error')
    throw error
  } finally {
    span.end()
  }
}
