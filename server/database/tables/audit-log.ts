import type { Role } from '../../../contract/operation.ts'

/** Never changed once written. */
export interface AuditEntryRow {
  /** From 1, without gaps. */
  sequence: number
  at: number
  actorId: string
  /** `operator`: a command on the machine. */
  actorRole: Role | 'operator'
  /** The id of the operation in the contract. */
  action: string
  subjectId: string | null
  theatreId: string | null
  /** JSON: what was asked, without secrets and persons. */
  request: string
  /** JSON: the columns of the subject that changed, as they were; null where there was nothing. */
  before: string | null
  /** JSON: the same columns as they are; null where there is nothing any more. */
  after: string | null
  /** The hash of the entry before; of the first, 64 zeros. */
  previousHash: string
  hash: string
}

export interface AuditLogTables {
  auditLog: AuditEntryRow
}
