export interface ShowtimeRow {
  id: string
  /** The key of the source it was imported from. */
  externalKey: string | null
  movieId: string
  theatreId: string
  auditoriumId: string
  layoutVersion: number
  startsAt: number
  endsAt: number
  /** The end plus the turnaround that held when it was scheduled: from then on the auditorium is free. */
  busyUntil: number
  /** `2026-12-24`; changes only with `startsAt`. */
  businessDate: string
  format: string
  language: string | null
  subtitles: string | null
  /** JSON: a list of texts. */
  accessibility: string
  seating: 'reserved' | 'general'
  capacity: number
  /** JSON: `[{ category, ticketType, amount }]`, minor units of `currency`. */
  prices: string
  currency: string
  timeZone: string
  status: 'draft' | 'scheduled' | 'cancelled'
  visibility: 'public' | 'unlisted' | 'private'
  salesOpenAt: number | null
  salesCloseAt: number
  staffSalesCloseAt: number
  salesPaused: number
  /** When it was last moved although seats were sold: who booked before then may cancel for free until the start. */
  rescheduledAt: number | null
  cancelledAt: number | null
  cancelReason: string | null
  /** Raised by every edit, never by a sale. */
  revision: number
  createdBy: string | null
  createdAt: number
  updatedAt: number
}

export interface TicketTypeRow {
  id: string
  theatreId: string
  key: string
  name: string
  proof: string | null
  maxPerBooking: number | null
  /** JSON: `{ ticketType, ratio }`. */
  requires: string | null
  /** JSON: a list of `web`, `counter`. */
  channels: string | null
  createdAt: number
  updatedAt: number
}

export interface PriceListRow {
  id: string
  theatreId: string
  name: string
  /** JSON: the rules as the contract has them. */
  rules: string
  createdAt: number
  updatedAt: number
}

export interface ShowtimesTables {
  showtimes: ShowtimeRow
  ticketTypes: TicketTypeRow
  priceLists: PriceListRow
}
