import type { CapacityRow, FilmReturnRow, PopularMovieRow, RevenueRow } from '../../contract/reports.ts'
import { Bytes } from '../http/answer.ts'
import { csvLine } from './csv.ts'
import type { Cell } from './csv.ts'
import { othersFirst } from './source.ts'

/** The columns of a file: a heading and what stands below it. */
export type Columns<Row> = readonly (readonly [heading: string, cell: (row: Row) => Cell])[]

const rowsAtOnce = 500

/** A CSV file, with a byte order mark: without one spreadsheets guess the letters. */
export async function writeCsv<Row>(name: string, columns: Columns<Row>, rows: readonly Row[]): Promise<Bytes> {
  const head = `\ufeff${csvLine(columns.map(([heading]) => heading))}`
  const pieces = await inPieces(rows, (part) =>
    part.map((row) => csvLine(columns.map(([, cell]) => cell(row)))).join(''),
  )
  return new Bytes(Buffer.concat([Buffer.from(head), ...pieces]), {
    'content-type': 'text/csv; charset=utf-8; header=present',
    'content-disposition': `attachment; filename="${name}.csv"`,
    'cache-control': 'no-store',
  })
}

/** A JSON document of rows and what else there is to say. */
export async function writeJson(rows: readonly unknown[], more: object): Promise<Bytes> {
  let comma = ''
  const pieces = await inPieces(rows, (part) => {
    const text = comma + JSON.stringify(part).slice(1, -1)
    comma = ','
    return text
  })
  const tail = Buffer.from(`],${JSON.stringify(more).slice(1)}`)
  return new Bytes(Buffer.concat([Buffer.from('{"rows":['), ...pieces, tail]), {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
  })
}

/** Some hundred rows at a time, so that a long report keeps nobody waiting. */
async function inPieces<Row>(rows: readonly Row[], write: (part: readonly Row[]) => string): Promise<Buffer[]> {
  const pieces: Buffer[] = []
  for (let start = 0; start < rows.length; start += rowsAtOnce) {
    pieces.push(Buffer.from(write(rows.slice(start, start + rowsAtOnce))))
    await othersFirst()
  }
  return pieces
}

const digits = new Map<string, number>()

/** How many places of a currency are minor units. Source: ISO 4217, as Intl knows it. */
function digitsOf(currency: string): number {
  let known = digits.get(currency)
  if (known === undefined) {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency })
    digits.set(currency, (known = format.resolvedOptions().maximumFractionDigits ?? 2))
  }
  return known
}

/** A sum as people read it: 12.5 for 1250 pence. */
function inMajorUnits(amount: number, currency: string): number {
  const places = digitsOf(currency)
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
