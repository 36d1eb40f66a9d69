import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { basePath } from '../contract/api.ts'
import { createAccounts } from './accounts/accounts.ts'
import type { Accounts } from './accounts/accounts.ts'
import type { HashStrength } from './accounts/password-hashing.ts'
import { addKeyRoute } from './accounts/routes.ts'
import { bookingsAboutPeople } from './bookings/people.ts'
import { holdsAboutPeople } from './holds/people.ts'
import { waitingRoomsAboutPeople } from './waiting-room/people.ts'
import { applyNews } from './bookings/settle-payment.ts'
import { toldBy } from './bookings/settlement.ts'
import { addMediaRoutes } from './catalogue/routes-media.ts'
import type { Config } from './config.ts'
import type { Database } from './database/database.ts'
import type { SeatLedger } from './holds/ledger.ts'
import { LiveSeats } from './holds/live-seats.ts'
import { createPostgresLedger } from './holds/postgres-ledger.ts'
import { createSeatMaps } from './holds/seat-map.ts'
import type { SeatMaps } from './holds/seat-map.ts'
import { createSqliteLedger } from './holds/sqlite-ledger.ts'
import { createHoldStore } from './holds/store.ts'
import type { HoldStore } from './holds/store.ts'
import { openBroker } from './events/broker.ts'
import type { Broker } from './events/broker.ts'
import { countUntold } from './events/publish-events.ts'
import { recordActs } from './http/acts.ts'
import { contextMaker } from './http/context.ts'
import { addHouseNumbers, measureRequests, operationLookup } from './http/measure.ts'
import { watchLoad } from './http/overload.ts'
import type { LoadGuard } from './http/overload.ts'
import { addPlatformRoutes, methodsByPath } from './http/platform-routes.ts'
import { traceRequests } from './http/trace-requests.ts'
import { createRateLimits } from './http/rate-limit.ts'
import { openRedisBuckets } from './http/shared-buckets.ts'
import type { SharedBuckets } from './http/shared-buckets.ts'
import { posterHandlers } from './catalogue/remove-poster.ts'
import { createRoutes } from './http/routes.ts'
import type { Routes } from './http/routes.ts'
import { createHttpServer, refuseOtherMethods } from './http/server.ts'
import { serveHelp } from './http/help-site.ts'
import { serveWebApp } from './http/web-app.ts'
import { createOutboxWorker } from './jobs/outbox-worker.ts'
import type { OutboxWorker } from './jobs/outbox-worker.ts'
import { traceWrites } from './jobs/trace-writes.ts'
import type { Job } from './jobs/timetable.ts'
import type { MailOffice } from './notifications/open-mail.ts'
import { openMail } from './notifications/open-mail.ts'
import { openApiDocument } from './openapi.ts'
import { paymentHandlers, paymentPace } from './payments/outbox-handlers.ts'
import { readDaily } from './payments/reconcile-daily.ts'
import { openProviders } from './payments/providers.ts'
import type { Providers } from './payments/providers.ts'
import type { Clock } from './platform/clock.ts'
import { newId } from './platform/ids.ts'
import { createMetrics } from './platform/metrics.ts'
import type { Metrics } from './platform/metrics.ts'
import type { Log } from './platform/log.ts'
import { createSecrets } from './platform/secrets.ts'
import type { Secrets } from './platform/secrets.ts'
import { createReportDesk } from './reports/report-desk.ts'
import type { ReportDesk } from './reports/report-desk.ts'
import { createTicketKeys } from './tickets/keys.ts'
import type { TicketKeys } from './tickets/keys.ts'
import { createPdfPress } from './tickets/print-pdf.ts'
import type { PdfPress } from './tickets/print-pdf.ts'
import { openTracer } from './platform/otlp.ts'
import type { Tracer } from './platform/tracing.ts'
import { openStorage } from './platform/open-storage.ts'
import type { Storage } from './platform/storage.ts'
import { countTakenPlaces } from './showtimes/claims.ts'
import { addStorefront } from './storefront/routes.ts'
import { venuesAboutPeople } from './venues/people.ts'
import { jobsOf } from './rounds.ts'
import { addSlices } from './slices.ts'
import { addLogoMedia } from './venues/routes-logo.ts'

/** What the whole house is made of; every room gets what it needs from here, as arguments. */
export interface Parts {
  readonly config: Config
  readonly database: Database
  readonly clock: Clock
  readonly log: Log
  /** What hashing a password costs, where it is not the house's own measure (tests). */
  readonly hashStrength?: HashStrength
  /** Whether there is too much to do; it watches this process, but where a crowd in a test is no reason (tests). */
  readonly guard?: LoadGuard
  /** How long a request waits for Redis, milliseconds, where that is not the house's own measure (tests). */
  readonly redisPatienceMs?: number
}

/** What slices are given. */
export interface House extends Parts {
  readonly secrets: Secrets
  readonly accounts: Accounts
  readonly ledger: SeatLedger
  readonly holds: HoldStore
  readonly seatMaps: SeatMaps
  readonly live: LiveSeats
  readonly ticketKeys: TicketKeys
  readonly press: PdfPress
  readonly reports: ReportDesk
  /** Whoever takes money online, by name. */
  readonly providers: Providers
  readonly outbox: OutboxWorker
  /** Mails have a worker of their own: a slow mail server holds up no capture. */
  readonly mail: MailOffice
  readonly storage: Storage
  /** Null: events go to no message broker. */
  readonly broker: Broker | null
  readonly metrics: Metrics
  /** Null: nothing is traced. */
  readonly tracer: Tracer | null
}

export interface App {
  readonly http: FastifyInstance
  readonly house: House
  /** Where operations are served; a benchmark adds its own before the app listens. */
  readonly routes: Routes
  /** The work that comes round while the server runs; tests run it by hand. */
  readonly jobs: readonly Job[]
  /** From now on new requests are refused with 503 `draining`, and `/readyz` says so. */
  drain(): void
  close(): Promise<void>
}

/** The one composition root. The database is open and migrated. */
export async function createApp(parts: Parts): Promise<App> {
  const house = furnish(parts)
  const { config, clock, log } = parts
  let draining = false
  const guard = parts.guard ?? watchLoad()
  const http = await createHttpServer({
    log,
    newRequestId: () => newId('event', clock.now()).replace('evt', 'req'),
    trustProxy: config.trustProxy,
    corsOrigins: config.corsOrigins,
    secure: config.publicUrl?.startsWith('https:') ?? false,
    isDraining: () => draining,
    guard,
  })
  http.addHook('onListen', async () => guard.start())
  const shared = await openShared(parts, house.secrets)
  const makeContext = makeContexts(house, shared)
  const routes = createRoutes(http, basePath, makeContext)
  const root = createRoutes(http, '', makeContext)
  const served = [
    { base: basePath, operations: routes.served },
    { base: '', operations: root.served },
  ]
  const { database, metrics } = house
  const operationOf = operationLookup(served)
  measureRequests(http, metrics, operationOf)
  if (house.tracer) traceRequests(http, house.tracer, operationOf)
  const endNumbers = addHouseNumbers(metrics, {
    database,
    countListeners: () => house.live.listeners.count,
    nowMs: () => clock.now(),
    isOverloaded: guard.isOverloaded,
    sharesLimits: shared && shared.isUp,
    countDifferences: async () => (await readDaily(database))?.differences ?? 0,
    countUntold: house.broker && (async () => await countUntold(database.read)),
  })
  addSlices(routes, house)
  addKeyRoute(root, house.accounts)
  addMediaRoutes(root, house)
  addLogoMedia(root, house)
  addPlatformRoutes(root, { database, log, metrics, describe: () => openApiDocument(served) })
  refuseOtherMethods(http, methodsByPath(served))
  serveHelp(http, join(import.meta.dirname, '..', 'docs'))
  await openStorefront(http, house)
  return {
    http,
    house,
    routes,
    jobs: jobsOf(house),
    drain() {
      draining = true
      house.live.close()
    },
    async close() {
      guard.stop()
      endNumbers()
      shared?.close()
      house.live.close()
      await http.close()
      await house.press.close()
      await house.reports.close()
      house.mail.close()
      await house.ledger.close()
      await house.broker?.close()
      await house.tracer?.close()
      await house.database.close()
    },
  }
}

/** The web app, with what the server knows of each page in its head. */
async function openStorefront(http: FastifyInstance, { database, clock, config: { publicUrl } }: House): Promise<void> {
  const dress = addStorefront(http, { database, clock, countTaken: countTakenPlaces, publicUrl })
  await serveWebApp(http, join(import.meta.dirname, '..', 'web', 'dist'), dress)
}

/** Buckets that are counted with other servers; null where limits are off or each server counts alone. */
async function openShared({ config, log, redisPatienceMs }: Parts, secrets: Secrets): Promise<SharedBuckets | null> {
  if (!config.rateLimit || config.redisUrl === null) return null
  return await openRedisBuckets(config.redisUrl, secrets, log, redisPatienceMs)
}

function makeContexts({ config, clock, database, secrets, accounts }: House, shared: SharedBuckets | null) {
  return contextMaker({
    clock,
    database,
    secrets,
    identify: accounts.identify,
    admit: config.rateLimit ? createRateLimits(clock, shared) : () => null,
    secureCookies: config.publicUrl?.startsWith('https:') ?? false,
  })
}

function furnish(parts: Parts): House {
  const { config, clock, log } = parts
  const secrets = createSecrets(config.secret)
  const tracer = config.tracing && openTracer(config.tracing, log)
  const written = tracer ? traceWrites(parts.database, tracer) : parts.database
  const database = recordActs(written, secrets)
  const accounts = createAccounts({
    database,
    clock,
    secrets,
    publicUrl: config.publicUrl,
    rules: {
      accessTokenSeconds: config.accessTokenSeconds,
      ownerSignup: config.ownerSignup,
      throttled: config.rateLimit,
      factorRequired: config.secondFactorRequired,
      secureCookies: config.production || (config.publicUrl?.startsWith('https:') ?? false),
    },
    ...(parts.hashStrength && { hashStrength: parts.hashStrength }),
    dependents: (ownAccounts) => [
      venuesAboutPeople(ownAccounts),
      waitingRoomsAboutPeople,
      holdsAboutPeople,
      bookingsAboutPeople,
    ],
  })
  const holds = createHoldStore(database)
  const seatMaps = createSeatMaps(holds)
  const ticketKeys = createTicketKeys(database, clock, secrets)
  const press = createPdfPress()
  const providers = openProviders(config, database)
  const paymentWork = paymentHandlers({
    database,
    clock,
    providers,
    settle: async (paymentId, known) => await applyNews(database, paymentId, toldBy(known)),
  })
  const storage = openStorage(config.storage, config.dataFolder, clock)
  const work = { ...paymentWork, ...posterHandlers(database, storage) }
  return {
    ...parts,
    database,
    secrets,
    accounts,
    storage,
    holds,
    ledger: database.engine === 'sqlite' ? createSqliteLedger(database, clock) : createPostgresLedger(database),
    seatMaps,
    live: new LiveSeats({ database, store: holds, seatMaps, clock, log, limited: config.rateLimit }),
    ticketKeys,
    press,
    reports: createReportDesk(config.database),
    providers,
    mail: openMail(config, { tracer, database, clock, log, secrets, ticketKeys, press }),
    outbox: createOutboxWorker(database, clock, log, work, { tracer, ...paymentPace }),
    tracer,
    metrics: createMetrics(),
    broker: config.amqpUrl === null ? null : openBroker(config.amqpUrl, log),
  }
}
