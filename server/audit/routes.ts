import type { AuditEntry } from '../../contract/administration.ts'
import * as contract from '../../contract/administration.ts'
import { readQuestion } from '../bookings/managed.ts'
import type { Question } from '../bookings/managed.ts'
import type { Database } from '../database/database.ts'
import { limitOf, orderBy, readCursor, toPage } from '../database/paging.ts'
import type { Order } from '../database/paging.ts'
import type { AuditEntryRow } from '../database/tables/audit-log.ts'
import type { Routes } from '../http/routes.ts'
import { isRefusal } from '../platform/refusal.ts'
import { formatInstant } from '../platform/time.ts'

const newestFirst = {
  name: 'newest acts',
  keys: [{ column: 'auditLog.sequence', direction: 'desc', type: 'number' }],
} as const satisfies Order

/** The audit log: owners read what was done in their theatres, administrators everything. */
export function addAuditRoutes(routes: Routes, database: Database): void {
  routes.add(contract.listAuditLog, {
    async handle({ query, caller }) {
      const asked = await readQuestion(database, caller, query)
      if (isRefusal(asked)) return asked
      const after = readCursor(newestFirst, query.cursor)
      if (isRefusal(after)) return after
      const limit = limitOf(query)
      const { actorId, action, subjectId } = query
      const rows =
        asked.theatreIds?.length === 0
          ? []
          : await entriesOf(database, { ...asked, actorId, action, subjectId })
              .where(after)
              .orderBy(orderBy(newestFirst))
              .limit(limit + 1)
              .execute()
      return toPage(newestFirst, rows, limit, ({ sequence }) => [sequence], presentEntry)
    },
  })
}

interface EntryFilter extends Question {
  readonly actorId: string | undefined
  readonly action: string | undefined
  readonly subjectId: string | undefined
}

function entriesOf(database: Database, filter: EntryFilter) {
  const { theatreIds, fromMs, beforeMs, actorId, action, subjectId } = filter
  return database.read
    .selectFrom('auditLog')
    .selectAll()
    .$if(theatreIds !== undefined, (rows) => rows.where('theatreId', 'in', [...(theatreIds ?? [])]))
    .$if(actorId !== undefined, (rows) => rows.where('actorId', '=', actorId ?? ''))
    .$if(action !== undefined, (rows) => rows.where('action', '=', action ?? ''))
    .$if(subjectId !== undefined, (rows) => rows.where('subjectId', '=', subjectId ?? ''))
    .$if(fromMs !== undefined, (rows) => rows.where('at', '>=', fromMs ?? 0))
    .$if(beforeMs !== undefined, (rows) => rows.where('at', '<', beforeMs ?? 0))
}

function presentEntry(row: AuditEntryRow): AuditEntry {
  return {
    id: String(row.sequence),
    at: formatInstant(row.at),
    actor: { userId: row.actorId, role: row.actorRole },
    action: row.action,
    subjectId: row.subjectId,
    theatreId: row.theatreId,
    request: JSON.parse(row.request),
    before: row.before === null ? null : JSON.parse(row.before),
    after: row.after === null ? null : JSON.parse(row.after),
    previousHash: row.previousHash,
    hash: row.hash,
  }
}
