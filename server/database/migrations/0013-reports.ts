import type { Migration } from '../schema.ts'

/** What reports by day of sale walk along: each theatre's money and bookings, in the order in which they came. */
export const reports: Migration = {
  name: '0013-reports',
  up: [
    'CREATE INDEX payments_by_money ON payments (theatre_id, authorised_at, id) WHERE authorised_at IS NOT NULL',
    'CREATE INDEX bookings_by_confirmation ON bookings (theatre_id, confirmed_at, id) WHERE confirmed_at IS NOT NULL',
    'CREATE INDEX refunds_in_order ON refunds (created_at, id)',
  ],
  down: ['DROP INDEX refunds_in_order', 'DROP INDEX bookings_by_confirmation', 'DROP INDEX payments_by_money'],
}
