import { connect } from 'node:net'
import type { Socket } from 'node:net'

/** One request as bytes. */
export interface Shot {
  readonly bytes: Buffer
  /** What the same connection asks next, made from the answer's body; null: nothing that depends on it. */
  readonly follow?: (body: string) => Shot | null
}

export interface LoadResult {
  readonly requests: number
  readonly seconds: number
  readonly perSecond: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  /** Answers by status. */
  readonly statuses: Readonly<Record<string, number>>
}

export function shot(
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
  follow?: Shot['follow'],
): Shot {
  const payload = body === undefined ? '' : JSON.stringify(body)
  const lines = [
    `${method} ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined ? [] : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(payload)}`]),
  ]
  return { bytes: Buffer.from(`${lines.join('\r\n')}\r\n\r\n${payload}`), ...(follow && { follow }) }
}

/**
 * Sends requests over kept-alive connections, one at a time on each, until `next` answers null. Only to 127.0.0.1. The
 * client is as thin as it can be: it shares the machine with the server it measures.
 */
export async function runLoad(port: number, connections: number, next: () => Shot | null): Promise<LoadResult> {
  const latencies: number[] = []
  const statuses: Record<string, number> = {}
  const startedAt = performance.now()
  await Promise.all(
    Array.from({ length: connections }, () =>
      drive(port, next, latencies, (status) => (statuses[status] = (statuses[status] ?? 0) + 1)),
    ),
  )
  const seconds = (performance.now() - startedAt) / 1000
  latencies.sort((one, other) => one - other)
  const at = (share: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0
  return {
    requests: latencies.length,
    seconds,
    perSecond: latencies.length / seconds,
    p50: at(0.5),
    p99: at(0.99),
    statuses,
  }
}

async function drive(
  port: number,
  next: () => Shot | null,
  latencies: number[],
  count: (status: string) => void,
): Promise<void> {
  const socket = await open(port)
  await new Promise<void>((resolve, reject) => {
    let sentAt = 0
    let pending = Buffer.alloc(0)
    let asked: Shot | null = null
    const send = (following = next()) => {
      asked = following
      if (!following) {
        socket.end()
        resolve()
        return
      }
      sentAt = performance.now()
      socket.write(following.bytes)
    }
    socket.on('data', (chunk: Buffer) => {
      pending = Buffer.concat([pending, chunk])
      const length = answerLength(pending)
      if (length === null || pending.length < length) return
      latencies.push(performance.now() - sentAt)
      count(pending.toString('latin1', 9, 12))
      const body = asked?.follow ? pending.toString('utf8', pending.indexOf('\r\n\r\n') + 4, length) : ''
      pending = pending.subarray(length)
      send(asked?.follow?.(body) ?? undefined)
    })
    socket.on('error', reject)
    socket.on('close', () => resolve())
    send()
  })
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket))
    socket.once('error', reject)
  })
}

/** The whole length of the answer that begins the buffer; null while its head is not complete. */
function answerLength(buffer: Buffer): number | null {
  const end = buffer.indexOf('\r\n\r\n')
  if (end < 0) return null
  const match = /content-length: (\d+)/i.exec(buffer.toString('latin1', 0, end))
  return end + 4 + Number(match?.[1] ?? 0)
}
