import type { Migration } from '../schema.ts'

/** Money of the counter that is given back from elsewhere waits there: who handed it over, once somebody has. */
export const dueRefunds: Migration = {
  name: '0018-due-refunds',
  up: ['ALTER TABLE refunds ADD COLUMN paid_out_by TEXT'],
  down: ['ALTER TABLE refunds DROP COLUMN paid_out_by'],
}
