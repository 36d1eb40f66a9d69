import type { Migration } from '../schema.ts'

/** What happened, for other systems: to be pulled in order, and pushed to the addresses that asked for it. */
export const events: Migration = {
  name: '0014-events',
  up: [
    `CREATE TABLE events (
      id TEXT NOT NULL PRIMARY KEY,
      sequence INTEGER UNIQUE,
      type TEXT NOT NULL,
      theatre_id TEXT NOT NULL,
      data TEXT NOT NULL,
      created_at INTEGER NOT NULL
    )`,
    'CREATE INDEX events_waiting ON events (id) WHERE sequence IS NULL',
    'CREATE INDEX events_by_theatre ON events (theatre_id, sequence)',
    `CREATE TABLE webhook_endpoints (
      id TEXT NOT NULL PRIMARY KEY,
      owner_id TEXT,
      url TEXT NOT NULL,
      events TEXT,
      status TEXT NOT NULL CHECK (status IN ('active', 'disabled')),
      disabled_reason TEXT,
      secret_generation INTEGER NOT NULL,
      previous_secret_until INTEGER,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL
    )`,
    `CREATE TABLE webhook_deliveries (
      id TEXT NOT NULL PRIMARY KEY,
      endpoint_id TEXT NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
      event_id TEXT NOT NULL REFERENCES events (id),
      status TEXT NOT NULL CHECK (status IN ('pending', 'delivered', 'failed')),
      attempts INTEGER NOT NULL,
      next_attempt_at INTEGER,
      response_status INTEGER,
      error TEXT,
      created_at INTEGER NOT NULL,
      ended_at INTEGER,
      CHECK ((status = 'pending') = (next_attempt_at IS NOT NULL))
    )`,
    'CREATE INDEX webhook_deliveries_by_endpoint ON webhook_deliveries (endpoint_id, created_at, id)',
    'CREATE INDEX webhook_deliveries_due ON webhook_deliveries (next_attempt_at) WHERE next_attempt_at IS NOT NULL',
  ],
  down: ['DROP TABLE webhook_deliveries', 'DROP TABLE webhook_endpoints', 'DROP TABLE events'],
}
