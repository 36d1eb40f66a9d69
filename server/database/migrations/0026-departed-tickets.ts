import type { Migration } from '../schema.ts'

/** SQLite looks for a new ticket's departures when several are inserted at once: by an index, not through the table. */
export const departedTickets: Migration = {
  name: '0026-departed-tickets',
  up: ['CREATE INDEX departed_tickets_by_ticket ON departed_tickets (ticket_id)'],
  down: ['DROP INDEX departed_tickets_by_ticket'],
}
