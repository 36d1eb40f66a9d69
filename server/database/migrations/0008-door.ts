import type { Migration } from '../schema.ts'

/** Who was let in. The index on admissions is what makes two for one ticket impossible, not the code in front of it. */
export const door: Migration = {
  name: '0008-door',
  up: [
    `CREATE TABLE check_ins (
      id TEXT NOT NULL PRIMARY KEY,
      ticket_id TEXT NOT NULL REFERENCES tickets (id),
      outcome TEXT NOT NULL,
      at INTEGER NOT NULL,
      recorded_at INTEGER NOT NULL,
      by_user_id TEXT NOT NULL REFERENCES users (id),
      scan_id TEXT,
      undone_at INTEGER,
      undone_by TEXT REFERENCES users (id),
      UNIQUE (ticket_id, scan_id),
      CHECK (at <= recorded_at),
      CHECK ((undone_at IS NULL) = (undone_by IS NULL)),
      CHECK (undone_at IS NULL OR outcome = 'admitted')
    )`,
    "CREATE UNIQUE INDEX check_ins_one_admission ON check_ins (ticket_id) WHERE outcome = 'admitted' AND undone_at IS NULL",
    'CREATE INDEX check_ins_by_person ON check_ins (by_user_id, recorded_at)',
  ],
  down: ['DROP TABLE check_ins'],
}
