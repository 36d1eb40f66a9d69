import type { Migration } from '../schema.ts'

/** What was taken of a showtime lately, and not paid: asked once a second while its seats are sold. */
export const attacks: Migration = {
  name: '0023-attacks',
  up: ['DROP INDEX holds_live_by_showtime', 'CREATE INDEX holds_by_showtime ON holds (showtime_id, created_at)'],
  down: [
    'DROP INDEX holds_by_showtime',
    "CREATE INDEX holds_live_by_showtime ON holds (showtime_id) WHERE status = 'live'",
  ],
}
