import type { CallerName } from './permissions.ts'

type Things = Readonly<Record<string, string>>

/** A request that names one thing in its body or query, made by somebody who may do that to a thing of its own. */
export interface Reference {
  readonly by: CallerName
  /** Which of the stage's things is named. */
  readonly thing: string
  /** What another's answers: a status, or `empty` for a list in which there is nothing of it. */
  readonly foreign: number | 'empty'
  /** What is sent, given the id that is named; everything else is the caller's own. */
  readonly body?: (id: string, own: Things) => object
  readonly query?: (id: string) => string
}

const price = { basePrice: { amount: 1200, currency: 'EUR' } }
const show = (own: Things) => ({ movieId: own['/movies'], auditoriumId: own['/auditoriums'], ...price })
const buyer = { customer: { name: 'Ada Example', email: 'ada@example.com' } }
const films = 'films are public, and any house may show them'
const programme = 'the programme is public'

/** Someone of the house names an id of another's theatre in a question about its own. */
function asked(name: string, thing: string, foreign: Reference['foreign']): Reference {
  return { by: 'owner', thing, foreign, query: (id) => `?${name}=${id}` }
}

/** Of one theatre. */
const report = asked('theatreId', '/theatres', 403)
const otherHall: Reference = {
  by: 'owner',
  thing: '/auditoriums',
  foreign: 403,
  body: (auditoriumId) => ({ auditoriumId }),
}
const otherPrices: Reference = {
  by: 'owner',
  thing: '/price-lists',
  foreign: 400,
  body: (priceListId) => ({ priceListId }),
}

/**
 * Every id (or code) that a body or a query can name, by `operation field`; a text says why anybody may name another's.
 * Tried by `server/http/references.test.ts`, which fails when one is missing here.
 */
export const references: Readonly<Record<string, Reference | string>> = {
  'createTheatre ownerId': {
    by: 'owner',
    thing: 'owner',
    foreign: 403,
    body: (ownerId) => ({ name: 'Rex', city: 'Berlin', timeZone: 'Europe/Berlin', currency: 'EUR', ownerId }),
  },
  'updateTheatre ownerId': { by: 'owner', thing: 'owner', foreign: 403, body: (ownerId) => ({ ownerId }) },
  'listShowtimes movieId': programme,
  'listShowtimes theatreId': programme,
  'listMovieShowtimes theatreId': programme,
  'createShowtime movieId': films,
  'createShowtime auditoriumId': {
    by: 'owner',
    thing: '/auditoriums',
    foreign: 403,
    body: (auditoriumId, own) => ({ ...show(own), auditoriumId, startsAt: '2026-12-01T20:00' }),
  },
  'createShowtime theatreId': {
    by: 'owner',
    thing: '/theatres',
    foreign: 400,
    body: (theatreId, own) => ({ ...show(own), theatreId, startsAt: '2026-12-02T20:00' }),
  },
  'createShowtime priceListId': {
    by: 'owner',
    thing: '/price-lists',
    foreign: 400,
    body: (priceListId, own) => ({ ...show(own), basePrice: undefined, priceListId, startsAt: '2026-12-03T20:00' }),
  },
  'updateShowtime movieId': films,
  'updateShowtime auditoriumId': otherHall,
  'updateShowtime priceListId': otherPrices,
  'replaceShowtime movieId': films,
  'replaceShowtime auditoriumId': otherHall,
  'replaceShowtime priceListId': otherPrices,
  'moveShowtime auditoriumId': {
    ...otherHall,
    body: (auditoriumId) => ({ auditoriumId, dryRun: true }),
  },
  'createShowtimes movieId': films,
  'createShowtimes auditoriumId': {
    by: 'owner',
    thing: '/auditoriums',
    foreign: 403,
    body: (auditoriumId, own) => ({
      showtimes: [
        { ...show(own), startsAt: '2026-12-05T20:00' },
        { ...show(own), auditoriumId, startsAt: '2026-12-06T20:00' },
      ],
    }),
  },
  'createShowtimes theatreId': {
    by: 'owner',
    thing: '/theatres',
    foreign: 400,
    body: (theatreId, own) => ({ showtimes: [{ ...show(own), theatreId, startsAt: '2026-12-07T20:00' }] }),
  },
  'createShowtimes priceListId': {
    by: 'owner',
    thing: '/price-lists',
    foreign: 400,
    body: (priceListId, own) => ({
      showtimes: [{ ...show(own), basePrice: undefined, priceListId, startsAt: '2026-12-08T20:00' }],
    }),
  },
  'copyShowtimes theatreId': {
    by: 'owner',
    thing: '/theatres',
    foreign: 403,
    body: (theatreId) => ({ theatreId, from: '2026-11-23', to: '2026-11-23', days: 50 }),
  },
  'publishShowtimes theatreId': {
    by: 'owner',
    thing: '/theatres',
    foreign: 403,
    body: (theatreId) => ({ theatreId, from: '2026-11-23', to: '2026-11-26' }),
  },
  'createBooking holdId': { by: 'customer', thing: '/holds', foreign: 404, body: (holdId) => ({ holdId, ...buyer }) },
  'createBooking showtimeId': {
    by: 'staff',
    thing: 'draft',
    foreign: 404,
    body: (showtimeId) => ({ showtimeId, seats: ['A2'], ...buyer }),
  },
  'createBooking promoCode': {
    by: 'customer',
    thing: 'promoCode',
    foreign: 409,
    body: (promoCode, own) => ({ showtimeId: own['/showtimes'], seats: ['A3'], promoCode, ...buyer }),
  },
  'createBooking voucherCode': {
    by: 'customer',
    thing: 'voucherCode',
    foreign: 409,
    body: (voucherCode, own) => ({ showtimeId: own['/showtimes'], seats: ['B3'], voucherCode, ...buyer }),
  },
  'listBookings theatreId': asked('theatreId', '/theatres', 403),
  'cancelBooking tickets': {
    by: 'customer',
    thing: '/tickets',
    foreign: 400,
    body: (ticketId) => ({ tickets: [ticketId] }),
  },
  'payOutBooking refunds': 'tried in server/bookings/pay-out.test.ts',
  'payOutBooking shiftId': 'tried in server/bookings/pay-out.test.ts',
  'exchangeBooking showtimeId': {
    by: 'staff',
    thing: 'hidden',
    foreign: 404,
    body: (showtimeId) => ({ showtimeId, seats: ['A4'] }),
  },
  'createPayment bookingId': {
    by: 'customer',
    thing: 'pending',
    foreign: 404,
    body: (bookingId) => ({ bookingId, provider: 'test' }),
  },
  'createPayment voucherCode': {
    by: 'staff',
    thing: 'voucherCode',
    foreign: 409,
    body: (voucherCode, { pending }) => ({ bookingId: pending, provider: 'counter', tender: 'voucher', voucherCode }),
  },
  'createPayment shiftId': 'tried in server/payments/shifts.test.ts',
  'listShifts theatreId': asked('theatreId', '/theatres', 403),
  'openShift theatreId': {
    by: 'staff',
    thing: '/theatres',
    foreign: 403,
    body: (theatreId) => ({ theatreId, till: 'Till 9', float: { amount: 0, currency: 'GBP' } }),
  },
  'checkIn ticketId': { by: 'staff', thing: '/tickets', foreign: 404, body: (ticketId) => ({ ticketId }) },
  'checkIn bookingId': { by: 'staff', thing: '/bookings', foreign: 404, body: (bookingId) => ({ bookingId }) },
  'checkIn code': { by: 'staff', thing: 'code', foreign: 404, body: (code) => ({ code }) },
  'checkIn showtimeId': {
    by: 'staff',
    thing: '/showtimes',
    foreign: 409,
    body: (showtimeId, own) => ({ ticketId: own['/tickets'], showtimeId }),
  },
  'reportScans ticketId': 'another’s ticket is listed like one that is not there: server/door/report-scans.test.ts',
  'reportScans code': 'another’s ticket is listed like one that is not there: server/door/report-scans.test.ts',
  'listAllBookings theatreId': asked('theatreId', '/theatres', 403),
  'listAllBookings showtimeId': asked('showtimeId', '/showtimes', 'empty'),
  'listAllBookings userId': asked('userId', '/users', 'empty'),
  'listAllPayments theatreId': asked('theatreId', '/theatres', 403),
  'listAllPayments showtimeId': asked('showtimeId', '/showtimes', 'empty'),
  'listAllPayments bookingId': asked('bookingId', '/bookings', 'empty'),
  'listAuditLog theatreId': report,
  'listAuditLog actorId': asked('actorId', 'owner', 'empty'),
  'listAuditLog subjectId': asked('subjectId', '/showtimes', 'empty'),
  'reportCapacity theatreId': report,
  'reportRevenue theatreId': report,
  'reportPopularMovies theatreId': report,
  'reportFilmReturns theatreId': report,
  'reportLedger theatreId': report,
}
