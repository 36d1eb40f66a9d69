import type { Migration } from '../schema.ts'

/** What providers kept and paid out, line by line as they named it: each is booked once. */
export const providerStatements: Migration = {
  name: '0029-provider-statements',
  up: [
    `CREATE TABLE provider_statement_lines (
      provider TEXT NOT NULL,
      line_id TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('fee', 'payout')),
      payment_id TEXT REFERENCES payments (id),
      amount INTEGER NOT NULL CHECK (amount <> 0),
      currency TEXT NOT NULL,
      at INTEGER NOT NULL,
      PRIMARY KEY (provider, line_id, kind)
    ) WITHOUT ROWID`,
    'CREATE INDEX provider_statement_lines_by_time ON provider_statement_lines (provider, at)',
  ],
  // The statement can be read again at any time; whoever does not know of it does not know these accounts.
  down: [
    'DROP TABLE provider_statement_lines',
    {
      sqlite: 'DROP TRIGGER money_postings_no_delete',
      postgres: 'ALTER TABLE money_postings DISABLE TRIGGER money_postings_no_change',
    },
    `DELETE FROM money_postings WHERE fact IN ('provider_fee', 'provider_payout')`,
    {
      sqlite: `CREATE TRIGGER money_postings_no_delete BEFORE DELETE ON money_postings
        BEGIN SELECT RAISE(ABORT, 'The ledger of money is append only'); END`,
      postgres: 'ALTER TABLE money_postings ENABLE TRIGGER money_postings_no_change',
    },
  ],
}
