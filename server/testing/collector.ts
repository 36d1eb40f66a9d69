import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A span as it arrived, attributes flattened. */
export interface CollectedSpan {
  readonly name: string
  readonly kind: number
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[]
  readonly status: { readonly code?: number; readonly message?: string }
  readonly attributes: Readonly<Record<string, unknown>>
}

/** A local collector that takes OTLP over HTTP as JSON, and can be told to refuse. */
export interface Collector {
  readonly url: string
  readonly spans: readonly CollectedSpan[]
  readonly requests: readonly { readonly path: string; readonly headers: Readonly<Record<string, unknown>> }[]
  readonly resource: Readonly<Record<string, unknown>>
  /** What it answers from now on. */
  answer(status: number): void
  close(): Promise<void>
}

interface Attribute {
  readonly key: string
  readonly value: Readonly<Record<string, unknown>>
}

const flat = (attributes: readonly Attribute[]) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))

export async function startCollector(): Promise<Collector> {
  const spans: CollectedSpan[] = []
  const requests: { path: string; headers: Record<string, unknown> }[] = []
  const resource: Record<string, unknown> = {}
  let status = 200
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      requests.push({ path: request.url ?? '', headers: request.headers })
      if (status === 200) {
        for (const { resource: of, scopeSpans } of JSON.parse(Buffer.concat(chunks).toString()).resourceSpans) {
          Object.assign(resource, flat(of.attributes))
          for (const span of scopeSpans[0].spans) spans.push({ ...span, attributes: flat(span.attributes) })
        }
      }
      response.writeHead(status, { 'content-type': 'application/json' }).end('{}')
    })
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    requests,
    resource,
    answer: (wanted) => void (status = wanted),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
