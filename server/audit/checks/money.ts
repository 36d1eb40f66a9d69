import { sql } from 'kysely'
import { bySql } from '../invariant.ts'
import type { Invariant, Rule } from '../invariant.ts'
import { rowsOf, secured } from './fragments.ts'
import { moneyPass, paymentsPass } from './passes.ts'

/** An authorisation that lapsed before its capture was there when the booking was confirmed, which is cancelled since. */
const paidBeforeConfirmed = bySql('I5', 'Paid before confirmed', () => [
  {
    rows: rowsOf('bookings', sql`confirmed_at IS NOT NULL`),
    broken: sql<{ what: string }>`
      SELECT b.id || ' costs ' || b.total || ' and was confirmed with ' || (COALESCE(b.came, 0) - COALESCE(gone.went, 0)) AS what
      FROM (SELECT b.id, b.total, SUM(p.amount) AS came FROM bookings AS b LEFT JOIN payments AS p ON p.booking_id = b.id
          AND (p.status IN ${secured} OR (b.status = 'cancelled' AND p.authorised_at IS NOT NULL))
        WHERE b.confirmed_at IS NOT NULL GROUP BY b.id) AS b
      LEFT JOIN (SELECT r.booking_id, SUM(r.amount) AS went FROM refunds AS r JOIN bookings AS of ON of.id = r.booking_id
        WHERE r.status <> 'failed' AND r.created_at < of.confirmed_at GROUP BY r.booking_id) AS gone
        ON gone.booking_id = b.id
      WHERE COALESCE(b.came, 0) - COALESCE(gone.went, 0) < b.total`,
    inOrder: { counts: moneyPass, proves: ({ covered }, confirmed) => covered === confirmed },
  },
  {
    rows: rowsOf('payments'),
    broken: sql<{ what: string }>`
      SELECT p.id || ' is in ' || p.currency || ', its booking ' || b.id || ' in ' || b.currency AS what
      FROM payments AS p JOIN bookings AS b ON b.id = p.booking_id WHERE p.currency <> b.currency`,
    inOrder: { counts: paymentsPass, proves: ({ agreed }, payments) => agreed === payments },
  },
])

const moneyBalances = bySql('I6', 'What came in is kept or given back, to the minor unit', () => [
  {
    rows: rowsOf('bookings'),
    broken: sql<{ what: string }>`
      SELECT b.id || ' says that ' || b.paid || ' was paid and ' || b.refunded || ' given back, its payments say '
        || COALESCE(b.came, 0) || ', its refunds ' || COALESCE(gone.went, 0) AS what
      FROM (SELECT b.id, b.paid, b.refunded, SUM(p.amount) AS came
        FROM bookings AS b LEFT JOIN payments AS p ON p.booking_id = b.id AND p.status IN ${secured} GROUP BY b.id) AS b
      LEFT JOIN (SELECT booking_id, SUM(amount) AS went FROM refunds WHERE status <> 'failed' GROUP BY booking_id) AS gone
        ON gone.booking_id = b.id
      WHERE b.paid <> COALESCE(b.came, 0) OR b.refunded <> COALESCE(gone.went, 0)`,
    inOrder: { counts: moneyPass, proves: ({ balanced }, bookings) => balanced === bookings },
  },
  {
    rows: rowsOf('payments'),
    broken: sql<{ what: string }>`
      SELECT p.id || ' says that ' || p.refunded || ' was given back, its refunds say ' || COALESCE(gone.went, 0) AS what
      FROM payments AS p
      LEFT JOIN (SELECT payment_id, SUM(amount) AS went FROM refunds WHERE status <> 'failed' GROUP BY payment_id) AS gone
        ON gone.payment_id = p.id
      WHERE p.refunded <> COALESCE(gone.went, 0)`,
  },
  {
    rows: rowsOf('payments', sql`refunded > 0`),
    broken: sql<{ what: string }>`
      SELECT id || ' is ' || status || ', and ' || refunded || ' of ' || amount || ' were given back' AS what
      FROM payments
      WHERE refunded > 0 AND status <> CASE WHEN refunded = amount THEN 'refunded' ELSE 'partially_refunded' END`,
  },
  {
    rows: rowsOf('refunds'),
    broken: sql<{ what: string }>`
      SELECT r.id || ' gives back ' || r.currency || ' for ' || b.id || ' out of ' || p.id || ', which is not its payment in '
        || p.currency AS what
      FROM refunds AS r JOIN payments AS p ON p.id = r.payment_id JOIN bookings AS b ON b.id = r.booking_id
      WHERE r.booking_id <> p.booking_id OR r.currency <> p.currency`,
  },
  {
    rows: rowsOf('bookings', sql`status = 'expired'`),
    broken: sql<{ what: string }>`
      SELECT p.id || ' keeps ' || (p.amount - p.refunded) || ' for ' || b.id || ', which has expired' AS what
      FROM bookings AS b CROSS JOIN payments AS p
      WHERE p.booking_id = b.id AND b.status = 'expired' AND p.status IN ('succeeded', 'partially_refunded') AND p.refunded < p.amount`,
  },
  ...vouchersBalance,
])

const vouchersBalance: readonly Rule[] = [
  {
    rows: rowsOf('vouchers'),
    broken: sql<{ what: string }>`
      SELECT v.id || ' has ' || v.balance || ' left, its entries make ' || COALESCE(made.balance, 0) AS what
      FROM vouchers AS v
      LEFT JOIN (SELECT voucher_id, SUM(amount) AS balance FROM voucher_entries GROUP BY voucher_id) AS made
        ON made.voucher_id = v.id
      WHERE v.balance <> COALESCE(made.balance, 0)`,
  },
  {
    rows: rowsOf('payments', sql`tender = 'voucher'`),
    broken: sql<{ what: string }>`
      SELECT p.id || ' took ' || (p.amount - p.refunded) || ' from a voucher, which knows of ' || -COALESCE(made.amount, 0) AS what
      FROM payments AS p
      LEFT JOIN (SELECT payment_id, SUM(amount) AS amount FROM voucher_entries GROUP BY payment_id) AS made
        ON made.payment_id = p.id
      WHERE p.tender = 'voucher' AND p.refunded - p.amount <> COALESCE(made.amount, 0)`,
  },
]

const providerTruth = bySql('I7', 'The provider knows every payment that we count', () => [
  {
    rows: rowsOf('payments', sql`provider NOT IN ('counter', 'test')`),
    broken: sql<{ what: string }>`
      SELECT id || ' counts as ' || status || ' and has no reference of ' || provider AS what
      FROM payments WHERE provider NOT IN ('counter', 'test') AND provider_reference IS NULL AND status IN ${secured}`,
  },
  {
    rows: rowsOf('provider_events'),
    broken: sql<{ what: string }>`
      SELECT 'event ' || event_id || ' of ' || provider || ' was applied before it came' AS what
      FROM provider_events WHERE applied_at < received_at`,
  },
])

const promotionsCount: readonly Rule[] = [
  {
    rows: rowsOf('promotions'),
    broken: sql<{ what: string }>`
      SELECT p.id || ' counts ' || p.uses || ' uses, there are ' || COALESCE(used.uses, 0) AS what
      FROM promotions AS p
      LEFT JOIN (SELECT promotion_id, COUNT(*) AS uses FROM promotion_uses WHERE lapsed_at IS NULL GROUP BY promotion_id) AS used
        ON used.promotion_id = p.id
      WHERE p.uses <> COALESCE(used.uses, 0)`,
  },
  {
    rows: rowsOf('promotion_uses'),
    broken: sql<{ what: string }>`
      SELECT b.id || ' is ' || b.status || ', and its use of ' || u.promotion_id || ' is ' || CASE WHEN u.lapsed_at IS NULL
        THEN 'still counted' ELSE 'given back' END AS what
      FROM promotion_uses AS u JOIN bookings AS b ON b.id = u.booking_id
      WHERE (b.status IN ('expired', 'cancelled') AND u.lapsed_at IS NULL)
        OR (b.status = 'confirmed' AND (u.lapsed_at IS NOT NULL OR u.expires_at IS NOT NULL))`,
  },
]

const totalsAreDerived = bySql('I9', 'Every total is the sum of its tickets', () => {
  const sums = sql`SELECT b.*, SUM(t.price_amount) AS prices, SUM(t.discount_amount) AS discounts, SUM(t.fee_amount) AS fee_sum,
    SUM(t.tax_amount) AS taxes, SUM(t.tax_included_amount) AS taxes_included
    FROM bookings AS b LEFT JOIN tickets AS t ON t.booking_id = b.id GROUP BY b.id`
  return [
    {
      rows: rowsOf('bookings'),
      broken: sql<{ what: string }>`
        SELECT id || ' has subtotal, discount, fees, tax and tax included of ' || subtotal || ', ' || discount || ', '
          || fees || ', ' || tax || ' and ' || tax_included || ', its tickets make ' || COALESCE(prices, 0) || ', '
          || COALESCE(discounts, 0) || ', ' || COALESCE(fee_sum, 0) || ', ' || COALESCE(taxes, 0) || ' and '
          || COALESCE(taxes_included, 0) AS what
        FROM (${sums}) AS booked
        WHERE subtotal <> COALESCE(prices, 0) OR discount <> COALESCE(discounts, 0) OR fees <> COALESCE(fee_sum, 0)
          OR tax <> COALESCE(taxes, 0) OR tax_included <> COALESCE(taxes_included, 0)`,
    },
    ...promotionsCount,
  ]
})

export const moneyInvariants: readonly Invariant[] = [
  paidBeforeConfirmed,
  moneyBalances,
  providerTruth,
  totalsAreDerived,
]
