import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Engine } from '../../database/database.ts'
import { bySql } from '../invariant.ts'
import type { Counts, Invariant, Rule } from '../invariant.ts'
import { rowsOf } from './fragments.ts'

type Fragment = RawBuilder<unknown>

const keyColumns = ['subject_id', 'fact_id', 'fact', 'debit', 'credit'].map((name) => sql.id(name))
const otherColumns = ['amount', 'currency', 'at', 'theatre_id', 'voucher_id', 'shift_id'].map((name) => sql.id(name))
const columns = sql.join([...keyColumns, ...otherColumns])

/** The account of a counter's tender. */
const tenderAccount = sql`CASE p.tender WHEN 'cash' THEN 'drawer' WHEN 'voucher' THEN 'vouchers' ELSE 'terminal' END`

/** Refunds of the counter's money that went back when they were recorded; the others were due there first. */
const atOnce = sql`p.provider = 'counter' AND r.status = 'succeeded' AND r.paid_out_by IS NULL`

/** What payments and refunds say must be in the books. */
function moneyFacts(engine: Engine): Fragment {
  // With the sign SQLite uses no index: read in their own order, payments lie as the postings of their bookings do.
  const authorised = engine === 'sqlite' ? sql`+p.authorised_at IS NOT NULL` : sql`p.authorised_at IS NOT NULL`
  // Payments of a provider whose money was credited to their booking, whatever became of it.
  const credited = sql`p.provider <> 'counter' AND p.amount > 0 AND ${authorised}`
  return sql`
  SELECT p.booking_id AS subject_id, 'authorised' AS fact, p.id AS fact_id, 'promised' AS debit, 'bookings' AS credit, p.amount,
    p.currency, p.authorised_at AS at, p.theatre_id, NULL AS voucher_id, NULL AS shift_id
  FROM payments AS p WHERE ${credited}
  UNION ALL SELECT p.booking_id, 'released', p.id, 'bookings', 'promised', p.amount, p.currency, p.ended_at, p.theatre_id, NULL, NULL
  FROM payments AS p WHERE ${credited} AND p.status IN ('failed', 'expired', 'voided')
  UNION ALL SELECT p.booking_id, 'captured', p.id, 'provider', 'promised', p.captured, p.currency, p.captured_at, p.theatre_id, NULL, NULL
  FROM payments AS p WHERE ${credited} AND p.captured > 0
  UNION ALL SELECT p.booking_id, 'taken', p.id, ${tenderAccount}, 'bookings', p.amount, p.currency, p.authorised_at, p.theatre_id,
    spent.voucher_id, p.shift_id
  FROM payments AS p LEFT JOIN voucher_entries AS spent ON spent.payment_id = p.id AND spent.kind = 'spend'
  WHERE p.provider = 'counter' AND p.amount > 0 AND COALESCE(p.tender, 'card') <> 'comp' AND ${authorised}
  UNION ALL SELECT r.booking_id, 'refunded', r.id, 'bookings',
    CASE WHEN ${atOnce} THEN ${tenderAccount} ELSE 'refunds_owed' END, r.amount, r.currency, r.created_at, r.theatre_id,
    back.voucher_id, CASE WHEN r.paid_out_by IS NULL THEN r.shift_id END
  FROM refunds AS r JOIN payments AS p ON p.id = r.payment_id LEFT JOIN voucher_entries AS back ON back.refund_id = r.id
  UNION ALL SELECT r.booking_id, 'refund_handed_over', r.id, 'refunds_owed', ${tenderAccount}, r.amount, r.currency, r.settled_at,
    r.theatre_id, NULL, r.shift_id
  FROM refunds AS r JOIN payments AS p ON p.id = r.payment_id WHERE r.paid_out_by IS NOT NULL
  UNION ALL SELECT r.booking_id, 'refund_failed', r.id, CASE WHEN EXISTS (SELECT 1 FROM money_postings AS m
      WHERE m.subject_id = r.booking_id AND m.fact_id = r.id AND m.fact = 'refund_paid') THEN 'provider' ELSE 'refunds_owed' END,
    'bookings', r.amount, r.currency, r.settled_at, r.theatre_id, NULL, NULL
  FROM refunds AS r JOIN payments AS p ON p.id = r.payment_id WHERE p.provider <> 'counter' AND r.status = 'failed'`
}

/** What an account got, less what went from it. */
function got(account: string, where: Fragment = sql`1 = 1`): Fragment {
  const name = sql.lit(account)
  return sql`CAST(SUM(CASE WHEN NOT (${where}) THEN 0 WHEN credit = ${name} THEN amount WHEN debit = ${name} THEN -amount ELSE 0 END) AS BIGINT)`
}

/** As many postings were found in their place as there are. */
const asMany = ({ found }: Counts, postings: number) => found === postings

/** Refunds that a provider paid: each in all, and of each payment first what was never captured. */
const refundsPaid: readonly Rule[] = [
  {
    rows: rowsOf('money_postings', sql`fact = 'refund_paid'`),
    broken: sql<{ what: string }>`
      SELECT COALESCE(paid.id, m.fact_id) || ' was given back with ' || COALESCE(paid.amount, 0) || ', the books say '
        || COALESCE(m.amount, 0) AS what
      FROM (SELECT r.id, r.booking_id, r.amount, r.settled_at, r.status FROM refunds AS r JOIN payments AS p ON p.id = r.payment_id
        WHERE p.provider <> 'counter' AND r.status <> 'pending') AS paid
      FULL JOIN (SELECT subject_id, fact_id, MAX(at) AS at, SUM(amount) AS amount FROM money_postings
        WHERE fact = 'refund_paid' AND debit = 'refunds_owed' GROUP BY subject_id, fact_id) AS m
        ON m.fact_id = paid.id AND m.subject_id = paid.booking_id
      WHERE paid.id IS NULL OR paid.amount <> m.amount
        OR (paid.status = 'succeeded' AND (m.amount IS NULL OR m.at <> paid.settled_at))`,
    inOrder: {
      proves: asMany,
      counts: sql<Counts>`
      SELECT CAST(COALESCE(CASE WHEN SUM(sound) < COUNT(*) THEN -1 ELSE SUM(postings) END, 0) AS BIGINT) AS "found" FROM (
        SELECT COUNT(m.amount) AS postings, CASE WHEN r.status = 'failed' AND COUNT(m.amount) = 0 THEN 1
          WHEN SUM(m.amount) = r.amount AND MIN(m.debit) = 'refunds_owed' AND MAX(m.debit) = 'refunds_owed'
            AND (r.status = 'failed' OR MAX(m.at) = r.settled_at) THEN 1 ELSE 0 END AS sound
        FROM refunds AS r JOIN payments AS p ON p.id = r.payment_id AND p.provider <> 'counter'
        LEFT JOIN money_postings AS m ON m.subject_id = r.booking_id AND m.fact_id = r.id AND m.fact = 'refund_paid'
        WHERE r.status <> 'pending' GROUP BY r.id) AS paid`,
    },
  },
  {
    rows: rowsOf('refunds', sql`status = 'succeeded'`),
    broken: sql<{ what: string }>`
      SELECT p.id || ' has ' || (p.amount - COALESCE(p.captured, 0)) || ' that was never captured, of which the books released '
        || paid.released || ' with ' || paid.amount || ' given back' AS what
      FROM (SELECT r.payment_id, SUM(m.amount) AS amount, SUM(CASE WHEN m.credit = 'promised' THEN m.amount ELSE 0 END) AS released
        FROM refunds AS r CROSS JOIN money_postings AS m
        WHERE m.subject_id = r.booking_id AND m.fact_id = r.id AND m.fact = 'refund_paid' GROUP BY r.payment_id) AS paid JOIN payments AS p ON p.id = paid.payment_id
      WHERE paid.released <> CASE WHEN paid.amount < p.amount - COALESCE(p.captured, 0) THEN paid.amount
        ELSE p.amount - COALESCE(p.captured, 0) END`,
  },
  {
    rows: rowsOf('payment_disputes'),
    broken: sql<{ what: string }>`
      SELECT 'dispute ' || d.provider_reference || ' of ' || d.payment_id || ' is ' || d.status || ', the books withhold '
        || COALESCE(m.withheld, 0) || ' and have lost ' || COALESCE(m.lost, 0) AS what
      FROM payment_disputes AS d JOIN payments AS p ON p.id = d.payment_id
      LEFT JOIN (SELECT subject_id, fact_id, -${got('disputed')} AS withheld, -${got('disputes_lost')} AS lost FROM money_postings
        WHERE fact IN ('dispute_opened', 'dispute_won', 'dispute_lost') GROUP BY subject_id, fact_id) AS m
        ON m.subject_id = p.booking_id AND m.fact_id = d.provider_reference
      WHERE COALESCE(m.withheld, 0) <> CASE WHEN d.status = 'open' THEN d.amount ELSE 0 END
        OR COALESCE(m.lost, 0) <> CASE WHEN d.status = 'lost' THEN d.amount ELSE 0 END`,
  },
]

/** What providers kept and paid out: of a payment's theatre, or of none. */
const statementFacts = sql`
  SELECT COALESCE(p.booking_id, l.provider) AS subject_id, 'provider_' || l.kind AS fact, l.line_id AS fact_id,
    CASE WHEN l.amount < 0 THEN 'provider' WHEN l.kind = 'fee' THEN 'provider_fees' ELSE 'bank' END AS debit,
    CASE WHEN l.amount > 0 THEN 'provider' WHEN l.kind = 'fee' THEN 'provider_fees' ELSE 'bank' END AS credit,
    ABS(l.amount) AS amount, l.currency, l.at, p.theatre_id, NULL AS voucher_id, NULL AS shift_id
  FROM provider_statement_lines AS l LEFT JOIN payments AS p ON p.id = l.payment_id`

const voucherFacts = sql`
  SELECT e.voucher_id AS subject_id, 'voucher_' || e.kind AS fact, e.id AS fact_id,
    CASE WHEN e.amount < 0 THEN 'vouchers' WHEN e.kind = 'withdraw' THEN 'vouchers_lapsed' ELSE 'voucher_sales' END AS debit,
    CASE WHEN e.amount > 0 THEN 'vouchers' WHEN e.kind = 'withdraw' THEN 'vouchers_lapsed' ELSE 'voucher_sales' END AS credit,
    ABS(e.amount) AS amount, v.currency, e.created_at AS at, NULL AS theatre_id, e.voucher_id, NULL AS shift_id
  FROM voucher_entries AS e JOIN vouchers AS v ON v.id = e.voucher_id WHERE e.kind NOT IN ('spend', 'refund')`

const drawerFacts = sql`
  SELECT s.id AS subject_id, 'shift_opened' AS fact, s.id AS fact_id, 'drawer' AS debit, 'safe' AS credit, s.float_amount AS amount,
    s.currency, s.opened_at AS at, s.theatre_id, NULL AS voucher_id, s.id AS shift_id
  FROM shifts AS s WHERE s.float_amount > 0
  UNION ALL SELECT s.id, 'cash_moved', m.id, CASE WHEN m.amount > 0 THEN 'drawer' ELSE 'safe' END,
    CASE WHEN m.amount > 0 THEN 'safe' ELSE 'drawer' END, ABS(m.amount), s.currency, m.created_at, s.theatre_id, NULL, s.id
  FROM shift_movements AS m JOIN shifts AS s ON s.id = m.shift_id`

/** What facts say and the books do not, and the other way round. */
function sameAs(expected: Fragment, facts: Fragment): Rule {
  const posted = sql`SELECT ${columns} FROM money_postings WHERE fact IN (${facts})`
  const known = sql.join(
    keyColumns.map((name) => sql`m.${name} = f.${name}`),
    sql` AND `,
  )
  const same = sql.join(
    otherColumns.map((name) => sql`m.${name} IS NOT DISTINCT FROM f.${name}`),
    sql` AND `,
  )
  const told = sql`fact_id || ' (' || fact || '): ' || amount || ' ' || currency || ' from ' || credit || ' to ' || debit`
  return {
    rows: rowsOf('money_postings', sql`fact IN (${facts})`),
    broken: sql<{ what: string }>`
      SELECT 'the books lack ' || ${told} AS what FROM (SELECT ${columns} FROM (${expected}) AS facts EXCEPT ${posted}) AS lacking
      UNION ALL
      SELECT 'nothing tells of ' || ${told} FROM (${posted} EXCEPT SELECT ${columns} FROM (${expected}) AS facts) AS surplus`,
    // No fact is told twice (its row has one key), so as many postings as facts are none too many.
    inOrder: {
      proves: asMany,
      counts: sql<Counts>`
      SELECT CASE WHEN COUNT(*) = COUNT(m.fact_id) THEN COUNT(*) ELSE -1 END AS "found"
      FROM (${expected}) AS f LEFT JOIN money_postings AS m ON ${known} AND ${same}`,
    },
  }
}

const factsArePosted = bySql('I16', 'The books have every act of money once, and nothing else', ({ engine }) => [
  sameAs(
    moneyFacts(engine),
    sql`'authorised', 'captured', 'released', 'taken', 'refunded', 'refund_handed_over', 'refund_failed'`,
  ),
  ...refundsPaid,
  sameAs(voucherFacts, sql`'voucher_issue', 'voucher_adjust', 'voucher_withdraw'`),
  sameAs(drawerFacts, sql`'shift_opened', 'cash_moved'`),
  sameAs(statementFacts, sql`'provider_fee', 'provider_payout'`),
  {
    rows: rowsOf('money_postings', sql`fact IN ('sold', 'sale_changed', 'shift_closed')`),
    broken: sql<{ what: string }>`
      SELECT m.subject_id || ' has ' || m.fact || ' in the books, and nothing of that kind has happened' AS what
      FROM (SELECT subject_id, MIN(fact) AS fact FROM money_postings WHERE fact IN ('sold', 'sale_changed') GROUP BY subject_id) AS m
      WHERE NOT EXISTS (SELECT 1 FROM bookings AS b WHERE b.id = m.subject_id AND b.confirmed_at IS NOT NULL)
      UNION ALL
      SELECT m.subject_id || ' has ' || m.fact || ' in the books, and nothing of that kind has happened' FROM money_postings AS m
      WHERE m.fact NOT IN ('sold', 'sale_changed', 'authorised', 'captured', 'released', 'taken', 'refunded', 'refund_paid',
          'refund_handed_over', 'refund_failed', 'dispute_opened', 'dispute_won', 'dispute_lost', 'voucher_issue', 'voucher_adjust',
          'voucher_withdraw', 'shift_opened', 'cash_moved', 'provider_fee', 'provider_payout')
        AND (m.fact <> 'shift_closed'
          OR NOT EXISTS (SELECT 1 FROM shifts AS s WHERE s.id = m.subject_id AND s.closed_at IS NOT NULL))`,
  },
])

/** What every booking must have on each account, by its tickets that stand and its money. */
const bookingTargets = sql`
  SELECT id, currency, CASE WHEN sold = 1 THEN 0 ELSE money END AS bookings, prices - included + of_fees AS tickets, fees - of_fees AS fees,
    tax + included AS tax, CASE WHEN sold = 1 THEN money - prices - fees - tax + given ELSE 0 END AS kept, -given AS complimentary
  FROM (
    SELECT id, currency, sold, money, prices, fees, tax, included,
      CASE WHEN prices + fees = 0 THEN 0 ELSE (2 * fees * included + prices + fees) / (2 * (prices + fees)) END AS of_fees,
      CASE WHEN given < prices + fees + tax THEN given ELSE prices + fees + tax END AS given
    FROM (
      SELECT b.id, b.currency, CASE WHEN b.confirmed_at IS NULL THEN 0 ELSE 1 END AS sold,
        CAST(b.paid - b.refunded - COALESCE(given.amount, 0) AS BIGINT) AS money, b.prices, b.fees, b.tax, b.included,
        CAST(COALESCE(given.amount, 0) AS BIGINT) AS given
      FROM (SELECT b.id, b.currency, b.confirmed_at, b.paid, b.refunded,
          CAST(COALESCE(SUM(t.price_amount - t.discount_amount), 0) AS BIGINT) AS prices,
          CAST(COALESCE(SUM(t.fee_amount), 0) AS BIGINT) AS fees, CAST(COALESCE(SUM(t.tax_amount), 0) AS BIGINT) AS tax,
          CAST(COALESCE(SUM(t.tax_included_amount), 0) AS BIGINT) AS included
        FROM bookings AS b LEFT JOIN tickets AS t ON t.booking_id = b.id AND t.status <> 'void' AND b.confirmed_at IS NOT NULL
        GROUP BY b.id) AS b
      LEFT JOIN (SELECT booking_id, SUM(amount) AS amount FROM payments WHERE tender = 'comp' GROUP BY booking_id) AS given
        ON given.booking_id = b.id) AS sums) AS shared`

const bookingsBalance = (engine: Engine): Rule => ({
  rows: rowsOf('bookings'),
  broken: sql<{ what: string }>`
    SELECT t.id || ' should have ' || t.bookings || ' waiting, ' || t.tickets || ' of tickets, ' || t.fees || ' of fees, ' || t.tax
      || ' of tax, ' || t.kept || ' kept and ' || t.complimentary || ' given away; the books say ' || COALESCE(m.bookings, 0) || ', '
      || COALESCE(m.tickets, 0) || ', ' || COALESCE(m.fees, 0) || ', ' || COALESCE(m.tax, 0) || ', ' || COALESCE(m.kept, 0) || ' and '
      || COALESCE(m.complimentary, 0) AS what
    FROM (${bookingTargets}) AS t
    LEFT JOIN (SELECT subject_id, currency, ${got('bookings')} AS bookings, ${got('tickets')} AS tickets, ${got('fees')} AS fees,
        ${got('tax')} AS tax, ${got('kept')} AS kept, ${got('complimentary')} AS complimentary
      FROM money_postings GROUP BY subject_id, currency) AS m ON m.subject_id = t.id AND m.currency = t.currency
    WHERE t.bookings <> COALESCE(m.bookings, 0) OR t.tickets <> COALESCE(m.tickets, 0) OR t.fees <> COALESCE(m.fees, 0)
      OR t.tax <> COALESCE(m.tax, 0) OR t.kept <> COALESCE(m.kept, 0) OR t.complimentary <> COALESCE(m.complimentary, 0)`,
  // The postings of one booking after the other, as they lie in SQLite, and not all of them sorted.
  ...(engine === 'sqlite' && {
    inOrder: {
      proves: ({ balanced }, bookings) => balanced === bookings,
      counts: sql<Counts>`
      SELECT COUNT(*) AS balanced FROM (${bookingTargets}) AS t WHERE (SELECT CASE WHEN ${sql.join(
        ['bookings', 'tickets', 'fees', 'tax', 'kept', 'complimentary'].map(
          (account) => sql`COALESCE(${got(account)}, 0) = ${sql.ref(`t.${account}`)}`,
        ),
        sql` AND `,
      )} THEN 1 ELSE 0 END FROM money_postings AS m WHERE m.subject_id = t.id AND m.currency = t.currency) = 1`,
    },
  }),
})

const vouchersBalance: Rule = {
  rows: rowsOf('vouchers'),
  broken: sql<{ what: string }>`
    SELECT v.id || ' has ' || v.balance || ' left, the books say ' || COALESCE(m.balance, 0) AS what
    FROM vouchers AS v LEFT JOIN (SELECT voucher_id, ${got('vouchers')} AS balance FROM money_postings
      WHERE voucher_id IS NOT NULL GROUP BY voucher_id) AS m ON m.voucher_id = v.id
    WHERE v.balance <> COALESCE(m.balance, 0)`,
}

/** A sum of a closed shift, by tender. */
function inShift(engine: Engine, column: string, tender: string): Fragment {
  if (engine === 'sqlite') return sql`json_extract(${sql.ref(column)}, ${sql.lit(`$.${tender}`)})`
  return sql`CAST(CAST(${sql.ref(column)} AS jsonb) ->> ${sql.lit(tender)} AS BIGINT)`
}

function shiftsBalance(engine: Engine): Rule {
  const before = sql`fact <> 'shift_closed'`
  const expected = (tender: string) => sql`COALESCE(${inShift(engine, 's.expected', tender)}, 0)`
  const found = (tender: string) => sql`COALESCE(${inShift(engine, 's.counted', tender)}, ${expected(tender)})`
  return {
    rows: rowsOf('shifts'),
    broken: sql<{ what: string }>`
      SELECT s.id || ' was to have ' || ${expected('cash')} || ' in cash and ' || ${expected('card')} || ' by card, ' || ${found('cash')}
        || ' and ' || ${found('card')} || ' were there; the books say ' || -COALESCE(m.cash, 0) || ' and ' || -COALESCE(m.card, 0)
        || ', with ' || -COALESCE(m.cash_left, 0) || ' in the drawer now' AS what
      FROM shifts AS s LEFT JOIN (SELECT shift_id, ${got('drawer', before)} AS cash, ${got('terminal', before)} AS card,
          ${got('drawer')} AS cash_left, ${got('terminal')} AS card_left, ${got('differences')} AS differences
        FROM money_postings WHERE shift_id IS NOT NULL GROUP BY shift_id) AS m ON m.shift_id = s.id
      WHERE s.closed_at IS NOT NULL AND (${expected('cash')} <> -COALESCE(m.cash, 0) OR ${expected('card')} <> -COALESCE(m.card, 0)
        OR COALESCE(m.cash_left, 0) <> 0 OR -COALESCE(m.card_left, 0) <> ${found('card')}
        OR COALESCE(m.differences, 0) <> ${found('cash')} - ${expected('cash')} + ${found('card')} - ${expected('card')})`,
  }
}

const balancesDerive = bySql('I17', 'Balances of bookings, vouchers and tills are those of the books', ({ engine }) => [
  bookingsBalance(engine),
  vouchersBalance,
  shiftsBalance(engine),
])

export const bookInvariants: readonly Invariant[] = [factsArePosted, balancesDerive]
