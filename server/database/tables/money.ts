export interface BookingRow {
  id: string
  reference: string
  showtimeId: string
  theatreId: string
  holdId: string | null
  userId: string | null
  client: string
  channel: 'web' | 'counter'
  status: 'pending' | 'confirmed' | 'expired' | 'cancelled'
  customerName: string | null
  customerEmail: string | null
  customerEmailFolded: string | null
  customerPhone: string | null
  customerLocale: string | null
  /** JSON: the prices and rules that bind this booking (`HoldTerms`). */
  terms: string
  currency: string
  subtotal: number
  discount: number
  fees: number
  tax: number
  taxIncluded: number
  total: number
  paid: number
  refunded: number
  promoCode: string | null
  notes: string | null
  cancelReason: string | null
  createdBy: string | null
  createdAt: number
  updatedAt: number
  expiresAt: number | null
  confirmedAt: number | null
  endedAt: number | null
}

export interface TicketRow {
  id: string
  bookingId: string
  showtimeId: string
  /** Null in general admission. */
  seatId: string | null
  rowLabel: string | null
  seatNumber: string | null
  ticketType: string
  category: string
  priceAmount: number
  discountAmount: number
  feeAmount: number
  taxAmount: number
  taxIncludedAmount: number
  status: 'valid' | 'used' | 'void'
  /** Raised when the codes given out before must no longer open the door. */
  codeRevision: number
  checkedInAt: number | null
  voidedAt: number | null
}

/** A ticket that was exchanged away from a showtime: its old codes must not open that showtime's door, even offline. */
export interface DepartedTicketRow {
  ticketId: string
  showtimeId: string
  departedAt: number
}

export interface PaymentRow {
  id: string
  bookingId: string
  theatreId: string
  provider: 'test' | 'stripe' | 'mollie' | 'counter'
  providerReference: string | null
  status: 'pending' | 'authorised' | 'succeeded' | 'failed' | 'expired' | 'voided' | 'partially_refunded' | 'refunded'
  amount: number
  refunded: number
  currency: string
  tender: 'cash' | 'card' | 'voucher' | 'comp' | null
  tendered: number | null
  terminalReference: string | null
  shiftId: string | null
  returnUrl: string | null
  actionUrl: string | null
  createdBy: string | null
  disputed: number
  createdAt: number
  authorisedAt: number | null
  capturedAt: number | null
  /** Minor units that were captured; null before. What was given back earlier was never captured. */
  captured: number | null
  endedAt: number | null
}

export interface RefundRow {
  id: string
  paymentId: string
  bookingId: string
  theatreId: string
  amount: number
  currency: string
  status: 'pending' | 'succeeded' | 'failed'
  reason: string | null
  providerReference: string | null
  /** The shift out of whose drawer it was given. */
  shiftId: string | null
  /** Who handed over what had waited at the counter; null where it went back at once, and while it waits. */
  paidOutBy: string | null
  createdBy: string | null
  createdAt: number
  settledAt: number | null
}

/** A payer told the bank that a payment was none of theirs. */
export interface PaymentDisputeRow {
  paymentId: string
  providerReference: string
  status: 'open' | 'won' | 'lost'
  amount: number
  openedAt: number
  closedAt: number | null
}

export interface ProviderEventRow {
  provider: string
  eventId: string
  payload: string
  receivedAt: number
  appliedAt: number | null
}

export interface MoneyTables {
  bookings: BookingRow
  tickets: TicketRow
  departedTickets: DepartedTicketRow
  payments: PaymentRow
  refunds: RefundRow
  paymentDisputes: PaymentDisputeRow
  providerEvents: ProviderEventRow
}
