import { sql } from 'kysely'
import { expect } from 'vitest'
import type { LivedInHouse } from './lived-in-house.ts'

export type Values = Readonly<Record<string, string | number | null>>

/** One row edited by hand: what it becomes, and which row it is. */
export interface Corruption {
  readonly breaks: string
  /** What contradicts it besides: the books have what really happened. */
  readonly also?: readonly string[]
  readonly what: string
  readonly table: string
  readonly where: (house: LivedInHouse) => Values
  readonly change: (house: LivedInHouse, row: Values) => Values
  /** Something that the report must name. */
  readonly names: (house: LivedInHouse) => string
}

export const corruptions: readonly Corruption[] = [
  {
    breaks: 'I1',
    what: 'a lapsed hold comes back to life although its seat is sold',
    table: 'holds',
    where: ({ lapsedHold }) => ({ id: lapsedHold }),
    change: ({ test: { clock } }) => ({ expires_at: clock.now() + 60_000 }),
    names: ({ paid }) => paid.id,
  },
  {
    breaks: 'I2',
    what: 'the lock of a sold seat lies on another one',
    table: 'seat_claims',
    where: ({ reserved }) => ({ showtime_id: reserved, seat_id: 'A2' }),
    change: () => ({ seat_id: 'A8' }),
    names: () => 'seat A2',
  },
  {
    breaks: 'I2',
    what: 'the lock of a confirmed booking is about to end',
    table: 'seat_claims',
    where: ({ reserved }) => ({ showtime_id: reserved, seat_id: 'A2' }),
    change: ({ test: { clock } }) => ({ expires_at: clock.now() + 60_000 }),
    names: ({ paid }) => paid.id,
  },
  {
    breaks: 'I2',
    what: 'a booking of general admission has fewer places than tickets',
    table: 'seat_claims',
    where: ({ crowd }) => ({ ref: crowd.id }),
    change: () => ({ places: 4 }),
    names: ({ crowd }) => crowd.id,
  },
  {
    breaks: 'I2',
    what: 'a hold has lost the lock of one of its seats to the house',
    table: 'seat_claims',
    where: ({ reserved }) => ({ showtime_id: reserved, seat_id: 'E8' }),
    change: () => ({ kind: 'block' }),
    names: ({ liveHold }) => liveHold,
  },
  {
    breaks: 'I2',
    what: 'the lock of a booking that waits for its payment ends later than the booking',
    table: 'seat_claims',
    where: ({ reserved }) => ({ showtime_id: reserved, seat_id: 'E5' }),
    change: (_house, row) => ({ expires_at: Number(row['expires_at']) + 1 }),
    names: ({ pending }) => pending.id,
  },
  {
    breaks: 'I3',
    what: 'an answer was kept for a booking that is not there',
    table: 'idempotency_keys',
    where: () => ({ key: 'the-second' }),
    change: () => ({ answer: '{"id":"bkg_gone"}' }),
    names: () => 'bkg_gone',
  },
  {
    breaks: 'I4',
    what: 'two keys were answered with one booking',
    table: 'idempotency_keys',
    where: () => ({ key: 'the-first' }),
    change: ({ pending }) => ({ answer: JSON.stringify({ id: pending.id }) }),
    names: ({ pending }) => pending.id,
  },
  {
    breaks: 'I5',
    what: 'a booking in pounds was paid in euros',
    also: ['I16'],
    table: 'payments',
    where: ({ paid }) => ({ booking_id: paid.id }),
    change: () => ({ currency: 'EUR' }),
    names: ({ paid }) => paid.id,
  },
  {
    breaks: 'I6',
    what: 'a booking says that more was paid than was',
    also: ['I17'],
    table: 'bookings',
    where: ({ paid }) => ({ id: paid.id }),
    change: (_house, row) => ({ paid: Number(row['paid']) + 1 }),
    names: ({ paid }) => paid.id,
  },
  {
    breaks: 'I6',
    what: 'a refund has grown by a penny',
    also: ['I16'],
    table: 'refunds',
    where: ({ cancelled }) => ({ booking_id: cancelled.id }),
    change: (_house, row) => ({ amount: Number(row['amount']) + 1 }),
    names: ({ cancelled }) => cancelled.id,
  },
  {
    breaks: 'I6',
    what: 'a payment that was given back counts as kept',
    table: 'payments',
    where: ({ cancelled }) => ({ booking_id: cancelled.id }),
    change: ({ test: { clock } }) => ({ status: 'succeeded', captured_at: clock.now() }),
    names: ({ cancelled }) => cancelled.payments[0]?.id ?? 'no payment',
  },
  {
    breaks: 'I6',
    what: 'a voucher has a penny more than it should',
    also: ['I17'],
    table: 'vouchers',
    where: () => ({ code: 'GIFT' }),
    change: (_house, row) => ({ balance: Number(row['balance']) + 1 }),
    names: () => 'vou_',
  },
  {
    breaks: 'I6',
    what: 'a payment says that a voucher made it, and no voucher knows of it',
    table: 'payments',
    where: ({ paid }) => ({ booking_id: paid.id }),
    change: () => ({ tender: 'voucher' }),
    names: ({ paid }) => paid.payments[0]?.id ?? 'no payment',
  },
  {
    breaks: 'I7',
    what: 'a payment counts that its provider has never heard of',
    table: 'payments',
    where: ({ paid }) => ({ booking_id: paid.id }),
    change: () => ({ provider: 'stripe' }),
    names: () => 'stripe',
  },
  {
    breaks: 'I8',
    what: 'a booking was confirmed before it was made',
    table: 'bookings',
    where: ({ paid }) => ({ id: paid.id }),
    change: (_house, row) => ({ confirmed_at: Number(row['created_at']) - 1 }),
    names: ({ paid }) => paid.id,
  },
  {
    breaks: 'I9',
    what: 'a ticket has another price than its booking was told',
    also: ['I17'],
    table: 'tickets',
    where: ({ paid }) => ({ id: paid.tickets[0]?.id ?? '' }),
    change: (_house, row) => ({ price_amount: Number(row['price_amount']) + 1 }),
    names: ({ paid }) => paid.id,
  },
  {
    breaks: 'I9',
    what: 'a promotion has lost count of its uses',
    table: 'promotions',
    where: () => ({ code: 'SPRING' }),
    change: (_house, row) => ({ uses: Number(row['uses']) + 1 }),
    names: () => 'pro_',
  },
  {
    breaks: 'I9',
    what: 'a cancelled booking still counts as a use of a promotion',
    table: 'promotion_uses',
    where: () => ({ lapsed_at: null }),
    change: ({ cancelled }) => ({ booking_id: cancelled.id }),
    names: ({ cancelled }) => cancelled.id,
  },
  {
    breaks: 'I9',
    what: 'a use of a promotion is about to lapse although its booking is confirmed',
    table: 'promotion_uses',
    where: () => ({ lapsed_at: null }),
    change: ({ paid }) => ({ booking_id: paid.id }),
    names: ({ paid }) => paid.id,
  },
  {
    breaks: 'I10',
    what: 'a ticket of a cancelled booking opens the door again',
    also: ['I17'],
    table: 'tickets',
    where: ({ cancelled }) => ({ id: cancelled.tickets[0]?.id ?? '' }),
    change: () => ({ status: 'valid', voided_at: null }),
    names: ({ cancelled }) => cancelled.tickets[0]?.id ?? '',
  },
  {
    breaks: 'I11',
    what: 'a ticket was used, and nobody was let in with it',
    table: 'tickets',
    where: ({ paid }) => ({ id: paid.tickets[0]?.id ?? '' }),
    change: ({ test: { clock } }) => ({ status: 'used', checked_in_at: clock.now() }),
    names: ({ paid }) => paid.tickets[0]?.id ?? '',
  },
  {
    breaks: 'I12',
    what: 'a booking is counted for another theatre than its showtime’s',
    also: ['I16'],
    table: 'payments',
    where: ({ paid }) => ({ booking_id: paid.id }),
    change: (_house, row) => ({ theatre_id: String(row['other_theatre']) }),
    names: ({ paid }) => paid.id,
  },
  {
    breaks: 'I12',
    what: 'a refund is counted for another theatre than its payment’s',
    also: ['I16'],
    table: 'refunds',
    where: ({ cancelled }) => ({ booking_id: cancelled.id }),
    change: (_house, row) => ({ theatre_id: String(row['other_theatre']) }),
    names: () => 'ref_',
  },
  {
    breaks: 'I12',
    what: 'the layout that a showtime is sold with has lost a seat',
    table: 'layouts',
    where: () => ({ capacity: 40 }),
    change: (_house, row) => ({ layout: String(row['layout']).replace('"number":"2"', '"number":"99"') }),
    names: () => 'A2 of',
  },
  {
    breaks: 'I13',
    what: 'a hold takes more places than there are',
    table: 'seat_claims',
    where: ({ liveCrowdHold }) => ({ ref: liveCrowdHold }),
    change: () => ({ places: 26 }),
    names: ({ general }) => general,
  },
  {
    breaks: 'I14',
    what: 'a showtime runs into the next one in its auditorium',
    table: 'showtimes',
    where: ({ reserved }) => ({ id: reserved }),
    change: (_house, row) => ({ busy_until: Number(row['busy_until']) + 3 * 3_600_000 }),
    names: () => 'sho_next',
  },
  {
    breaks: 'I15',
    what: 'a claim outlives its hold',
    table: 'seat_claims',
    where: ({ reserved }) => ({ showtime_id: reserved, seat_id: 'E7' }),
    change: (_house, row) => ({ expires_at: Number(row['expires_at']) + 1 }),
    names: ({ liveHold }) => liveHold,
  },
]

function equalTo(values: Values) {
  const parts = Object.entries(values).map(([column, value]) =>
    value === null ? sql`${sql.ref(column)} IS NULL` : sql`${sql.ref(column)} = ${value}`,
  )
  return sql.join(parts, sql` AND `)
}

/** Changes one row behind the back of the code. */
export async function edit(
  { test: { database } }: LivedInHouse,
  table: string,
  where: Values,
  change: Values,
): Promise<void> {
  const sets = Object.entries(change).map(([column, value]) => sql`${sql.ref(column)} = ${value}`)
  await database.write(async (tx) => {
    const edited = await sql`UPDATE ${sql.table(table)} SET ${sql.join(sets)} WHERE ${equalTo(where)}`.execute(tx.query)
    expect(edited.numAffectedRows).toBe(1n)
  })
}

/** The row as it stands, by the names of its columns in the database. */
export async function rowOf({ test: { database } }: LivedInHouse, table: string, where: Values): Promise<Values> {
  const found = await sql<Values>`SELECT * FROM ${sql.table(table)} WHERE ${equalTo(where)}`.execute(database.read)
  const [row] = found.rows
  if (!row) throw new Error(`there is no such row in ${table}`)
  const snake = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [snake(name), value]))
}
