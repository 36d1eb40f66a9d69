import type { Database } from '../database/database.ts'
import { currentTrace } from '../platform/trace-context.ts'
import { traced } from '../platform/tracing.ts'
import type { Tracer } from '../platform/tracing.ts'

/** Tells of every batch, linked to what it was done for, and of every write of a request or job as its child. */
export function traceWrites(database: Database, tracer: Tracer): Database {
  const attributes = { 'db.system.name': database.engine === 'sqlite' ? 'sqlite' : 'postgresql' }
  database.batches.watch(({ members, traces, startedAtMs, lost }) => {
    const span = tracer.start('batch', {
      kind: 'internal',
      links: traces,
      startedAtMs,
      attributes: { ...attributes, 'matinee.batch.members': members },
    })
    if (lost) span.fail('the batch was lost')
    span.end()
  })
  return {
    ...database,
    async write(work, company) {
      const parent = currentTrace()
      if (parent === null) return await database.write(work, company)
      return await traced(
        tracer,
        'write',
        { kind: 'client', parent, attributes },
        async () => await database.write(work, company),
      )
    },
  }
}
