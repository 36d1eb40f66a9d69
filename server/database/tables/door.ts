import type { RefusalCode } from '../../../contract/refusals.ts'

/** One scan that counted: who was let in, and what offline scans came to. A live scan that was refused leaves no row. */
export interface CheckInRow {
  id: string
  ticketId: string
  outcome: 'admitted' | RefusalCode
  /** When it was scanned: by the device's clock for a scan made without network, never later than `recordedAt`. */
  at: number
  recordedAt: number
  byUserId: string
  /** The device's id of an offline scan: the same scan is reported as often as it takes. */
  scanId: string | null
  undoneAt: number | null
  undoneBy: string | null
}

export interface DoorTables {
  checkIns: CheckInRow
}
