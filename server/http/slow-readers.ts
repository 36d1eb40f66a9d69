import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/** How slowly an answer may be taken before whoever asked for it is cut off. */
export interface ReaderPatience {
  readonly everyMs: number
  /** So long may nothing at all be taken, and then as long as all of it takes at this rate, */
  readonly graceMs: number
  /** what was taken meanwhile and what waits. */
  readonly bytesPerSecond: number
}

const usual: ReaderPatience = { everyMs: 5000, graceMs: 30_000, bytesPerSecond: 2048 }

interface Waiting {
  /** Bytes that the connection had taken when something began to wait. */
  readonly taken: number
  readonly sinceMs: number
}

/**
 * Cuts connections that do not take what is ready for them. Node waits for as long as a reader takes one byte now and then, and
 * keeps the whole answer meanwhile: a few thousand such readers would fill the memory. A few
 * bytes now and then are no reason to wait on: what counts is the rate since something began to wait. Answers what ends the watch.
 */
export function cutSlowReaders(server: Server, patience: ReaderPatience = usual): () => void {
  const open = new Set<Socket>()
  const waiting = new WeakMap<Socket, Waiting>()
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  const timer = setInterval(() => {
    const nowMs = performance.now()
    for (const socket of open) {
      const { writableLength } = socket
      const taken = socket.bytesWritten - writableLength
      const before = waiting.get(socket)
      if (writableLength === 0) waiting.delete(socket)
      else if (before === undefined) waiting.set(socket, { taken, sinceMs: nowMs })
      else {
        const bytes = taken - before.taken + writableLength
        if (nowMs - before.sinceMs > patience.graceMs + (bytes * 1000) / patience.bytesPerSecond) socket.destroy()
      }
    }
  }, patience.everyMs).unref()
  return () => clearInterval(timer)
}
