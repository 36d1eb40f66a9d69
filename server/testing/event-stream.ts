import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { TestApp } from './harness.ts'

export interface StreamEvent {
  readonly id: string
  readonly event: string
  readonly data: Record<string, unknown>
}

export interface EventStream {
  readonly status: number
  readonly headers: Headers
  /** The next event; heartbeats are passed over. Null at the end of the stream. */
  next(): Promise<StreamEvent | null>
  close(): Promise<void>
}

/** Where the app listens: it does from the first call on. */
export async function listenOn(test: TestApp): Promise<string> {
  if (!test.app.http.server.listening) await test.app.http.listen({ port: 0, host: '127.0.0.1' })
  const { port } = test.app.http.server.address() as AddressInfo
  return `http://127.0.0.1:${port}`
}

/** Opens a stream of server-sent events over a real connection. */
export async function openEventStream(test: TestApp, path: string, lastEventId?: string): Promise<EventStream> {
  const abort = new AbortController()
  const response = await fetch(`${await listenOn(test)}${path}`, {
    headers: { accept: 'text/event-stream', ...(lastEventId !== undefined && { 'last-event-id': lastEventId }) },
    signal: abort.signal,
  })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let buffer = ''
  return {
    status: response.status,
    headers: response.headers,
    async next() {
      for (;;) {
        const end = buffer.indexOf('\n\n')
        if (end >= 0) {
          const block = buffer.slice(0, end)
          buffer = buffer.slice(end + 2)
          if (!block.startsWith(':')) return parseEvent(block)
          continue
        }
        const chunk = await reader?.read()
        if (!chunk || chunk.done) return null
        buffer += chunk.value
      }
    },
    async close() {
      abort.abort()
      await reader?.cancel().catch(() => undefined)
    },
  }
}

function parseEvent(block: string): StreamEvent {
  const field = (name: string) =>
    block
      .split('\n')
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2) ?? ''
  return { id: field('id'), event: field('event'), data: JSON.parse(field('data')) }
}

/** Lets a reader of the test's own making watch the seats of a showtime, as if it were the socket of a visitor. */
export async function watchThrough(test: TestApp, showtimeId: string, reader: Duplex): Promise<void> {
  const response = new ServerResponse(new IncomingMessage(new Socket()))
  response.useChunkedEncodingByDefault = false
  response.assignSocket(reader as unknown as Socket)
  response.writeHead(200)
  await test.app.house.live.add(showtimeId, response, { address: '192.0.2.1', lastEventId: undefined })
}
