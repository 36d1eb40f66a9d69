import type { Migration } from '../schema.ts'

/** Promo codes and who used them. `uses` counts the uses that have not lapsed, and the check keeps it honest. */
export const promotions: Migration = {
  name: '0010-promotions',
  up: [
    `CREATE TABLE promotions (
      id TEXT NOT NULL PRIMARY KEY,
      owner_id TEXT REFERENCES users (id),
      code TEXT NOT NULL,
      code_folded TEXT NOT NULL,
      percent_off REAL CHECK (percent_off > 0 AND percent_off <= 100),
      amount_off INTEGER CHECK (amount_off > 0),
      currency TEXT,
      valid_from INTEGER,
      valid_to INTEGER,
      max_uses INTEGER CHECK (max_uses > 0),
      per_customer INTEGER CHECK (per_customer > 0),
      uses INTEGER NOT NULL DEFAULT 0 CHECK (uses >= 0),
      created_by TEXT,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      deleted_at INTEGER,
      CHECK ((percent_off IS NULL) <> (amount_off IS NULL)),
      CHECK ((amount_off IS NULL) = (currency IS NULL)),
      CHECK (valid_from < valid_to)
    )`,
    "CREATE UNIQUE INDEX promotions_by_code ON promotions (code_folded, (COALESCE(owner_id, ''))) WHERE deleted_at IS NULL",
    'CREATE INDEX promotions_by_owner ON promotions (owner_id, id)',
    `CREATE TABLE promotion_uses (
      booking_id TEXT NOT NULL PRIMARY KEY REFERENCES bookings (id),
      promotion_id TEXT NOT NULL REFERENCES promotions (id),
      customer TEXT,
      percent_off REAL,
      created_at INTEGER NOT NULL,
      expires_at INTEGER,
      lapsed_at INTEGER
    )`,
    'CREATE INDEX promotion_uses_by_customer ON promotion_uses (promotion_id, customer) WHERE lapsed_at IS NULL',
    'CREATE INDEX promotion_uses_by_expiry ON promotion_uses (promotion_id, expires_at) WHERE lapsed_at IS NULL AND expires_at IS NOT NULL',
  ],
  down: ['DROP TABLE promotion_uses', 'DROP TABLE promotions'],
}
