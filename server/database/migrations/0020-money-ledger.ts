import type { Migration, Statement } from '../schema.ts'

const into = `INSERT INTO money_postings
  (subject_id, fact, fact_id, debit, credit, amount, currency, at, theatre_id, voucher_id, shift_id)`

/** What happened before there were postings: payments and refunds at their own times. */
const moneyBefore: readonly Statement[] = [
  `${into} SELECT booking_id, 'authorised', id, 'promised', 'bookings', amount, currency, COALESCE(authorised_at, created_at),
      theatre_id, NULL, NULL
    FROM payments WHERE provider <> 'counter' AND amount > 0
      AND (authorised_at IS NOT NULL OR status IN ('authorised', 'succeeded', 'partially_refunded', 'refunded'))`,
  `${into} SELECT booking_id, 'captured', id, 'provider', 'promised', captured, currency, captured_at, theatre_id, NULL, NULL
    FROM payments WHERE provider <> 'counter' AND captured > 0`,
  `${into} SELECT booking_id, 'released', id, 'bookings', 'promised', amount, currency, COALESCE(ended_at, authorised_at),
      theatre_id, NULL, NULL
    FROM payments WHERE provider <> 'counter' AND amount > 0 AND authorised_at IS NOT NULL
      AND status IN ('failed', 'expired', 'voided')`,
  `${into} SELECT p.booking_id, 'taken', p.id, CASE p.tender WHEN 'cash' THEN 'drawer' WHEN 'voucher' THEN 'vouchers' ELSE 'terminal' END,
      'bookings', p.amount, p.currency, COALESCE(p.authorised_at, p.created_at), p.theatre_id, spent.voucher_id, p.shift_id
    FROM payments AS p LEFT JOIN voucher_entries AS spent ON spent.payment_id = p.id AND spent.kind = 'spend'
    WHERE p.provider = 'counter' AND p.amount > 0 AND COALESCE(p.tender, 'card') <> 'comp'
      AND p.status IN ('succeeded', 'partially_refunded', 'refunded')`,
  `${into} SELECT r.booking_id, 'refunded', r.id, 'bookings', CASE
      WHEN p.provider <> 'counter' OR r.status = 'pending' OR r.paid_out_by IS NOT NULL THEN 'refunds_owed'
      WHEN p.tender = 'cash' THEN 'drawer' WHEN p.tender = 'voucher' THEN 'vouchers' ELSE 'terminal' END,
      r.amount, r.currency, r.created_at, p.theatre_id, back.voucher_id, CASE WHEN r.paid_out_by IS NULL THEN r.shift_id END
    FROM refunds AS r JOIN payments AS p ON p.id = r.payment_id LEFT JOIN voucher_entries AS back ON back.refund_id = r.id`,
  `${into} SELECT r.booking_id, 'refund_handed_over', r.id, 'refunds_owed', CASE p.tender WHEN 'cash' THEN 'drawer' ELSE 'terminal' END,
      r.amount, r.currency, r.settled_at, p.theatre_id, NULL, r.shift_id
    FROM refunds AS r JOIN payments AS p ON p.id = r.payment_id WHERE r.paid_out_by IS NOT NULL`,
  ...['promised', 'provider'].map(
    (account) => `${into} WITH paid AS (
      SELECT r.booking_id, r.id, r.amount, r.currency, COALESCE(r.settled_at, r.created_at) AS at, p.theatre_id,
        p.amount - COALESCE(p.captured, 0) AS room,
        CAST(SUM(r.amount) OVER (PARTITION BY r.payment_id ORDER BY r.settled_at, r.id) AS INTEGER) AS so_far
      FROM refunds AS r JOIN payments AS p ON p.id = r.payment_id WHERE p.provider <> 'counter' AND r.status = 'succeeded'
    ), shared AS (
      SELECT booking_id, id, amount, currency, at, theatre_id, CASE WHEN so_far <= room THEN amount
        WHEN so_far - amount < room THEN room - so_far + amount ELSE 0 END AS released FROM paid
    ) SELECT booking_id, 'refund_paid', id, 'refunds_owed', '${account}',
      ${account === 'promised' ? 'released' : 'amount - released'}, currency, at, theatre_id, NULL, NULL
    FROM shared WHERE ${account === 'promised' ? 'released' : 'amount - released'} > 0`,
  ),
  `${into} SELECT r.booking_id, 'refund_failed', r.id, 'refunds_owed', 'bookings', r.amount, r.currency,
      COALESCE(r.settled_at, r.created_at), p.theatre_id, NULL, NULL
    FROM refunds AS r JOIN payments AS p ON p.id = r.payment_id
    WHERE p.provider <> 'counter' AND r.status = 'failed'`,
  ...['open', 'won', 'lost'].map(
    (
      status,
    ) => `${into} SELECT p.booking_id, ${status === 'open' ? "'dispute_opened'" : `'dispute_${status}'`}, d.provider_reference,
      ${status === 'open' ? "'disputed', 'provider'" : status === 'won' ? "'provider', 'disputed'" : "'disputes_lost', 'disputed'"},
      d.amount, p.currency, ${status === 'open' ? 'd.opened_at' : 'd.closed_at'}, p.theatre_id, NULL, NULL
    FROM payment_disputes AS d JOIN payments AS p ON p.id = d.payment_id
    WHERE d.amount > 0 AND ${status === 'open' ? '1 = 1' : `d.status = '${status}'`}`,
  ),
  `${into} SELECT e.voucher_id, 'voucher_' || e.kind, e.id, CASE WHEN e.amount < 0 THEN 'vouchers' ELSE 'voucher_sales' END,
      CASE WHEN e.amount > 0 THEN 'vouchers' WHEN e.kind = 'withdraw' THEN 'vouchers_lapsed' ELSE 'voucher_sales' END,
      ABS(e.amount), v.currency, e.created_at, NULL, e.voucher_id, NULL
    FROM voucher_entries AS e JOIN vouchers AS v ON v.id = e.voucher_id WHERE e.kind IN ('issue', 'adjust', 'withdraw')`,
  `${into} SELECT id, 'shift_opened', id, 'drawer', 'safe', float_amount, currency, opened_at, theatre_id, NULL, id
    FROM shifts WHERE float_amount > 0`,
  `${into} SELECT s.id, 'cash_moved', m.id, CASE WHEN m.amount > 0 THEN 'drawer' ELSE 'safe' END,
      CASE WHEN m.amount > 0 THEN 'safe' ELSE 'drawer' END, ABS(m.amount), s.currency, m.created_at, s.theatre_id, NULL, s.id
    FROM shift_movements AS m JOIN shifts AS s ON s.id = m.shift_id`,
]

/** Amounts below zero go the other way. `lines`: subject, fact, account, its counterpart, amount, currency, at, theatre, shift. */
const bothWays = `SELECT subject_id, fact, subject_id, CASE WHEN amount > 0 THEN account ELSE counterpart END,
    CASE WHEN amount > 0 THEN counterpart ELSE account END, ABS(amount), currency, at, theatre_id, NULL, shift_id
  FROM lines WHERE amount <> 0`

function closedShifts(sum: (column: string, tender: string) => string): string {
  return `${into} WITH sums AS (
      SELECT id, currency, closed_at, theatre_id, COALESCE(${sum('expected', 'cash')}, 0) AS cash, COALESCE(${sum('expected', 'card')}, 0) AS card,
        ${sum('counted', 'cash')} AS found_cash, ${sum('counted', 'card')} AS found_card
      FROM shifts WHERE closed_at IS NOT NULL
    ), lines AS (
      SELECT id AS subject_id, 'shift_closed' AS fact, 'drawer' AS account, 'differences' AS counterpart,
        COALESCE(found_cash, cash) - cash AS amount, currency, closed_at AS at, theatre_id, id AS shift_id FROM sums
      UNION ALL SELECT id, 'shift_closed', 'terminal', 'differences', COALESCE(found_card, card) - card, currency, closed_at, theatre_id, id FROM sums
      UNION ALL SELECT id, 'shift_closed', 'safe', 'drawer', COALESCE(found_cash, cash), currency, closed_at, theatre_id, id FROM sums
    ) ${bothWays}`
}

/** What was sold, as it stands at the migration: how it came to be so is not told again. */
const soldBefore = `${into} WITH live AS (
    SELECT booking_id, SUM(price_amount - discount_amount) AS prices, SUM(fee_amount) AS fees, SUM(tax_amount) AS tax,
      SUM(tax_included_amount) AS included FROM tickets WHERE status <> 'void' GROUP BY booking_id
  ), given AS (
    SELECT booking_id, SUM(amount) AS amount FROM payments WHERE tender = 'comp' GROUP BY booking_id
  ), whole AS (
    SELECT b.id, b.currency, b.confirmed_at, b.theatre_id, CAST(COALESCE(live.prices, 0) AS INTEGER) AS prices,
      CAST(COALESCE(live.fees, 0) AS INTEGER) AS fees, CAST(COALESCE(live.tax, 0) AS INTEGER) AS tax,
      CAST(COALESCE(live.included, 0) AS INTEGER) AS included, CAST(COALESCE(given.amount, 0) AS INTEGER) AS given,
      CAST(b.paid - b.refunded - COALESCE(given.amount, 0) AS INTEGER) AS money
    FROM bookings AS b LEFT JOIN live ON live.booking_id = b.id LEFT JOIN given ON given.booking_id = b.id
    WHERE b.confirmed_at IS NOT NULL
  ), shared AS (
    SELECT id, currency, confirmed_at, theatre_id, prices, fees, tax, included, money,
      CASE WHEN prices + fees = 0 THEN 0 ELSE (2 * fees * included + prices + fees) / (2 * (prices + fees)) END AS of_fees,
      CASE WHEN given < prices + fees + tax THEN given ELSE prices + fees + tax END AS given
    FROM whole
  ), lines AS (
    SELECT id AS subject_id, 'sold' AS fact, 'bookings' AS account, 'tickets' AS counterpart, prices - included + of_fees AS amount,
      currency, confirmed_at AS at, theatre_id, NULL AS shift_id FROM shared
    UNION ALL SELECT id, 'sold', 'bookings', 'fees', fees - of_fees, currency, confirmed_at, theatre_id, NULL FROM shared
    UNION ALL SELECT id, 'sold', 'bookings', 'tax', tax + included, currency, confirmed_at, theatre_id, NULL FROM shared
    UNION ALL SELECT id, 'sold', 'bookings', 'kept', money - prices - fees - tax + given, currency, confirmed_at, theatre_id, NULL FROM shared
    UNION ALL SELECT id, 'sold', 'bookings', 'complimentary', -given, currency, confirmed_at, theatre_id, NULL FROM shared
  ) ${bothWays}`

/**
 * The ledger of money: every row takes an amount from one account to another, so that the sum of all accounts is zero
 * whatever the rows are. Nobody changes or removes one. What a database holds already is posted here.
 */
export const moneyLedger: Migration = {
  name: '0020-money-ledger',
  up: [
    `CREATE TABLE money_postings (
      subject_id TEXT NOT NULL,
      fact TEXT NOT NULL,
      fact_id TEXT NOT NULL,
      debit TEXT NOT NULL,
      credit TEXT NOT NULL,
      amount INTEGER NOT NULL CHECK (amount > 0),
      currency TEXT NOT NULL,
      at INTEGER NOT NULL,
      theatre_id TEXT,
      voucher_id TEXT,
      shift_id TEXT,
      PRIMARY KEY (subject_id, fact_id, fact, debit, credit),
      CHECK (debit <> credit)
    ) WITHOUT ROWID`,
    ...moneyBefore,
    {
      sqlite: closedShifts((column, tender) => `json_extract(${column}, '$.${tender}')`),
      postgres: closedShifts((column, tender) => `CAST(CAST(${column} AS jsonb) ->> '${tender}' AS BIGINT)`),
    },
    soldBefore,
    // Rows come in the order of their time: PostgreSQL needs no more than the range of each block.
    {
      sqlite: 'CREATE INDEX money_postings_by_time ON money_postings (at)',
      postgres: 'CREATE INDEX money_postings_by_time ON money_postings USING brin (at)',
    },
    {
      sqlite: `CREATE TRIGGER money_postings_no_update BEFORE UPDATE ON money_postings
        BEGIN SELECT RAISE(ABORT, 'The ledger of money is append only'); END`,
      postgres: `CREATE OR REPLACE FUNCTION money_postings_append_only() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'The ledger of money is append only'; END $$`,
    },
    {
      sqlite: `CREATE TRIGGER money_postings_no_delete BEFORE DELETE ON money_postings
        BEGIN SELECT RAISE(ABORT, 'The ledger of money is append only'); END`,
      postgres: `CREATE TRIGGER money_postings_no_change BEFORE UPDATE OR DELETE ON money_postings
        FOR EACH ROW EXECUTE FUNCTION money_postings_append_only()`,
    },
  ],
  down: ['DROP TABLE money_postings', { sqlite: null, postgres: 'DROP FUNCTION money_postings_append_only()' }],
}
