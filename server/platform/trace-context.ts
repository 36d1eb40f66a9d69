import { AsyncLocalStorage } from 'node:async_hooks'

// What is under way travels with its own course, like an act of the house (http/acts.ts). Without tracing nobody runs in it.
const current = new AsyncLocalStorage<string | null>()

/** Runs work as part of the span that a `traceparent` names; null: as part of none. */
export function withinTrace<Result>(traceparent: string | null, work: () => Result): Result {
  return current.run(traceparent, work)
}

/** The `traceparent` of what is under way, or null: nothing is traced. */
export function currentTrace(): string | null {
  return current.getStore() ?? null
}

/** What a `traceparent` says. Source: W3C Trace Context, level 1. */
export interface TraceParent {
  readonly traceId: string
  readonly spanId: string
  readonly sampled: boolean
}

/** Null for anything that is not a valid `traceparent`: then a new trace begins. */
export function parseTraceparent(text: string | null | undefined): TraceParent | null {
  const [, version, traceId, spanId, flags, more] =
    /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/.exec(text ?? '') ?? []
  if (version === undefined || version === 'ff' || (version === '00' && more !== undefined)) return null
  if (traceId === undefined || /^0+$/.test(traceId) || spanId === undefined || /^0+$/.test(spanId)) return null
  return { traceId, spanId, sampled: (Number.parseInt(flags ?? '0', 16) & 1) === 1 }
}

export function formatTraceparent({ traceId, spanId, sampled }: TraceParent): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`
}
