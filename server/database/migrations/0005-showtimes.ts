import type { Migration } from '../schema.ts'

/**
 * No showtime is longer than two days (`longestShowtimeMs` in `server/showtimes/model.ts`) and its sales end with it, so the
 * indexes by start also serve questions about ends.
 */
const showtimesTable = `CREATE TABLE showtimes (
  id TEXT NOT NULL PRIMARY KEY,
  external_key TEXT UNIQUE,
  movie_id TEXT NOT NULL REFERENCES movies (id),
  theatre_id TEXT NOT NULL REFERENCES theatres (id),
  auditorium_id TEXT NOT NULL REFERENCES auditoriums (id),
  layout_version INTEGER NOT NULL,
  starts_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  busy_until INTEGER NOT NULL,
  business_date TEXT NOT NULL,
  format TEXT NOT NULL,
  language TEXT,
  subtitles TEXT,
  accessibility TEXT NOT NULL,
  seating TEXT NOT NULL CHECK (seating IN ('reserved', 'general')),
  capacity INTEGER NOT NULL CHECK (capacity > 0),
  prices TEXT NOT NULL,
  currency TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('draft', 'scheduled', 'cancelled')),
  visibility TEXT NOT NULL CHECK (visibility IN ('public', 'unlisted', 'private')),
  sales_open_at INTEGER,
  sales_close_at INTEGER NOT NULL,
  staff_sales_close_at INTEGER NOT NULL,
  sales_paused INTEGER NOT NULL CHECK (sales_paused IN (0, 1)),
  rescheduled_at INTEGER,
  cancelled_at INTEGER,
  cancel_reason TEXT,
  revision INTEGER NOT NULL,
  created_by TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  FOREIGN KEY (auditorium_id, layout_version) REFERENCES layouts (auditorium_id, version),
  CHECK (starts_at < ends_at AND ends_at <= starts_at + 172800000 AND busy_until >= ends_at),
  CHECK (sales_close_at <= ends_at AND staff_sales_close_at <= ends_at),
  CHECK ((status = 'cancelled') = (cancelled_at IS NOT NULL))
)`

/**
 * Time on one axis and the auditorium, as 52 bits of a hash of its id, on the other: showtimes are flat boxes that may not touch.
 * It is judged at the commit, so that a whole programme may move along row by row.
 * Boxes need no extension (a range beside a text would need btree_gist). See docs/decisions/0020-showtime-overlap.md.
 */
const overlapConstraint = `ALTER TABLE showtimes ADD CONSTRAINT showtimes_overlap EXCLUDE USING gist (
  box(
    point(('x' || left(md5(auditorium_id), 13))::bit(52)::bigint, starts_at),
    point(('x' || left(md5(auditorium_id), 13))::bit(52)::bigint, busy_until - 1)
  ) WITH &&
) WHERE (status <> 'cancelled') DEFERRABLE INITIALLY DEFERRED`

export const showtimes: Migration = {
  name: '0005-showtimes',
  up: [
    showtimesTable,
    { sqlite: null, postgres: overlapConstraint },
    'CREATE INDEX showtimes_by_start ON showtimes (starts_at, id)',
    'CREATE INDEX showtimes_by_movie ON showtimes (movie_id, starts_at, id)',
    'CREATE INDEX showtimes_by_theatre ON showtimes (theatre_id, starts_at, id)',
    'CREATE INDEX showtimes_by_business_date ON showtimes (business_date, starts_at, id)',
    'CREATE INDEX showtimes_by_auditorium ON showtimes (auditorium_id, starts_at)',
    `CREATE TABLE ticket_types (
      id TEXT NOT NULL PRIMARY KEY,
      theatre_id TEXT NOT NULL REFERENCES theatres (id) ON DELETE CASCADE,
      key TEXT NOT NULL,
      name TEXT NOT NULL,
      proof TEXT,
      max_per_booking INTEGER CHECK (max_per_booking > 0),
      requires TEXT,
      channels TEXT,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      UNIQUE (theatre_id, key)
    )`,
    `CREATE TABLE price_lists (
      id TEXT NOT NULL PRIMARY KEY,
      theatre_id TEXT NOT NULL REFERENCES theatres (id) ON DELETE CASCADE,
      name TEXT NOT NULL,
      rules TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL
    )`,
    'CREATE INDEX price_lists_by_theatre ON price_lists (theatre_id, id)',
  ],
  down: ['DROP TABLE price_lists', 'DROP TABLE ticket_types', 'DROP TABLE showtimes'],
}
