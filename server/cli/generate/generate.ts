import { createAccount } from '../../accounts/create-account.ts'
import { bulkInsert } from '../../database/bulk-insert.ts'
import type { Database, Transaction } from '../../database/database.ts'
import { withoutIndexes } from '../../database/without-indexes.ts'
import { isRefusal } from '../../platform/refusal.ts'
import { noteCommand } from '../note-command.ts'
import { chanceOf } from '../demo/parties.ts'
import { generateHouses, generateShowtimes } from './houses.ts'
import type { GeneratedShowtime } from './houses.ts'
import { generateSales, noSales } from './sales.ts'
import type { SalesPlan } from './sales.ts'

export interface Wanted {
  readonly bookings: number
  readonly showtimes: number
}

export interface Generated {
  readonly bookings: number
  readonly showtimes: number
  readonly tickets: number
}

/** So many bookings are made, then written: they are in memory meanwhile. */
const bookingsAtOnce = 5_000

/** What the sales fill, each table after those that it refers to. */
const filled = [
  'holds',
  'bookings',
  'tickets',
  'seatClaims',
  'payments',
  'refunds',
  'checkIns',
  'moneyPostings',
] as const

/** Of the whole work, as a bar shows it: the rest is the building of indexes. */
const shareOfRows = 0.7

/**
 * Fills a database with an invented season: theatres, films, a programme of some months, and its sales, about as many as
 * are wanted. The same wish gives the same shape; ids differ. All in one transaction: a season that was interrupted is not
 * there at all. `onProgress` hears how much is done, from 0 to 1.
 */
export async function generate(
  database: Database,
  wanted: Wanted,
  onProgress: (share: number) => void,
): Promise<Generated> {
  return await database.write(async (tx) => {
    const houses = await generateHouses(tx, wanted.showtimes)
    const showtimes: GeneratedShowtime[] = []
    for (const hall of houses.halls) showtimes.push(...(await generateShowtimes(tx, hall, houses)))
    const sellerId = await createSeller(tx)
    const made = await withoutIndexes(
      tx,
      filled,
      () => sellSeason(tx, showtimes, { wanted: wanted.bookings, sellerId, onProgress }),
      (share) => onProgress(shareOfRows + share * (1 - shareOfRows)),
    )
    await noteCommand(tx, 'generate', { request: made })
    return made
  })
}

interface Season {
  readonly wanted: number
  readonly sellerId: string
  readonly onProgress: (share: number) => void
}

async function sellSeason(
  tx: Transaction,
  showtimes: readonly GeneratedShowtime[],
  { wanted, sellerId, onProgress }: Season,
): Promise<Generated> {
  const chance = chanceOf('a season')
  let number = 0
  let tickets = 0
  let sales = noSales()
  const flush = async () => {
    tickets += sales.tickets.length
    for (const table of filled) await bulkInsert(tx, table, sales[table])
    sales = noSales()
    onProgress(shareOfRows * Math.min(1, number / wanted))
  }
  for (const [index, showtime] of showtimes.entries()) {
    const left = (wanted - number) / (showtimes.length - index)
    const plan: SalesPlan = {
      nowMs: tx.nowMs,
      // From nearly empty to twice the average: some films run well.
      bookings: Math.round(left * (0.1 + 1.8 * chance()) * 1.04),
      sellerId,
      chance,
      nextNumber: () => (number += 1),
    }
    if (plan.bookings <= 0) continue
    generateSales(showtime, plan, sales)
    if (sales.bookings.length >= bookingsAtOnce) await flush()
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
