import { sql } from 'kysely'
import type { Transaction } from '../database/database.ts'
import type { BookingRow } from '../database/tables/money.ts'
import { must } from '../platform/assert.ts'
import { newId } from '../platform/ids.ts'
import { noSale, saleChanged, saleOf } from './model.ts'
import type { Posting, Sale, SoldSums } from './model.ts'
import { post } from './post.ts'

/**
 * What a booking is when it is confirmed; its payments were posted before, or are with this. `complimentary`: what of its
 * total was given away, minor units.
 */
export function saleMade(booking: BookingRow, complimentary: number): Posting[] {
  const { id, currency, theatreId, subtotal, discount, fees, tax, taxIncluded, paid, refunded } = booking
  const at = must(booking.confirmedAt, 'It is confirmed')
  const about = { subjectId: id, fact: 'sold', factId: id, currency, theatreId, at }
  const sums = { prices: subtotal - discount, fees, tax, taxIncluded }
  return saleChanged(about, noSale, saleOf(sums, paid - refunded - complimentary, complimentary))
}

/**
 * Brings what was sold up to date with a booking whose tickets or money have changed after it was confirmed: the last thing
 * of every transaction that cancels, refunds or exchanges. Does nothing where nothing has changed.
 */
export async function postSaleChange(tx: Transaction, bookingId: string): Promise<void> {
  const booking = await tx.query
    .selectFrom('bookings')
    .select(['currency', 'theatreId', 'confirmedAt', 'paid', 'refunded'])
    .where('id', '=', bookingId)
    .executeTakeFirstOrThrow()
  if (booking.confirmedAt === null) return
  const complimentary = await complimentaryOf(tx, bookingId)
  const is = saleOf(await soldSums(tx, bookingId), booking.paid - booking.refunded - complimentary, complimentary)
  const about = { subjectId: bookingId, fact: 'sale_changed', factId: newId('event', tx.nowMs), at: tx.nowMs }
  const { currency, theatreId } = booking
  post(tx, saleChanged({ ...about, currency, theatreId }, await postedSale(tx, bookingId), is))
}

async function complimentaryOf(tx: Transaction, bookingId: string): Promise<number> {
  const { amount } = await tx.query
    .selectFrom('payments')
    .select((select) => select.fn.coalesce(select.fn.sum<number>('amount'), sql.lit(0)).as('amount'))
    .where('bookingId', '=', bookingId)
    .where('tender', '=', 'comp')
    .executeTakeFirstOrThrow()
  return amount
}

/** The sums of a booking's tickets that stand. */
async function soldSums(tx: Transaction, bookingId: string): Promise<SoldSums> {
  const { rows } = await sql<SoldSums>`
    SELECT CAST(COALESCE(SUM(price_amount - discount_amount), 0) AS BIGINT) AS prices,
      CAST(COALESCE(SUM(fee_amount), 0) AS BIGINT) AS fees, CAST(COALESCE(SUM(tax_amount), 0) AS BIGINT) AS tax,
      CAST(COALESCE(SUM(tax_included_amount), 0) AS BIGINT) AS tax_included
    FROM tickets WHERE booking_id = ${bookingId} AND status <> 'void'`.execute(tx.query)
  return rows[0] ?? { prices: 0, fees: 0, tax: 0, taxIncluded: 0 }
}

async function postedSale(tx: Transaction, bookingId: string): Promise<Sale> {
  const posted = await tx.query
    .selectFrom('moneyPostings')
    .select(['debit', 'credit', 'amount'])
    .where('subjectId', '=', bookingId)
    .where('fact', 'in', ['sold', 'sale_changed'])
    .execute()
  const on = (account: keyof Sale) =>
    posted.reduce((sum, { debit, credit, amount }) => {
      if (credit === account) return sum + amount
      return debit === account ? sum - amount : sum
    }, 0)
  return {
    tickets: on('tickets'),
    fees: on('fees'),
    tax: on('tax'),
    kept: on('kept'),
    complimentary: on('complimentary'),
  }
}
