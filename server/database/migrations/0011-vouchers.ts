import type { Migration } from '../schema.ts'

/** Vouchers and what moved their balance. The check is what keeps a balance from going below zero, the triggers keep entries as they were. */
export const vouchers: Migration = {
  name: '0011-vouchers',
  up: [
    `CREATE TABLE vouchers (
      id TEXT NOT NULL PRIMARY KEY,
      owner_id TEXT REFERENCES users (id),
      code TEXT NOT NULL,
      code_folded TEXT NOT NULL UNIQUE,
      balance INTEGER NOT NULL CHECK (balance >= 0),
      currency TEXT NOT NULL,
      valid_to INTEGER,
      created_by TEXT,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      withdrawn_at INTEGER
    )`,
    'CREATE INDEX vouchers_by_owner ON vouchers (owner_id, id)',
    `CREATE TABLE voucher_entries (
      id TEXT NOT NULL PRIMARY KEY,
      voucher_id TEXT NOT NULL REFERENCES vouchers (id),
      kind TEXT NOT NULL CHECK (kind IN ('issue', 'spend', 'refund', 'adjust', 'withdraw')),
      amount INTEGER NOT NULL CHECK (amount <> 0),
      booking_id TEXT REFERENCES bookings (id),
      payment_id TEXT REFERENCES payments (id),
      refund_id TEXT UNIQUE REFERENCES refunds (id),
      created_by TEXT,
      created_at INTEGER NOT NULL,
      CHECK ((kind IN ('spend', 'refund')) = (payment_id IS NOT NULL)),
      CHECK ((kind = 'refund') = (refund_id IS NOT NULL)),
      CHECK ((payment_id IS NULL) = (booking_id IS NULL)),
      CHECK (kind <> 'spend' OR amount < 0),
      CHECK (kind <> 'refund' OR amount > 0)
    )`,
    'CREATE INDEX voucher_entries_by_voucher ON voucher_entries (voucher_id, id)',
    "CREATE UNIQUE INDEX voucher_entries_one_spend ON voucher_entries (payment_id) WHERE kind = 'spend'",
    {
      sqlite: `CREATE TRIGGER voucher_entries_stay BEFORE UPDATE ON voucher_entries
        BEGIN SELECT RAISE(ABORT, 'entries of vouchers are never changed'); END`,
      postgres: `CREATE OR REPLACE FUNCTION voucher_entries_stay() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'entries of vouchers are never changed'; END $$`,
    },
    {
      sqlite: `CREATE TRIGGER voucher_entries_remain BEFORE DELETE ON voucher_entries
        BEGIN SELECT RAISE(ABORT, 'entries of vouchers are never deleted'); END`,
      postgres: `CREATE TRIGGER voucher_entries_stay BEFORE UPDATE OR DELETE ON voucher_entries
        FOR EACH ROW EXECUTE FUNCTION voucher_entries_stay()`,
    },
  ],
  down: [
    'DROP TABLE voucher_entries',
    { sqlite: null, postgres: 'DROP FUNCTION voucher_entries_stay()' },
    'DROP TABLE vouchers',
  ],
}
