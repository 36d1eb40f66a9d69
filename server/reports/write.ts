import type {
  CapacityRow,
  FilmReturnRow,
  LedgerRow,
  LedgerTotal,
  PopularMovieRow,
  ReportTotal,
  RevenueRow,
} from '../../contract/reports.ts'
import { csvLine } from './csv.ts'
import type { Cell } from './csv.ts'
import { minorDigits } from '../platform/currency.ts'

/** A report while it is read: rows some hundred at a time, and then, once all of them have passed, what they add up to. */
export interface Built<Row> {
  readonly rows: AsyncIterable<readonly Row[]>
  readonly totals: () => Promise<(ReportTotal | LedgerTotal)[]>
}

/** The columns of a file: a heading and what stands below it. */
export type Columns<Row> = readonly (readonly [heading: string, cell: (row: Row) => Cell])[]

/** A CSV file, with a byte order mark: without one spreadsheets guess the letters. */
export async function* writeCsv<Row>(columns: Columns<Row>, { rows }: Built<Row>): AsyncGenerator<string> {
  yield `\ufeff${csvLine(columns.map(([heading]) => heading))}`
  for await (const part of rows) yield part.map((row) => csvLine(columns.map(([, cell]) => cell(row)))).join('')
}

/** A JSON document of rows, their totals, and what else there is to say. */
export async function* writeJson<Row>({ rows, totals }: Built<Row>, more: object): AsyncGenerator<string> {
  yield '{"rows":['
  let comma = ''
  for await (const part of rows) {
    if (part.length === 0) continue
    yield comma + JSON.stringify(part).slice(1, -1)
    comma = ','
  }
  yield `],${JSON.stringify({ totals: await totals(), ...more }).slice(1)}`
}

/** A sum as people read it: 12.5 for 1250 pence. */
export function inMajorUnits(amount: number, currency: string): number {
  const places = minorDigits(currency)
  return Number((amount / 10 ** places).toFixed(places))
}

interface MoneyRow {
  readonly currency: string
  readonly gross: number
  readonly refunded: number
  readonly net: number
}

/** Minor units first, exactly as in JSON; then what people read. */
const moneyColumns: Columns<MoneyRow> = [
  ['currency', (row) => row.currency],
  ['gross', (row) => row.gross],
  ['refunded', (row) => row.refunded],
  ['net', (row) => row.net],
]
const readableColumns: Columns<MoneyRow> = [
  ['grossMajor', (row) => inMajorUnits(row.gross, row.currency)],
  ['refundedMajor', (row) => inMajorUnits(row.refunded, row.currency)],
  ['netMajor', (row) => inMajorUnits(row.net, row.currency)],
]

export const revenueColumns: Columns<RevenueRow> = [
  ['key', (row) => row.key],
  ['label', (row) => row.label],
  ...moneyColumns,
  ['tickets', (row) => row.tickets],
  ['bookings', (row) => row.bookings],
  ...readableColumns,
]
export const capacityColumns: Columns<CapacityRow> = [
  ['key', (row) => row.key],
  ['label', (row) => row.label],
  ['startsAt', (row) => row.startsAt],
  ['localStartsAt', (row) => row.localStartsAt],
  ['businessDate', (row) => row.businessDate],
  ['movieTitle', (row) => row.movieTitle],
  ['theatreName', (row) => row.theatreName],
  ['auditoriumName', (row) => row.auditoriumName],
  ['showtimes', (row) => row.showtimes],
  ['capacity', (row) => row.capacity],
  ['sold', (row) => row.sold],
  ['share', (row) => row.share],
]
export const popularMovieColumns: Columns<PopularMovieRow> = [
  ['key', (row) => row.key],
  ['label', (row) => row.label],
  ['rank', (row) => row.rank],
  ['movieId', (row) => row.movieId],
  ['title', (row) => row.title],
  ['tickets', (row) => row.tickets],
  ['bookings', (row) => row.bookings],
  ...moneyColumns,
  ...readableColumns,
]
export const filmReturnColumns: Columns<FilmReturnRow> = [
  ['key', (row) => row.key],
  ['label', (row) => row.label],
  ['movieId', (row) => row.movieId],
  ['title', (row) => row.title],
  ['distributor', (row) => row.distributor],
  ['ticketType', (row) => row.ticketType],
  ['currency', (row) => row.currency],
  ['price', (row) => row.price],
  ['admissions', (row) => row.admissions],
  ['gross', (row) => row.gross],
  ['tax', (row) => row.tax],
  ['priceMajor', (row) => inMajorUnits(row.price, row.currency)],
  ['grossMajor', (row) => inMajorUnits(row.gross, row.currency)],
  ['taxMajor', (row) => inMajorUnits(row.tax, row.currency)],
]
export const ledgerColumns: Columns<LedgerRow> = [
  ['key', (row) => row.key],
  ['label', (row) => row.label],
  ['theatreId', (row) => row.theatreId],
  ['account', (row) => row.account],
  ['kind', (row) => row.kind],
  ['currency', (row) => row.currency],
  ['opening', (row) => row.opening],
  ['debit', (row) => row.debit],
  ['credit', (row) => row.credit],
  ['closing', (row) => row.closing],
  ['openingMajor', (row) => inMajorUnits(row.opening, row.currency)],
  ['debitMajor', (row) => inMajorUnits(row.debit, row.currency)],
  ['creditMajor', (row) => inMajorUnits(row.credit, row.currency)],
  ['closingMajor', (row) => inMajorUnits(row.closing, row.currency)],
]
