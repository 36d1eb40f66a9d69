import type { House } from './app.ts'
import { addAuditRoutes } from './audit/routes.ts'
import { addAccountRoutes } from './accounts/routes.ts'
import { addAdministrationRoutes } from './bookings/administration-routes.ts'
import { addDocumentRoutes } from './bookings/document-routes.ts'
import { addPaymentRoutes } from './bookings/payment-routes.ts'
import { addBookingChanges } from './bookings/change-routes.ts'
import { addOutOfOrderRoutes } from './bookings/out-of-order-routes.ts'
import { createGuesses } from './bookings/guesses.ts'
import { addBookingRoutes } from './bookings/routes.ts'
import { addShowtimeEndings } from './bookings/showtime-routes.ts'
import { addCatalogueRoutes } from './catalogue/routes.ts'
import { createPressure } from './holds/pressure.ts'
import { createProofOfWork } from './holds/proof-of-work.ts'
import { addHoldRoutes } from './holds/routes.ts'
import { addDoorRoutes } from './door/routes.ts'
import { addEventRoutes } from './events/routes.ts'
import type { Routes } from './http/routes.ts'
import { addShiftRoutes } from './payments/shift-routes.ts'
import { addVoucherRoutes } from './payments/voucher-routes.ts'
import { addPromotionRoutes } from './promotions/routes.ts'
import { addReportRoutes } from './reports/routes.ts'
import { adoptLayout } from './showtimes/adopt-layout.ts'
import { countTakenPlaces } from './showtimes/claims.ts'
import { addShowtimeRoutes } from './showtimes/routes.ts'
import { addVenueRoutes } from './venues/routes.ts'
import { addWaitingRoomRoutes } from './waiting-room/routes.ts'

/** What the composition root serves: the slices, in the order of the house. */
export function addSlices(routes: Routes, house: House): void {
  const { config, database, secrets, ledger, holds: store, seatMaps, live, ticketKeys } = house
  const limits = {
    holdSeconds: config.holdSeconds,
    maxSeatsPerHold: config.maxSeatsPerHold,
    maxHoldsPerClient: config.maxHoldsPerClient,
  }
  const work = createProofOfWork({
    database,
    secrets,
    pressure: createPressure(database),
    metrics: house.metrics,
    // Where nothing is limited, nothing is made dear.
    settings: config.rateLimit ? config.work : { ...config.work, percent: 0 },
  })
  addAccountRoutes(routes, house.accounts, config.publicUrl)
  addCatalogueRoutes(routes, house)
  addVenueRoutes(routes, { ...house, adoptLayout })
  addShowtimeRoutes(routes, { database, countTaken: countTakenPlaces })
  addWaitingRoomRoutes(routes, house)
  addHoldRoutes(routes, { database, secrets, ledger, store, seatMaps, live, limits, work })
  addPromotionRoutes(routes, house)
  addVoucherRoutes(routes, house)
  addShiftRoutes(routes, house)
  const guesses = createGuesses({ database, clock: house.clock, throttled: config.rateLimit })
  const { paymentSeconds, testPayments } = config
  const hasWallet = config.appleWallet !== null
  const bookings = {
    database,
    secrets,
    store,
    ticketKeys,
    limits,
    work,
    guesses,
    paymentSeconds,
    testPayments,
    hasWallet,
  }
  addBookingRoutes(routes, bookings)
  addBookingChanges(routes, bookings)
  addAdministrationRoutes(routes, bookings)
  addShowtimeEndings(routes, { database, store })
  addOutOfOrderRoutes(routes, database)
  addPaymentRoutes(routes, {
    database,
    secrets,
    store,
    testPayments,
    providers: house.providers,
    publicUrl: config.publicUrl,
    corsOrigins: config.corsOrigins,
  })
  addDocumentRoutes(routes, {
    database,
    secrets,
    store,
    ticketKeys,
    press: house.press,
    wallet: config.appleWallet,
    google: config.googleWallet,
    publicUrl: config.publicUrl,
  })
  addDoorRoutes(routes, { database, keys: ticketKeys })
  addEventRoutes(routes, { database, secrets })
  addAuditRoutes(routes, database)
  addReportRoutes(routes, database, house.reports)
}
