import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import type { DatabaseLocation } from '../server/database/open.ts'

/** What happens to one COMMIT on its way. */
export type CommitFate =
  /** It arrives, and so does its answer. */
  | 'passed'
  /** It never arrives; the connection is reset. */
  | 'stopped'
  /** It is forwarded, and the connection is reset at once. */
  | 'cut'
  /** It is done, and its answer is thrown away with the connection. */
  | 'unheard'

export interface ProxyWays {
  /** Asked for each COMMIT that passes. */
  readonly fateOfCommit?: () => CommitFate
}

/** The way between a server and its PostgreSQL, in our hands. */
export interface Proxy {
  readonly location: DatabaseLocation
  /** From now on it leads to another PostgreSQL; who was on the way to the old one is cut off. */
  leadTo(url: string): void
  /** Bytes wait this long in each direction, milliseconds; `Infinity`: they are never delivered, nor is the connection ended. */
  delayMs: number
  /** Connections that are open now. */
  readonly open: number
  close(): Promise<void>
}

/** The message of the simple protocol: type, length of the rest, text. */
const commitMessage = Buffer.from('Q\0\0\0\x0bCOMMIT\0', 'latin1')

/** A TCP proxy on 127.0.0.1 in front of a PostgreSQL. */
export async function startProxy(url: string, { fateOfCommit = () => 'passed' }: ProxyWays = {}): Promise<Proxy> {
  let target = new URL(url)
  const sockets = new Set<Socket>()
  const through = new URL(url)
  const proxy: Proxy = {
    delayMs: 0,
    get location() {
      return { engine: 'postgres' as const, url: through.href }
    },
    leadTo(other) {
      target = new URL(other)
      for (const socket of sockets) socket.destroy()
    },
    get open() {
      return sockets.size
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
  const server = createServer((client) => {
    const database = connect(Number(target.port), target.hostname)
    for (const socket of [client, database]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        database.destroy()
      })
    }
    let isUnheard = false
    const later = (act: () => void) => {
      if (proxy.delayMs === 0) act()
      else if (proxy.delayMs !== Infinity) setTimeout(act, proxy.delayMs)
    }
    client.on('data', (chunk: Buffer) => {
      const fate = chunk.includes(commitMessage) ? fateOfCommit() : 'passed'
      if (fate === 'stopped') {
        client.resetAndDestroy()
        return
      }
      if (fate === 'unheard') isUnheard = true
      if (fate === 'cut') database.write(chunk, () => client.resetAndDestroy())
      else later(() => database.write(chunk))
    })
    database.on('data', (chunk) => {
      if (isUnheard) client.resetAndDestroy()
      else later(() => client.write(chunk))
    })
  })
  await new Promise<void>((opened) => server.listen(0, '127.0.0.1', opened))
  const address = server.address() as AddressInfo
  through.hostname = '127.0.0.1'
  through.port = String(address.port)
  return proxy
}
