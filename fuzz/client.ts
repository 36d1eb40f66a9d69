import { Agent, request } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'

export interface Sent {
  readonly method: string
  /** Path and query, as they go onto the line. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

export interface Heard {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

export interface Client {
  /** A complete answer, or the first piece of one that does not end by itself; rejects where there is none. */
  send(sent: Sent): Promise<Heard>
  close(): void
}

const patienceMs = 60_000

/** A client of a server on this machine, over real connections. */
export function createClient(port: number): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 })

  async function send({ method, target, headers, body }: Sent): Promise<Heard> {
    const { promise, resolve, reject } = Promise.withResolvers<Heard>()
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const outgoing = request({
      host: '127.0.0.1',
      port,
      agent,
      method,
      path: target,
      headers: { host: '127.0.0.1', ...headers, ...length },
    })
    outgoing.setTimeout(patienceMs, () => outgoing.destroy(new Error('no answer')))
    outgoing.on('error', reject)
    outgoing.on('response', (incoming) => {
      const pieces: Buffer[] = []
      const end = () => {
        const { statusCode = 0, headers: answered } = incoming
        resolve({
          status: statusCode,
          headers: answered,
          text: decoded(Buffer.concat(pieces), answered['content-encoding']),
        })
      }
      incoming.on('data', (piece: Buffer) => {
        pieces.push(piece)
        if (!incoming.headers['content-type']?.startsWith('text/event-stream')) return
        end()
        outgoing.destroy()
      })
      incoming.on('end', end)
      incoming.on('error', reject)
    })
    outgoing.end(body)
    return await promise
  }

  return { send, close: () => agent.destroy() }
}

function decoded(bytes: Buffer, encoding: string | undefined): string {
  if (bytes.length === 0) return ''
  if (encoding === 'br') return brotliDecompressSync(bytes).toString('utf8')
  return (encoding === 'gzip' ? gunzipSync(bytes) : bytes).toString('utf8')
}
