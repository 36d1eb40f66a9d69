import type { Migration } from '../schema.ts'

export const venues: Migration = {
  name: '0004-venues',
  up: [
    `CREATE TABLE theatres (
      id TEXT NOT NULL PRIMARY KEY,
      external_key TEXT UNIQUE,
      name TEXT NOT NULL,
      name_folded TEXT NOT NULL,
      city TEXT NOT NULL,
      city_folded TEXT NOT NULL,
      country TEXT,
      address TEXT,
      postcode TEXT,
      latitude REAL,
      longitude REAL,
      time_zone TEXT NOT NULL,
      currency TEXT NOT NULL,
      phone TEXT,
      amenities TEXT NOT NULL,
      owner_id TEXT REFERENCES users (id),
      settings TEXT NOT NULL,
      search_text TEXT NOT NULL,
      revision INTEGER NOT NULL DEFAULT 1,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      CHECK ((latitude IS NULL) = (longitude IS NULL))
    )`,
    'CREATE INDEX theatres_by_name ON theatres (name_folded, id)',
    'CREATE INDEX theatres_by_city ON theatres (city_folded)',
    'CREATE INDEX theatres_by_owner ON theatres (owner_id)',
    `CREATE TABLE theatre_staff (
      theatre_id TEXT NOT NULL REFERENCES theatres (id) ON DELETE CASCADE,
      user_id TEXT NOT NULL REFERENCES users (id),
      created_at INTEGER NOT NULL,
      PRIMARY KEY (theatre_id, user_id)
    ) WITHOUT ROWID`,
    'CREATE INDEX theatre_staff_by_user ON theatre_staff (user_id)',
    `CREATE TABLE staff_invitations (
      theatre_id TEXT NOT NULL REFERENCES theatres (id) ON DELETE CASCADE,
      email_folded TEXT NOT NULL,
      email TEXT NOT NULL,
      invited_by TEXT REFERENCES users (id),
      created_at INTEGER NOT NULL,
      PRIMARY KEY (theatre_id, email_folded)
    ) WITHOUT ROWID`,
    'CREATE INDEX staff_invitations_by_email ON staff_invitations (email_folded)',
    `CREATE TABLE auditoriums (
      id TEXT NOT NULL PRIMARY KEY,
      external_key TEXT UNIQUE,
      theatre_id TEXT NOT NULL REFERENCES theatres (id),
      name TEXT NOT NULL,
      name_folded TEXT NOT NULL,
      turnaround_minutes INTEGER CHECK (turnaround_minutes >= 0),
      layout_version INTEGER NOT NULL CHECK (layout_version >= 1),
      seating TEXT NOT NULL CHECK (seating IN ('reserved', 'general')),
      capacity INTEGER NOT NULL CHECK (capacity >= 1),
      revision INTEGER NOT NULL DEFAULT 1,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL
    )`,
    'CREATE INDEX auditoriums_by_theatre ON auditoriums (theatre_id, name_folded, id)',
    `CREATE TABLE layouts (
      auditorium_id TEXT NOT NULL REFERENCES auditoriums (id) ON DELETE CASCADE,
      version INTEGER NOT NULL CHECK (version >= 1),
      seating TEXT NOT NULL CHECK (seating IN ('reserved', 'general')),
      capacity INTEGER NOT NULL CHECK (capacity >= 1),
      layout TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      PRIMARY KEY (auditorium_id, version)
    )`,
    `CREATE TABLE out_of_order_seats (
      auditorium_id TEXT NOT NULL REFERENCES auditoriums (id) ON DELETE CASCADE,
      seat_id TEXT NOT NULL,
      reason TEXT NOT NULL,
      until_at INTEGER,
      created_by TEXT REFERENCES users (id),
      created_at INTEGER NOT NULL,
      PRIMARY KEY (auditorium_id, seat_id)
    ) WITHOUT ROWID`,
  ],
  down: [
    'DROP TABLE out_of_order_seats',
    'DROP TABLE layouts',
    'DROP TABLE auditoriums',
    'DROP TABLE staff_invitations',
    'DROP TABLE theatre_staff',
    'DROP TABLE theatres',
  ],
}
