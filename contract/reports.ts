import type { Static } from 'typebox'
import { Type } from 'typebox'
import type { TSchema } from 'typebox'
import { Currency, Day, Id, Instant, nullable } from './common.ts'
import { closed, operation } from './operation.ts'

const tag = 'Reports'
const managers = ['owner', 'admin'] as const

export const groupings = ['day', 'week', 'month', 'movie', 'theatre', 'auditorium'] as const
export type Grouping = (typeof groupings)[number]
/** `sale`: on the business day the money moved; `show`: on the business day of the showtime. */
export const bases = ['sale', 'show'] as const
export type Basis = (typeof bases)[number]

const Minor = Type.Integer({ description: 'Minor units of `currency`' })
const Count = Type.Integer({ minimum: 0 })
const group = {
  key: Type.String({ description: 'A day, the first day of a film week, a month, or an id' }),
  label: Type.String(),
}
const money = { currency: Currency, gross: Minor, refunded: Minor, net: Minor }

const Total = closed({ ...money, tickets: Count })
const RevenueRow = closed({ ...group, ...money, tickets: Count, bookings: Count })
const CapacityRow = closed({
  ...group,
  showtimeId: Type.Optional(Id),
  startsAt: Type.Optional(Instant),
  localStartsAt: Type.Optional(Type.String()),
  businessDate: Type.Optional(Day),
  movieId: Type.Optional(Id),
  movieTitle: Type.Optional(Type.String()),
  theatreId: Type.Optional(Id),
  theatreName: Type.Optional(Type.String()),
  auditoriumId: Type.Optional(Id),
  auditoriumName: Type.Optional(Type.String()),
  showtimes: Count,
  capacity: Count,
  sold: Count,
  share: Type.Number({ minimum: 0, description: '`sold` of `capacity`, 0 to 1, to four places' }),
})
const PopularMovieRow = closed({
  ...group,
  rank: Type.Integer({ minimum: 1, description: 'By tickets, within the group' }),
  movieId: Id,
  title: Type.String(),
  tickets: Count,
  bookings: Count,
  ...money,
})
const FilmReturnRow = closed({
  ...group,
  movieId: Id,
  title: Type.String(),
  distributor: nullable(Type.String()),
  ticketType: Type.String(),
  price: Type.Integer({ minimum: 0, description: 'What such a ticket was sold for, minor units; 0 for complimentary' }),
  currency: Currency,
  admissions: Count,
  gross: Minor,
  tax: Type.Integer({ minimum: 0, description: 'The part of `gross` that is tax, and tax that was added to it' }),
})
const LedgerRow = closed({
  ...group,
  theatreId: nullable({
    ...Id,
    description: 'Null: what belongs to no theatre, such as vouchers and payouts of a payment provider',
  }),
  account: Type.String({ description: 'As the reference for accountants names it' }),
  kind: Type.Enum(['asset', 'liability', 'income', 'expense']),
  currency: Currency,
  opening: Type.Integer({ description: 'Before the period: debits less credits, minor units' }),
  debit: Type.Integer({ minimum: 0, description: 'Of the period, minor units' }),
  credit: Type.Integer({ minimum: 0, description: 'Of the period, minor units' }),
  closing: Type.Integer({ description: 'After the period: debits less credits, minor units' }),
})
const LedgerTotal = closed({ currency: Currency, debit: Minor, credit: Minor })
export type LedgerRow = Static<typeof LedgerRow>
export type LedgerTotal = Static<typeof LedgerTotal>
export type RevenueRow = Static<typeof RevenueRow>
export type CapacityRow = Static<typeof CapacityRow>
export type PopularMovieRow = Static<typeof PopularMovieRow>
export type FilmReturnRow = Static<typeof FilmReturnRow>
export type ReportTotal = Static<typeof Total>

const ReportQuery = closed({
  from: Type.Optional(Day),
  to: Type.Optional(Day),
  theatreId: Type.Optional(Id),
  groupBy: Type.Optional(Type.Enum(groupings)),
  basis: Type.Optional(Type.Enum(bases)),
  format: Type.Optional(Type.Enum(['json', 'csv'])),
})
export type ReportQuery = Static<typeof ReportQuery>
/** Of the books: every theatre by itself, on the business days on which money moved. */
const LedgerQuery = Type.Omit(ReportQuery, ['groupBy', 'basis'], { additionalProperties: false })

function reportOf<Row extends TSchema, Sum extends TSchema>(row: Row, total: Sum) {
  return closed({
    rows: Type.Array(row),
    totals: Type.Array(total),
    from: nullable(Day),
    to: nullable(Day),
    groupBy: Type.Enum([...groupings, 'showtime']),
    basis: Type.Enum(bases),
  })
}

const mediaTypes = ['application/json', 'text/csv']

export const reportRevenue = operation({
  id: 'reportRevenue',
  method: 'GET',
  path: '/admin/reports/revenue',
  tag,
  summary: 'Money taken and given back, and tickets; complimentary tickets and vouchers are no revenue',
  access: managers,
  query: ReportQuery,
  answer: { status: 200, schema: reportOf(RevenueRow, Total), mediaTypes },
})
export const reportCapacity = operation({
  id: 'reportCapacity',
  method: 'GET',
  path: '/admin/reports/capacity',
  tag,
  summary: 'How full the showtimes were, each or grouped',
  access: managers,
  query: ReportQuery,
  answer: { status: 200, schema: reportOf(CapacityRow, Total), mediaTypes },
})
export const reportPopularMovies = operation({
  id: 'reportPopularMovies',
  method: 'GET',
  path: '/admin/reports/popular-movies',
  tag,
  summary: 'Films by the tickets they sold',
  access: managers,
  query: ReportQuery,
  answer: { status: 200, schema: reportOf(PopularMovieRow, Total), mediaTypes },
})
export const reportFilmReturns = operation({
  id: 'reportFilmReturns',
  method: 'GET',
  path: '/admin/reports/film-returns',
  tag,
  summary: 'Admissions and gross by film, ticket type and price, as a distributor wants them',
  access: managers,
  query: ReportQuery,
  answer: { status: 200, schema: reportOf(FilmReturnRow, Total), mediaTypes },
})
export const reportLedger = operation({
  id: 'reportLedger',
  method: 'GET',
  path: '/admin/reports/ledger',
  tag,
  summary: 'The books: what stood on each account before a period, what moved in it, and what stands there after it',
  access: managers,
  query: LedgerQuery,
  answer: { status: 200, schema: reportOf(LedgerRow, LedgerTotal), mediaTypes },
})

export const reportOperations = {
  reportRevenue,
  reportCapacity,
  reportPopularMovies,
  reportFilmReturns,
  reportLedger,
} as const
