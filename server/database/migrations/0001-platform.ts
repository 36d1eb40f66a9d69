import type { Migration } from '../schema.ts'

/** What every slice relies on: answers kept for their keys, work to do after a commit, keys that sign. */
export const platform: Migration = {
  name: '0001-platform',
  up: [
    `CREATE TABLE idempotency_keys (
      caller TEXT NOT NULL,
      route TEXT NOT NULL,
      key TEXT NOT NULL,
      body_hash TEXT NOT NULL,
      status INTEGER NOT NULL,
      answer TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      PRIMARY KEY (caller, route, key)
    ) WITHOUT ROWID`,
    'CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at)',
    `CREATE TABLE outbox (
      id TEXT NOT NULL PRIMARY KEY,
      kind TEXT NOT NULL,
      payload TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      available_at INTEGER NOT NULL,
      attempts INTEGER NOT NULL DEFAULT 0,
      leased_until INTEGER,
      last_error TEXT,
      done_at INTEGER,
      CHECK (attempts >= 0)
    )`,
    'CREATE INDEX outbox_waiting ON outbox (available_at) WHERE done_at IS NULL',
    'CREATE INDEX outbox_done ON outbox (done_at) WHERE done_at IS NOT NULL',
    `CREATE TABLE signing_keys (
      id TEXT NOT NULL PRIMARY KEY,
      purpose TEXT NOT NULL CHECK (purpose IN ('access', 'ticket')),
      public_jwk TEXT NOT NULL,
      private_encrypted TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      retired_at INTEGER
    )`,
    `CREATE TABLE settings (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL)`,
  ],
  down: ['DROP TABLE settings', 'DROP TABLE signing_keys', 'DROP TABLE outbox', 'DROP TABLE idempotency_keys'],
}
