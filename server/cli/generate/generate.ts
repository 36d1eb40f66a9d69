import { createAccount } from '../../accounts/create-account.ts'
import { bulkInsert } from '../../database/bulk-insert.ts'
import type { Database, Transaction } from '../../database/database.ts'
import { isRefusal } from '../../platform/refusal.ts'
import { chanceOf } from '../demo/parties.ts'
import { generateHouses, generateShowtimes } from './houses.ts'
import type { GeneratedShowtime } from './houses.ts'
import { generateSales } from './sales.ts'
import type { Sales, SalesPlan } from './sales.ts'

export interface Wanted {
  readonly bookings: number
  readonly showtimes: number
}

export interface Generated {
  readonly bookings: number
  readonly showtimes: number
  readonly tickets: number
}

/** So many bookings go into one transaction. */
const bookingsAtOnce = 2_000
const rowsAtOnce = 5_000

/**
 * Fills a database with an invented season: theatres, films, a programme of some months, and its sales, about as many as
 * are wanted. The same wish gives the same shape; ids differ. `onProgress` hears how many bookings there are.
 */
export async function generate(
  database: Database,
  nowMs: number,
  wanted: Wanted,
  onProgress: (bookings: number) => void,
): Promise<Generated> {
  const houses = await database.write((tx) => generateHouses(tx, wanted.showtimes))
  const showtimes: GeneratedShowtime[] = []
  for (const hall of houses.halls) {
    showtimes.push(...(await database.write((tx) => generateShowtimes(tx, hall, houses))))
  }
  const sellerId = await database.write((tx) => createSeller(tx))
  const chance = chanceOf('a season')
  let number = 0
  let tickets = 0
  let waiting: Sales[] = []
  let waitingBookings = 0
  const flush = async () => {
    const sales = waiting
    waiting = []
    waitingBookings = 0
    await database.write((tx) => writeSales(tx, sales))
    onProgress(number)
  }
  for (const [index, showtime] of showtimes.entries()) {
    const left = (wanted.bookings - number) / (showtimes.length - index)
    const plan: SalesPlan = {
      nowMs,
      // From nearly empty to twice the average: some films run well.
      bookings: Math.round(left * (0.1 + 1.8 * chance()) * 1.04),
      sellerId,
      chance,
      nextNumber: () => (number += 1),
    }
    if (plan.bookings <= 0) continue
    const sales = generateSales(showtime, plan)
    tickets += sales.tickets.length
    waiting.push(sales)
    waitingBookings += sales.bookings.length
    if (waitingBookings >= bookingsAtOnce) await flush()
  }
  await flush()
  return { bookings: number, showtimes: showtimes.length, tickets }
}

async function createSeller(tx: Transaction): Promise<string> {
  const email = 'box-office@example.com'
  // A hash that nothing matches: nobody signs in as the one who sold all this.
  const account = await createAccount(tx, { email, name: 'Box office', role: 'staff', passwordHash: '!' })
  if (!isRefusal(account)) return account.id
  const known = tx.query.selectFrom('users').select('id').where('emailFolded', '=', email)
  return (await known.executeTakeFirstOrThrow()).id
}

async function writeSales(tx: Transaction, sales: readonly Sales[]): Promise<void> {
  const write = async <Name extends keyof Sales>(table: Name, rows: readonly Sales[Name][number][]) => {
    for (let start = 0; start < rows.length; start += rowsAtOnce) {
      await bulkInsert(tx, table, rows.slice(start, start + rowsAtOnce))
    }
  }
  await write(
    'holds',
    sales.flatMap(({ holds }) => holds),
  )
  await write(
    'bookings',
    sales.flatMap(({ bookings }) => bookings),
  )
  await write(
    'tickets',
    sales.flatMap(({ tickets }) => tickets),
  )
  await write(
    'seatClaims',
    sales.flatMap(({ seatClaims }) => seatClaims),
  )
  await write(
    'payments',
    sales.flatMap(({ payments }) => payments),
  )
  await write(
    'refunds',
    sales.flatMap(({ refunds }) => refunds),
  )
  await write(
    'checkIns',
    sales.flatMap(({ checkIns }) => checkIns),
  )
}
