import type { Migration, Statement } from '../schema.ts'

/** Triggers that keep rows of a table as they are; `when`: only those, in a condition on OLD. */
function keepRows(table: string, when: string): Statement[] {
  const changes = ['UPDATE', 'DELETE'] as const
  return [
    {
      sqlite: null,
      postgres: `CREATE OR REPLACE FUNCTION ${table}_stay() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '${table} are never changed'; END $$`,
    },
    ...changes.map((change) => ({
      sqlite: `CREATE TRIGGER ${table}_${change.toLowerCase()} BEFORE ${change} ON ${table} WHEN ${when}
        BEGIN SELECT RAISE(ABORT, '${table} are never changed'); END`,
      postgres: `CREATE TRIGGER ${table}_${change.toLowerCase()} BEFORE ${change} ON ${table}
        FOR EACH ROW WHEN (${when}) EXECUTE FUNCTION ${table}_stay()`,
    })),
  ]
}

/** The counter's shifts: one open per till, numbered per till without gaps, and never changed once they are closed. */
export const shifts: Migration = {
  name: '0012-shifts',
  up: [
    `CREATE TABLE tills (
      theatre_id TEXT NOT NULL REFERENCES theatres (id) ON DELETE CASCADE,
      till_folded TEXT NOT NULL,
      last_number INTEGER NOT NULL CHECK (last_number > 0),
      PRIMARY KEY (theatre_id, till_folded)
    ) WITHOUT ROWID`,
    `CREATE TABLE shifts (
      id TEXT NOT NULL PRIMARY KEY,
      theatre_id TEXT NOT NULL REFERENCES theatres (id),
      till TEXT NOT NULL,
      till_folded TEXT NOT NULL,
      number INTEGER NOT NULL CHECK (number > 0),
      currency TEXT NOT NULL,
      float_amount INTEGER NOT NULL CHECK (float_amount >= 0),
      opened_by TEXT NOT NULL,
      opened_at INTEGER NOT NULL,
      closed_by TEXT,
      closed_at INTEGER,
      expected TEXT,
      counted TEXT,
      UNIQUE (theatre_id, till_folded, number),
      CHECK ((closed_at IS NULL) = (closed_by IS NULL)),
      CHECK ((closed_at IS NULL) = (expected IS NULL)),
      CHECK ((closed_at IS NULL) = (counted IS NULL))
    )`,
    'CREATE UNIQUE INDEX shifts_one_open ON shifts (theatre_id, till_folded) WHERE closed_at IS NULL',
    'CREATE INDEX shifts_by_theatre ON shifts (theatre_id, id)',
    `CREATE TABLE shift_movements (
      id TEXT NOT NULL PRIMARY KEY,
      shift_id TEXT NOT NULL REFERENCES shifts (id),
      amount INTEGER NOT NULL CHECK (amount <> 0),
      reason TEXT NOT NULL,
      created_by TEXT NOT NULL,
      created_at INTEGER NOT NULL
    )`,
    'CREATE INDEX shift_movements_by_shift ON shift_movements (shift_id, id)',
    'ALTER TABLE refunds ADD COLUMN shift_id TEXT',
    'CREATE INDEX refunds_by_shift ON refunds (shift_id) WHERE shift_id IS NOT NULL',
    'CREATE INDEX payments_by_shift ON payments (shift_id) WHERE shift_id IS NOT NULL',
    ...keepRows('shifts', 'OLD.closed_at IS NOT NULL'),
    ...keepRows('shift_movements', 'OLD.id IS NOT NULL'),
  ],
  down: [
    'DROP INDEX payments_by_shift',
    'DROP INDEX refunds_by_shift',
    'ALTER TABLE refunds DROP COLUMN shift_id',
    'DROP TABLE shift_movements',
    'DROP TABLE shifts',
    'DROP TABLE tills',
    { sqlite: null, postgres: 'DROP FUNCTION shift_movements_stay()' },
    { sqlite: null, postgres: 'DROP FUNCTION shifts_stay()' },
  ],
}
