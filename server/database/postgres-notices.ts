import pg from 'pg'
import { assert } from '../platform/assert.ts'
import type { Log } from '../platform/log.ts'
import type { SeatNotices } from './notices.ts'
import { Listeners } from './notices.ts'

const channel = 'matinee_seats'
const reconnectMs = 1000
/** How often the connection is asked whether it still lives, and how long it may take to say so: a dead one says nothing. */
const watchMs = 5000

interface Pace {
  readonly reconnectMs: number
  readonly watchMs: number
}

/** Notices by `LISTEN`/`NOTIFY`; after a lost connection everybody is told to look again, so that nothing is missed. */
export function postgresNotices(
  url: string,
  log: Log,
  pace: Pace = { reconnectMs, watchMs },
): SeatNotices & { close(): Promise<void> } {
  const listeners = new Listeners()
  let current: { close(): Promise<void> } | null = null
  let retry: NodeJS.Timeout | undefined
  const listen = () => {
    current = listenOnce(url, pace, listeners.tell, (error) => {
      if (error !== undefined) log.warn({ err: error }, 'the connection that hears of seats broke')
      retry = setTimeout(listen, pace.reconnectMs)
    })
  }
  let listening = false
  return {
    publish(tx, showtimeIds) {
      assert(tx.raw.engine === 'postgres', 'These notices are for PostgreSQL')
      // Sent with the transaction's other statements, in order; a failure fails the transaction itself.
      void tx.raw.client
        .query({
          name: 'notify-seats',
          text: `SELECT pg_notify('${channel}', id) FROM unnest($1::text[]) AS id`,
          values: [[...showtimeIds]],
        })
        .catch(() => undefined)
    },
    subscribe(listener) {
      if (!listening) {
        listening = true
        listen()
      }
      return listeners.subscribe(listener)
    },
    async close() {
      clearTimeout(retry)
      await current?.close()
    },
  }
}

/** Hears until the connection is lost, which is told once; the first thing heard is `null`: look again. */
function listenOnce(
  url: string,
  pace: Pace,
  hear: (showtimeId: string | null) => void,
  lost: (error?: unknown) => void,
): { close(): Promise<void> } {
  const client = new pg.Client({
    connectionString: url,
    keepAlive: true,
    connectionTimeoutMillis: 5000,
    query_timeout: pace.watchMs,
  })
  let over = false
  let watch: NodeJS.Timeout | undefined
  // A broken connection says so more than once.
  const end = (error?: unknown) => {
    if (over) return
    over = true
    clearTimeout(watch)
    client.connection.stream.destroy()
    lost(error)
  }
  // A network that swallows everything breaks no connection: only who asks notices.
  const watchOver = () => {
    watch = setTimeout(() => {
      client.query('SELECT 1').then(() => (over ? undefined : watchOver()), end)
    }, pace.watchMs).unref()
  }
  client.on('error', end)
  client.on('end', () => end())
  client.on('notification', ({ payload }) => {
    if (payload) hear(payload)
  })
  async function begin(): Promise<void> {
    try {
      await client.connect()
      await client.query(`LISTEN ${channel}`)
    } catch (error) {
      end(error)
    }
    if (over) return
    watchOver()
    // What was told while nobody listened: everybody looks again.
    hear(null)
  }
  const begun = begin()
  return {
    async close() {
      over = true
      clearTimeout(watch)
      await begun
      await client.end().catch(() => undefined)
    },
  }
}
