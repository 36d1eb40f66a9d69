export interface TillRow {
  theatreId: string
  tillFolded: string
  lastNumber: number
}

export interface ShiftRow {
  id: string
  theatreId: string
  /** As it was typed; `tillFolded` is what is compared. */
  till: string
  tillFolded: string
  number: number
  currency: string
  floatAmount: number
  openedBy: string
  openedAt: number
  closedBy: string | null
  closedAt: number | null
  /** JSON: minor units by tender. */
  expected: string | null
  /** JSON: minor units by tender, those that were counted. */
  counted: string | null
}

/** Written once and never changed. */
export interface ShiftMovementRow {
  id: string
  shiftId: string
  /** Minor units; below zero was taken out. */
  amount: number
  reason: string
  createdBy: string
  createdAt: number
}

export interface ShiftTables {
  tills: TillRow
  shifts: ShiftRow
  shiftMovements: ShiftMovementRow
}
