import type { Migration } from '../schema.ts'

/**
 * The seat ledger: one row per claimed seat, and its primary key is what makes a double sale impossible.
 * A general-admission claim has its hold's or booking's id for a seat and says how many places it takes.
 */
export const ledger: Migration = {
  name: '0006-ledger',
  up: [
    `CREATE TABLE showtime_ledgers (
      showtime_id TEXT NOT NULL PRIMARY KEY REFERENCES showtimes (id) ON DELETE CASCADE,
      version INTEGER NOT NULL
    ) WITHOUT ROWID`,
    `CREATE TABLE seat_claims (
      showtime_id TEXT NOT NULL REFERENCES showtime_ledgers (showtime_id) ON DELETE CASCADE,
      seat_id TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('hold', 'booking', 'block')),
      ref TEXT NOT NULL,
      expires_at INTEGER,
      places INTEGER NOT NULL DEFAULT 1 CHECK (places > 0),
      PRIMARY KEY (showtime_id, seat_id),
      CHECK (kind <> 'hold' OR expires_at IS NOT NULL)
    ) WITHOUT ROWID`,
    'CREATE INDEX seat_claims_by_expiry ON seat_claims (expires_at) WHERE expires_at IS NOT NULL',
    `CREATE TABLE holds (
      id TEXT NOT NULL PRIMARY KEY,
      showtime_id TEXT NOT NULL REFERENCES showtimes (id) ON DELETE CASCADE,
      auditorium_id TEXT NOT NULL,
      layout_version INTEGER NOT NULL,
      seats TEXT NOT NULL,
      count INTEGER NOT NULL CHECK (count > 0),
      terms TEXT NOT NULL,
      client TEXT NOT NULL,
      address TEXT NOT NULL,
      user_id TEXT,
      channel TEXT NOT NULL CHECK (channel IN ('web', 'counter')),
      status TEXT NOT NULL CHECK (status IN ('live', 'released', 'booked')),
      booking_id TEXT,
      extensions_left INTEGER NOT NULL CHECK (extensions_left >= 0),
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      CHECK ((status = 'booked') = (booking_id IS NOT NULL))
    )`,
    "CREATE INDEX holds_live_by_client ON holds (client, expires_at) WHERE status = 'live'",
    "CREATE INDEX holds_live_by_address ON holds (address, expires_at) WHERE status = 'live'",
    "CREATE INDEX holds_live_by_showtime ON holds (showtime_id) WHERE status = 'live'",
    `CREATE TABLE seat_changes (
      showtime_id TEXT NOT NULL REFERENCES showtime_ledgers (showtime_id) ON DELETE CASCADE,
      version INTEGER NOT NULL,
      changed TEXT NOT NULL,
      at INTEGER NOT NULL,
      PRIMARY KEY (showtime_id, version)
    ) WITHOUT ROWID`,
    'CREATE INDEX seat_changes_by_age ON seat_changes (at)',
  ],
  down: ['DROP TABLE seat_changes', 'DROP TABLE holds', 'DROP TABLE seat_claims', 'DROP TABLE showtime_ledgers'],
}
