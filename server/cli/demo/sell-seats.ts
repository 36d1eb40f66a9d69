import { createBooking } from '../../bookings/create-booking.ts'
import type { Buyer } from '../../bookings/create-booking.ts'
import { takeCounterPayment } from '../../bookings/pay-booking.ts'
import type { Database, Transaction } from '../../database/database.ts'
import { createHoldStore } from '../../holds/store.ts'
import type { ShowtimeForSale } from '../../holds/store.ts'
import { must } from '../../platform/assert.ts'
import { isRefusal } from '../../platform/refusal.ts'
import { chanceOf, partiesFor } from './parties.ts'
import type { Party } from './parties.ts'
import { demoTheatres } from './theatres.ts'

const hourMs = 3_600_000
/** People buy ahead: what starts sooner stays as it is. */
const soonestMs = hourMs / 2
/** What has begun this evening was sold, too. */
const begunMs = 6 * hourMs
/** How full the next evening of each hall is, in the order of the halls. */
const shares = [0.45, 0.85, 0.55, 0.4] as const

/**
 * Sells seats at the counter for the next evening show of each hall of the demo, and for those that have begun, so that seat
 * maps and the house's own evening look alive; a show that anybody has booked is left alone. Goes through the same acts as the counter does.
 */
export async function sellSomeSeats(database: Database, nowMs: number): Promise<void> {
  const store = createHoldStore(database)
  const seller = await database.read
    .selectFrom('users')
    .select('id')
    .where('role', 'in', ['staff', 'owner', 'admin'])
    .orderBy('role', 'desc')
    .executeTakeFirst()
  if (!seller) return
  const halls = demoTheatres.flatMap((theatre) => theatre.halls)
  await Promise.all(
    halls.map(async (hall, index) => {
      for (const id of await evenings(database, hall.key, nowMs)) {
        const showtime = await store.findShowtime(id)
        if (showtime) await database.write((tx) => sell(tx, showtime, seller.id, shares[index % shares.length] ?? 0))
      }
    }),
  )
}

/** The evening shows of a hall that have begun lately, and the next one. */
async function evenings(database: Database, hallKey: string, nowMs: number): Promise<string[]> {
  const rows = await database.read
    .selectFrom('showtimes')
    .innerJoin('auditoriums', 'auditoriums.id', 'showtimes.auditoriumId')
    .select(['showtimes.id', 'showtimes.externalKey', 'showtimes.startsAt'])
    .where('auditoriums.externalKey', '=', hallKey)
    .where('showtimes.status', '=', 'scheduled')
    .where('showtimes.startsAt', '>', nowMs - begunMs)
    .orderBy('showtimes.startsAt')
    .limit(24)
    .execute()
  const endings = demoTheatres
    .flatMap((theatre) => theatre.halls)
    .filter((hall) => hall.key === hallKey)
    .flatMap((hall) => hall.slots.flatMap((slot, index) => (slot.audience === 'evening' ? [`-${index}`] : [])))
  const shows = rows.filter(({ externalKey }) => endings.some((ending) => externalKey?.endsWith(ending)))
  const next = shows.find(({ startsAt }) => startsAt > nowMs + soonestMs)
  return shows.filter((show) => show === next || show.startsAt <= nowMs).map(({ id }) => id)
}

async function sell(tx: Transaction, showtime: ShowtimeForSale, sellerId: string, share: number): Promise<void> {
  // The row is locked by an update that changes nothing: of two servers that start at once, the second waits here.
  await tx.query
    .updateTable('showtimes')
    .set((showtimes) => ({ revision: showtimes.ref('revision') }))
    .where('id', '=', showtime.id)
    .execute()
  const booked = await tx.query
    .selectFrom('bookings')
    .select('id')
    .where('showtimeId', '=', showtime.id)
    .limit(1)
    .execute()
  if (booked.length > 0) return
  const chance = chanceOf(showtime.id)
  const buyer: Buyer = {
    client: `account:${sellerId}`,
    address: '',
    userId: sellerId,
    channel: 'counter',
    isAdmitted: true,
    name: null,
    email: null,
  }
  for (const party of partiesFor(showtime.layout, share, chance)) await sellTo(tx, showtime, buyer, party, chance)
}

/** One party pays at the counter, mostly by card. What somebody has taken meanwhile is left to them. */
async function sellTo(
  tx: Transaction,
  showtime: ShowtimeForSale,
  buyer: Buyer,
  party: Party,
  chance: () => number,
): Promise<void> {
  const { seats, count } =
    'seats' in party ? { seats: [...party.seats], count: undefined } : { ...party, seats: undefined }
  const types = (seats ?? Array.from({ length: count ?? 0 }, () => undefined)).map((seat) => ({
    ...(seat !== undefined && { seat }),
    ticketType: ticketType(chance()),
  }))
  const made = await createBooking(tx, {
    showtime,
    input: { showtimeId: showtime.id, seats, count, tickets: types },
    buyer,
    expiresAt: tx.nowMs + hourMs,
    limits: { holdSeconds: 300, maxSeatsPerHold: 10, maxHoldsPerClient: 0 },
  })
  if (isRefusal(made)) return
  const payment = await takeCounterPayment(tx, {
    bookingId: made.booking.id,
    tender: chance() < 0.8 ? 'card' : 'cash',
    amount: null,
    tendered: null,
    voucherCode: null,
    ownerId: null,
    terminalReference: null,
    shiftId: null,
    createdBy: must(buyer.userId, 'Somebody sells'),
  })
  if (isRefusal(payment)) throw new Error(`the demo cannot sell a seat: ${payment.detail}`)
}

function ticketType(chance: number): string {
  if (chance < 0.62) return 'adult'
  if (chance < 0.8) return 'student'
  return chance < 0.92 ? 'senior' : 'child'
}
