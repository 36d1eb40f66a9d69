import type { Migration } from '../schema.ts'

/** What providers tell of a payment beside its status: how much was captured, refunds made at their place, disputes. */
export const providers: Migration = {
  name: '0019-providers',
  up: [
    // Null: not captured yet. What was given back before is not captured at all.
    'ALTER TABLE payments ADD COLUMN captured INTEGER CHECK (captured BETWEEN 0 AND amount)',
    'UPDATE payments SET captured = amount WHERE captured_at IS NOT NULL',
    `CREATE UNIQUE INDEX refunds_by_provider ON refunds (payment_id, provider_reference)
      WHERE provider_reference IS NOT NULL`,
    `CREATE TABLE payment_disputes (
      payment_id TEXT NOT NULL REFERENCES payments (id),
      provider_reference TEXT NOT NULL,
      status TEXT NOT NULL CHECK (status IN ('open', 'won', 'lost')),
      amount INTEGER NOT NULL CHECK (amount >= 0),
      opened_at INTEGER NOT NULL,
      closed_at INTEGER,
      PRIMARY KEY (payment_id, provider_reference),
      CHECK ((status = 'open') = (closed_at IS NULL))
    ) WITHOUT ROWID`,
  ],
  down: ['DROP TABLE payment_disputes', 'DROP INDEX refunds_by_provider', 'ALTER TABLE payments DROP COLUMN captured'],
}
