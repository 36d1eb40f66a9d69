import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { FastifyInstance } from 'fastify'
import type { Database } from '../database/database.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { ServedBelow } from './platform-routes.ts'

/** Seconds. Most answers take a millisecond; the last bound is the handler's time-out. */
const bucketsSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15]

/** What is counted of the trade, by the operation that did it. */
const trade: Readonly<Record<string, string>> = {
  placeHold: 'matinee_holds_placed_total',
  createBooking: 'matinee_bookings_made_total',
  confirmPayment: 'matinee_payment_confirmations_total',
  cancelBooking: 'matinee_bookings_cancelled_total',
  checkIn: 'matinee_check_ins_total',
}

/** Counts every request by route, method and status, and the acts of the trade by their outcome. */
export function measureRequests(app: FastifyInstance, metrics: Metrics, operationOf: OperationLookup): void {
  const seconds = metrics.histogram(
    'matinee_http_request_seconds',
    'Time to answer, by route',
    ['method', 'route'],
    bucketsSeconds,
  )
  const requests = metrics.counter('matinee_http_requests_total', 'Requests answered', ['method', 'route', 'status'])
  const acts = new Map(
    Object.entries(trade).map(([operation, name]) => [
      operation,
      metrics.counter(name, `Answers of ${operation}, by status`, ['status']),
    ]),
  )
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown'
    const status = String(reply.statusCode)
    seconds.observe(reply.elapsedTime / 1000, [request.method, route])
    requests.add([request.method, route, status])
    const operation = operationOf(request.method, route)
    if (operation !== undefined) acts.get(operation)?.add([status])
  })
}

/** The id of the operation behind a method and a route as the router knows it (`/api/v1/holds/:id`). */
export type OperationLookup = (method: string, route: string) => string | undefined

/** A look-up over the operations served below each base path; built once, when it is first asked. */
export function operationLookup(served: readonly ServedBelow[]): OperationLookup {
  let known: Map<string, string> | null = null
  return (method, route) => {
    known ??= new Map(
      served.flatMap(({ base, operations }) =>
        operations.map(({ id, method: own, path }) => [`${own} ${base}${path.replaceAll(/\{(\w+)\}/g, ':$1')}`, id]),
      ),
    )
    return known.get(`${method} ${route}`)
  }
}

export interface HouseNumbers {
  readonly database: Database
  /** Streams that are open. */
  readonly countListeners: () => number
  readonly nowMs: () => number
  readonly isOverloaded: () => boolean
  /** Null where no limits are counted with other servers. */
  readonly sharesLimits: (() => boolean) | null
  /** Events that a message broker has not confirmed yet; null where there is none. */
  readonly countUntold: (() => Promise<number>) | null
  /** Between the books and the payment providers, at the last daily comparison. */
  readonly countDifferences: () => Promise<number>
}

const loopSampleMs = 10

/** What is read when somebody asks: the process, its event loop, the database, the work that waits. Answers what ends it. */
export function addHouseNumbers(metrics: Metrics, house: HouseNumbers): () => void {
  const delay = monitorEventLoopDelay({ resolution: loopSampleMs })
  delay.enable()
  // A sample on time is as long as the pause between two of them.
  const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e9 - loopSampleMs / 1000)
  metrics.gauge(
    'matinee_event_loop_delay_seconds',
    'How late the event loop is, since the last reading',
    () => {
      const values = [
        [['0.5'], late(delay.percentile(50))],
        [['0.99'], late(delay.percentile(99))],
        [['1'], late(delay.max)],
      ] as const
      delay.reset()
      return values
    },
    ['quantile'],
  )
  metrics.gauge('matinee_overloaded', '1 while requests are turned away', () => (house.isOverloaded() ? 1 : 0))
  const { sharesLimits, countUntold } = house
  if (countUntold) {
    metrics.gauge('matinee_broker_waiting_events', 'Events that the message broker has not confirmed yet', countUntold)
  }
  if (sharesLimits) {
    metrics.gauge('matinee_shared_limits_up', 'Whether limits are counted with the other servers', () =>
      sharesLimits() ? 1 : 0,
    )
  }
  metrics.gauge(
    'matinee_reconciliation_differences',
    'Differences between the books and the payment providers, at the last daily comparison',
    house.countDifferences,
  )
  metrics.gauge('matinee_live_listeners', 'Open streams of seat changes', house.countListeners)
  addProcess(metrics)
  addDatabase(metrics, house)
  return () => delay.disable()
}

function addProcess(metrics: Metrics): void {
  metrics.gauge('process_resident_memory_bytes', 'Memory in use', () => process.memoryUsage.rss())
  metrics.gauge('nodejs_heap_used_bytes', 'JavaScript heap in use', () => process.memoryUsage().heapUsed)
  metrics.gauge('process_cpu_seconds_total', 'CPU time used', () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1e6
  })
  metrics.gauge('process_uptime_seconds', 'Since the start', () => process.uptime())
}

function addDatabase(metrics: Metrics, { database, nowMs }: HouseNumbers): void {
  metrics.gauge(
    'matinee_database_connections',
    'Connections of the pool (PostgreSQL), or writers that wait (SQLite)',
    () => Object.entries(database.load()).map(([state, count]) => [[state], count] as const),
    ['state'],
  )
  const waiting = () =>
    database.read
      .selectFrom('outbox')
      .select((select) => [select.fn.countAll<number>().as('count'), select.fn.min('createdAt').as('oldest')])
      .where('doneAt', 'is', null)
      .executeTakeFirstOrThrow()
  metrics.gauge(
    'matinee_outbox_waiting',
    'Work after a commit that is not done yet',
    async () => (await waiting()).count,
  )
  metrics.gauge('matinee_outbox_oldest_seconds', 'Age of the oldest work that is not done', async () => {
    const { oldest } = await waiting()
    return oldest === null ? 0 : Math.max(0, nowMs() - oldest) / 1000
  })
}
