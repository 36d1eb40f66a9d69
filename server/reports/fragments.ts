import { sql } from 'kysely'

/** Tenders that bring no money: a voucher was paid for when it was bought (a liability since), the rest is a present. */
export const noMoney = sql`'comp', 'voucher'`

/** Payments (`p`) whose money came: authorised money is that of a booking that was credited with it. */
export const broughtMoney = sql`p.status IN ('authorised', 'succeeded', 'partially_refunded', 'refunded')
  AND (p.tender IS NULL OR p.tender NOT IN (${noMoney}))`

/** Tickets (`t`) that stand. */
export const liveTickets = sql`t.status <> 'void'`

/** Of a ticket (`t`): its type, what it was sold for and the tax on it; complimentary ones were sold for nothing. */
const isComplimentary = sql`EXISTS (SELECT 1 FROM payments AS c WHERE c.booking_id = t.booking_id AND c.tender = 'comp' AND c.status = 'succeeded')`
export const admissionColumns = sql`t.ticket_type,
  CASE WHEN ${isComplimentary} THEN 0 ELSE t.price_amount - t.discount_amount END AS price,
  CASE WHEN ${isComplimentary} THEN 0 ELSE t.tax_amount + t.tax_included_amount END AS tax`
