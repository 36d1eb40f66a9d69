export interface ShowtimeLedgerRow {
  showtimeId: string
  /** Raised by every commit that changes the showtime's seats. */
  version: number
}

export type ClaimKind = 'hold' | 'booking' | 'block'

export interface SeatClaimRow {
  showtimeId: string
  seatId: string
  kind: ClaimKind
  /** The hold, the booking, or `block` for house seats. */
  ref: string
  expiresAt: number | null
  places: number
}

export interface HoldRow {
  id: string
  showtimeId: string
  /** The hall and its layout when the seats were chosen. */
  auditoriumId: string
  layoutVersion: number
  /** JSON: seat ids; empty in general admission. */
  seats: string
  count: number
  /** JSON: the prices and rules that bind until the hold or its booking ends (`HoldTerms`). */
  terms: string
  client: string
  address: string
  userId: string | null
  channel: 'web' | 'counter'
  status: 'live' | 'released' | 'booked'
  bookingId: string | null
  extensionsLeft: number
  createdAt: number
  expiresAt: number
}

export interface SeatChangeRow {
  showtimeId: string
  version: number
  /** JSON: `[{ id, status }]`, or `[]` in general admission. */
  changed: string
  at: number
}

export interface LedgerTables {
  showtimeLedgers: ShowtimeLedgerRow
  seatClaims: SeatClaimRow
  holds: HoldRow
  seatChanges: SeatChangeRow
}
