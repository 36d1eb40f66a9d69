import type { Migration } from '../schema.ts'

/** Where somebody waited, for the export and the end of an account. */
export const waitingPeople: Migration = {
  name: '0027-waiting-people',
  up: ['CREATE INDEX waiting_entries_by_client ON waiting_entries (client)'],
  down: ['DROP INDEX waiting_entries_by_client'],
}
