import pg from 'pg'
import { assert } from '../platform/assert.ts'
import type { Log } from '../platform/log.ts'
import type { SeatNotices } from './notices.ts'
import { Listeners } from './notices.ts'

const channel = 'matinee_seats'
const reconnectMs = 1000

/** Notices by `LISTEN`/`NOTIFY`; after a lost connection everybody is told to look again, so that nothing is missed. */
export function postgresNotices(url: string, log: Log): SeatNotices & { close(): Promise<void> } {
  const listeners = new Listeners()
  let client: pg.Client | null = null
  let closed = false
  let retry: NodeJS.Timeout | undefined

  function lost(error: Error | undefined): void {
    if (closed || retry) return
    if (error) log.warn({ err: error }, 'the connection that hears of seats broke')
    client = null
    retry = setTimeout(() => {
      retry = undefined
      void listen()
    }, reconnectMs)
  }

  async function listen(): Promise<void> {
    const fresh = new pg.Client({ connectionString: url, keepAlive: true, connectionTimeoutMillis: 5000 })
    fresh.on('error', lost)
    fresh.on('end', () => lost(undefined))
    fresh.on('notification', ({ payload }) => {
      if (payload) listeners.tell(payload)
    })
    try {
      await fresh.connect()
      await fresh.query(`LISTEN ${channel}`)
      client = fresh
      listeners.tell(null)
    } catch (error) {
      lost(error instanceof Error ? error : undefined)
    }
    if (closed) await fresh.end().catch(() => undefined)
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
        void listen()
      }
      return listeners.subscribe(listener)
    },
    async close() {
      closed = true
      clearTimeout(retry)
      await client?.end().catch(() => undefined)
    },
  }
}
