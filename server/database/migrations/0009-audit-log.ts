import type { Migration } from '../schema.ts'

/** Who did what to what and when. Nobody changes or removes an entry: the triggers refuse it, and the chain of hashes tells. */
export const auditLog: Migration = {
  name: '0009-audit-log',
  up: [
    `CREATE TABLE audit_log (
      sequence INTEGER NOT NULL PRIMARY KEY CHECK (sequence > 0),
      at INTEGER NOT NULL,
      actor_id TEXT NOT NULL,
      actor_role TEXT NOT NULL,
      action TEXT NOT NULL,
      subject_id TEXT,
      theatre_id TEXT,
      request TEXT NOT NULL,
      before TEXT,
      after TEXT,
      previous_hash TEXT NOT NULL,
      hash TEXT NOT NULL UNIQUE
    )`,
    'CREATE INDEX audit_log_by_theatre ON audit_log (theatre_id, sequence)',
    'CREATE INDEX audit_log_by_subject ON audit_log (subject_id, sequence)',
    'CREATE INDEX audit_log_by_actor ON audit_log (actor_id, sequence)',
    {
      sqlite: `CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
        BEGIN SELECT RAISE(ABORT, 'The audit log is append only'); END`,
      postgres: `CREATE OR REPLACE FUNCTION audit_log_append_only() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'The audit log is append only'; END $$`,
    },
    {
      sqlite: `CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log
        BEGIN SELECT RAISE(ABORT, 'The audit log is append only'); END`,
      postgres: `CREATE TRIGGER audit_log_no_change BEFORE UPDATE OR DELETE ON audit_log
        FOR EACH ROW EXECUTE FUNCTION audit_log_append_only()`,
    },
  ],
  down: ['DROP TABLE audit_log', { sqlite: null, postgres: 'DROP FUNCTION audit_log_append_only()' }],
}
