import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** When each change of a showtime was asked for, by the version that it made; milliseconds. */
export type AskedAt = Map<number, number>

/** Thousands of readers of live seats, as thin as can be: they note how late each change reached each of them. */
export class Readers {
  readonly #port: number
  readonly #sockets: Socket[] = []
  readonly #delays = new Uint32Array(10_000)
  #heard = 0
  #bytes = 0
  #snapshots = 0
  #ended = 0

  constructor(port: number) {
    this.#port = port
  }

  /** Connects one more; answers its first version once it has its snapshot. Whoever is told to come later does. */
  async add(showtimeId: string, askedAt: AskedAt): Promise<number> {
    for (;;) {
      const version = await this.#connect(showtimeId, askedAt)
      if (version !== null) return version
      await wait(200)
    }
  }

  async #connect(showtimeId: string, askedAt: AskedAt): Promise<number | null> {
    const socket = connect({ port: this.#port, host: '127.0.0.1' })
    this.#sockets.push(socket)
    socket.write(
      `GET /api/v1/showtimes/${showtimeId}/seats/events HTTP/1.1\r\nHost: bench\r\nAccept: text/event-stream\r\n\r\n`,
    )
    let known = 0
    let rest = ''
    return await new Promise((resolve) => {
      socket.on('error', () => resolve(null))
      socket.on('close', () => {
        if (known > 0) this.#ended += 1
        resolve(null)
      })
      socket.on('data', (chunk) => {
        const now = performance.now()
        this.#bytes += chunk.length
        const text = rest + chunk.toString('latin1')
        if (known === 0 && text.startsWith('HTTP/1.1 503')) socket.destroy()
        const end = text.lastIndexOf('\n\n')
        rest = text.slice(end + 2)
        const at = text.lastIndexOf('id: ', end)
        if (end < 0 || at < 0) return
        const version = Number(text.slice(text.indexOf('-', at) + 1, text.indexOf('\n', at)))
        if (known === 0) resolve(version)
        else {
          if (text.includes('event: snapshot')) this.#snapshots += 1
          for (let next = known + 1; next <= version; next += 1) this.#note(askedAt.get(next), now)
        }
        known = version
      })
    })
  }

  #note(askedAt: number | undefined, now: number): void {
    if (askedAt === undefined) return
    this.#heard += 1
    const delay = Math.min(this.#delays.length - 1, Math.max(0, Math.round(now - askedAt)))
    this.#delays[delay] = (this.#delays[delay] ?? 0) + 1
  }

  /** What was heard since the last time: how much, and how late, milliseconds. */
  take() {
    const at = (share: number) => {
      let left = this.#heard * share
      return this.#delays.findIndex((count) => (left -= count) <= 0)
    }
    const taken = {
      heard: this.#heard,
      p50Ms: at(0.5),
      p99Ms: at(0.99),
      mostMs: this.#delays.findLastIndex((count) => count > 0),
      megabytes: Math.round(this.#bytes / 1e5) / 10,
      snapshots: this.#snapshots,
      ended: this.#ended,
    }
    this.#delays.fill(0)
    this.#heard = 0
    this.#bytes = 0
    this.#snapshots = 0
    return taken
  }

  close(): void {
    for (const socket of this.#sockets.splice(0)) socket.removeAllListeners('close').destroy()
  }
}
