import type { Migration } from '../schema.ts'

/** Rooms before a rush, and who waits in them. A `lot` is what the draw sorts by; `place` is where one stands in the queue. */
export const waitingRooms: Migration = {
  name: '0024-waiting-rooms',
  up: [
    `CREATE TABLE waiting_rooms (
      showtime_id TEXT NOT NULL PRIMARY KEY REFERENCES showtimes (id) ON DELETE CASCADE,
      opens_at INTEGER NOT NULL,
      admit_per_minute INTEGER NOT NULL CHECK (admit_per_minute > 0),
      admitted_at_once INTEGER NOT NULL CHECK (admitted_at_once > 0),
      admission_seconds INTEGER NOT NULL CHECK (admission_seconds > 0),
      sealed_seed TEXT NOT NULL,
      seed_hash TEXT NOT NULL,
      drawn_at INTEGER,
      last_place INTEGER NOT NULL DEFAULT 0,
      admitted_through INTEGER NOT NULL DEFAULT 0 CHECK (admitted_through <= last_place)
    ) WITHOUT ROWID`,
    `CREATE TABLE waiting_entries (
      id TEXT NOT NULL PRIMARY KEY,
      showtime_id TEXT NOT NULL REFERENCES waiting_rooms (showtime_id) ON DELETE CASCADE,
      client TEXT NOT NULL,
      address TEXT NOT NULL,
      joined_at INTEGER NOT NULL,
      lot TEXT NOT NULL,
      drawn_place INTEGER,
      place INTEGER,
      admitted_at INTEGER,
      admission_ends_at INTEGER,
      UNIQUE (showtime_id, client),
      CHECK ((admitted_at IS NULL) = (admission_ends_at IS NULL)),
      CHECK (admitted_at IS NULL OR place IS NOT NULL)
    )`,
    'CREATE UNIQUE INDEX waiting_entries_by_place ON waiting_entries (showtime_id, place) WHERE place IS NOT NULL',
    'CREATE INDEX waiting_entries_by_address ON waiting_entries (showtime_id, address)',
    'CREATE INDEX waiting_entries_by_end ON waiting_entries (showtime_id, admission_ends_at) WHERE admission_ends_at IS NOT NULL',
  ],
  down: ['DROP TABLE waiting_entries', 'DROP TABLE waiting_rooms'],
}
