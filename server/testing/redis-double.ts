import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

/** A server that speaks enough of RESP2 for the shared limits: it keeps what `EVAL` of their script would keep. */
export interface RedisDouble {
  readonly url: string
  /** Requests to draw that reached it. */
  readonly draws: () => number
  /** From now on it reads and says nothing. */
  fallSilent(): void
  /** Closes every connection and lets nobody in. */
  stop(): Promise<void>
  /** Lets clients in again at the same address; what it kept is kept. */
  start(): Promise<void>
}

export async function startRedisDouble(): Promise<RedisDouble> {
  const fullAt = new Map<string, number>()
  const sockets = new Set<Socket>()
  let silent = false
  let draws = 0

  const answer = (words: readonly string[]): string => {
    const [command = '', ...rest] = words
    if (command.toUpperCase() !== 'EVAL') return '+OK\r\n'
    draws += 1
    const count = Number(rest[1])
    const debts = drawFrom(fullAt, rest.slice(2, 2 + count), rest.slice(2 + count).map(Number))
    return `*${debts.length}\r\n${debts.map((debt) => bulk(debt.toFixed(3))).join('')}`
  }
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy())
    let pending = ''
    socket.setEncoding('latin1').on('data', (chunk) => {
      pending += String(chunk)
      for (let read = readCommand(pending); read; read = readCommand(pending)) {
        pending = pending.slice(read.length)
        const reply = answer(read.words)
        if (!silent) socket.write(reply)
      }
    })
  })
  const listen = async (port: number) =>
    await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve))
  await listen(0)
  const { port } = server.address() as AddressInfo
  return {
    url: `redis://127.0.0.1:${port}`,
    draws: () => draws,
    fallSilent: () => void (silent = true),
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
    async start() {
      silent = false
      await listen(port)
    },
  }
}

/** What the script does: all buckets are drawn from, or none. */
function drawFrom(
  fullAt: Map<string, number>,
  keys: readonly string[],
  [now = 0, ...terms]: readonly number[],
): number[] {
  const debts = keys.map((key, index) => Math.max((fullAt.get(key) ?? 0) - now, 0) + (terms[2 * index + 1] ?? 0))
  if (debts.every((debt, index) => debt <= (terms[2 * index] ?? 0) + 0.001)) {
    for (const [index, key] of keys.entries()) fullAt.set(key, now + (debts[index] ?? 0))
  }
  return debts
}

const bulk = (text: string) => `$${text.length}\r\n${text}\r\n`

/** The first whole command of a text: an array of bulk strings. */
function readCommand(text: string): { readonly words: string[]; readonly length: number } | null {
  const head = /^\*(\d+)\r\n/.exec(text)
  if (!head) return null
  const words: string[] = []
  let at = head[0].length
  for (let word = 0; word < Number(head[1]); word += 1) {
    const size = /^\$(\d+)\r\n/.exec(text.slice(at, at + 20))
    if (!size) return null
    at += size[0].length
    const end = at + Number(size[1])
    if (text.length < end + 2) return null
    words.push(text.slice(at, end))
    at = end + 2
  }
  return { words, length: at }
}
