import type { Reader } from './config.ts'
import type { TracingSettings } from './platform/otlp.ts'

const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const

/**
 * OpenTelemetry's own variables: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 * Null where they ask for nothing: no endpoint, or switched off.
 */
export function readTracing(read: Reader): TracingSettings | null {
  const base = read.url('OTEL_EXPORTER_OTLP_ENDPOINT', ['http:', 'https:'])
  const own = read.url('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', ['http:', 'https:'])
  const disabled = read.choice('OTEL_SDK_DISABLED', 'false', ['true', 'false']) === 'true'
  const exporter = read.choice('OTEL_TRACES_EXPORTER', 'otlp', ['otlp', 'none'])
  // Collectors take JSON at the same address as protocol buffers; gRPC is another port.
  read.choice('OTEL_EXPORTER_OTLP_PROTOCOL', 'http/json', ['http/json'])
  const sampler = read.choice('OTEL_TRACES_SAMPLER', 'parentbased_always_on', samplers)
  const settings = {
    headers: readPairs(read, 'OTEL_EXPORTER_OTLP_HEADERS'),
    timeoutMs: read.integer('OTEL_EXPORTER_OTLP_TIMEOUT', 10_000, 1, 600_000),
    serviceName: read.text('OTEL_SERVICE_NAME', 'matinee'),
    resource: readPairs(read, 'OTEL_RESOURCE_ATTRIBUTES'),
    ratio: readRatio(read, sampler),
    parentBased: sampler.startsWith('parentbased_'),
  }
  const url = own ?? (base === null ? null : `${base.replace(/\/+$/, '')}/v1/traces`)
  return url === null || disabled || exporter === 'none' ? null : { url, ...settings }
}

function readRatio(read: Reader, sampler: (typeof samplers)[number]): number {
  const text = read.text('OTEL_TRACES_SAMPLER_ARG', '1')
  const ratio = /^(0(\.\d+)?|1(\.0+)?)$/.test(text) ? Number(text) : null
  if (ratio === null) read.problems.push('OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1')
  if (sampler.endsWith('always_off')) return 0
  return sampler.endsWith('always_on') ? 1 : (ratio ?? 1)
}

/** `name=value,name=value`, values percent-encoded. */
function readPairs(read: Reader, name: string): Record<string, string> {
  const pairs = read.list(name, (item) => /^[^=\s]+=([^%]|%[\da-f]{2})*$/i.test(item), 'name=value')
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=')
      return [pair.slice(0, at), decodeOr(pair.slice(at + 1))]
    }),
  )
}

function decodeOr(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
