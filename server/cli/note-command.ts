import { userInfo } from 'node:os'
import { appendAuditEntry } from '../database/audit-log.ts'
import type { Transaction } from '../database/database.ts'

/**
 * Notes in the audit log that a command changed something: the last thing its transaction does. Who did it is the account
 * of the machine, for a command knows no other. `request`: what was asked for, without persons and secrets.
 */
export async function noteCommand(
  tx: Transaction,
  command: string,
  { subjectId = null, request = {} }: { readonly subjectId?: string | null; readonly request?: object } = {},
): Promise<void> {
  await appendAuditEntry(tx, {
    actorId: `operator:${accountName()}`,
    actorRole: 'operator',
    action: `matinee ${command}`,
    subjectId,
    theatreId: null,
    request: JSON.stringify(request),
    before: null,
    after: null,
  })
}

/** A container may run under a number that has no name. */
function accountName(): string {
  try {
    return userInfo().username
  } catch {
    return String(process.getuid?.() ?? 'unknown')
  }
}
