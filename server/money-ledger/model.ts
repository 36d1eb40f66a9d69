import type { PaymentRow, RefundRow } from '../database/tables/money.ts'
import type { MoneyPostingRow, ProviderStatementLineRow } from '../database/tables/money-ledger.ts'
import type { ShiftMovementRow, ShiftRow } from '../database/tables/shifts.ts'
import type { VoucherEntryRow } from '../database/tables/vouchers.ts'

export type Posting = MoneyPostingRow

/** The chart of accounts, as `docs/accountants.md` explains it. What a kind has more of, it has on the debit side or the credit side. */
export const accounts = {
  promised: { kind: 'asset', title: 'Authorised at the payment provider, not captured yet' },
  provider: { kind: 'asset', title: 'Captured: the payment provider owes it to the house' },
  disputed: { kind: 'asset', title: 'Withheld by the provider while a payment is disputed' },
  bank: { kind: 'asset', title: 'Paid out by the payment provider to the bank of the house' },
  drawer: { kind: 'asset', title: 'Cash in the drawers of the tills' },
  terminal: { kind: 'asset', title: 'Taken by the card terminals of the counter' },
  safe: { kind: 'asset', title: 'Cash of the house outside of the drawers' },
  voucher_sales: { kind: 'asset', title: 'What vouchers were given out for' },
  bookings: { kind: 'liability', title: 'Paid for bookings that are not confirmed yet' },
  vouchers: { kind: 'liability', title: 'What is left on vouchers' },
  refunds_owed: { kind: 'liability', title: 'Refunds that were not paid out yet, by the provider or at the counter' },
  tax: { kind: 'liability', title: 'Tax on what was sold' },
  tickets: { kind: 'income', title: 'Tickets, less discounts and tax' },
  fees: { kind: 'income', title: 'Fees for tickets, less tax' },
  kept: { kind: 'income', title: 'Kept on cancellation, less what was given back beyond it' },
  vouchers_lapsed: { kind: 'income', title: 'What was left on vouchers that lapsed or were withdrawn' },
  complimentary: { kind: 'expense', title: 'Tickets given away' },
  differences: { kind: 'expense', title: 'What was missing when tills were counted, less what was too much' },
  provider_fees: { kind: 'expense', title: 'What the payment provider kept for itself' },
  disputes_lost: { kind: 'expense', title: 'Disputed payments that the provider took back' },
} as const
export type Account = keyof typeof accounts

type Line = readonly [debit: Account, credit: Account, amount: number]
type About = Omit<Posting, 'debit' | 'credit' | 'amount'>

/** Postings of one fact. An amount below zero goes the other way, of nothing there is nothing to say. */
function postings(about: About, lines: readonly Line[]): Posting[] {
  const { subjectId, fact, factId, currency, at, theatreId, voucherId, shiftId } = about
  return lines.flatMap(([to, from, moved]) => {
    if (moved === 0) return []
    const [debit, credit] = moved > 0 ? [to, from] : [from, to]
    const amount = Math.abs(moved)
    // Every row has its members in this order: very many at once are written by it.
    return { subjectId, fact, factId, debit, credit, amount, currency, at, theatreId, voucherId, shiftId }
  })
}

function aboutPayment(fact: string, payment: PaymentRow, at: number): About {
  const { id, bookingId, currency, theatreId } = payment
  return { subjectId: bookingId, fact, factId: id, currency, at, theatreId, voucherId: null, shiftId: null }
}

/** Where the money of a counter's tender lies; a complimentary ticket brings none. */
const counterAccounts = { cash: 'drawer', card: 'terminal', voucher: 'vouchers' } as const

function counterAccount(tender: PaymentRow['tender']): Account | null {
  return tender === 'comp' ? null : counterAccounts[tender ?? 'card']
}

/**
 * A payment was credited to its booking: the provider has promised it, or the counter has taken it. `voucherId`: the
 * voucher that paid.
 */
export function paymentReceived(payment: PaymentRow, voucherId: string | null = null): Posting[] {
  const at = payment.authorisedAt ?? payment.createdAt
  if (payment.provider !== 'counter') {
    return postings(aboutPayment('authorised', payment, at), [['promised', 'bookings', payment.amount]])
  }
  const account = counterAccount(payment.tender)
  if (account === null) return []
  const about = { ...aboutPayment('taken', payment, at), voucherId, shiftId: payment.shiftId }
  return postings(about, [[account, 'bookings', payment.amount]])
}

/** The provider has taken the money. `amount`: what was captured, minor units. */
export function paymentCaptured(payment: PaymentRow, amount: number, at: number): Posting[] {
  return postings(aboutPayment('captured', payment, at), [['provider', 'promised', amount]])
}

/** Authorised money will not come: it was voided, or could not be captured. */
export function paymentReleased(payment: PaymentRow, at: number): Posting[] {
  return postings(aboutPayment('released', payment, at), [['bookings', 'promised', payment.amount]])
}

function aboutRefund(fact: string, refund: RefundRow, at: number): About {
  const { id, bookingId, currency, theatreId } = refund
  return { subjectId: bookingId, fact, factId: id, currency, at, theatreId, voucherId: null, shiftId: null }
}

/** Money is given back: at once where the house hands it over or a voucher has it again, else it is owed until it was paid. */
export function refundRecorded(refund: RefundRow, payment: PaymentRow, voucherId: string | null = null): Posting[] {
  const about = aboutRefund('refunded', refund, refund.createdAt)
  const isOwed = payment.provider !== 'counter' || refund.status === 'pending'
  if (isOwed) return postings(about, [['bookings', 'refunds_owed', refund.amount]])
  const account = counterAccount(payment.tender)
  if (account === null) return []
  return postings({ ...about, voucherId, shiftId: refund.shiftId }, [['bookings', account, refund.amount]])
}

/** The provider has given a refund back. `released`: what of it was authorised and never captured, minor units. */
export function refundPaid(refund: RefundRow, released: number, at: number): Posting[] {
  return postings(aboutRefund('refund_paid', refund, at), [
    ['refunds_owed', 'promised', released],
    ['refunds_owed', 'provider', refund.amount - released],
  ])
}

/** What was due at the counter is handed over there, out of a drawer or by a terminal. */
export function refundHandedOver(refund: RefundRow, tender: PaymentRow['tender'], at: number): Posting[] {
  const account = counterAccount(tender)
  if (account === null) return []
  const about = { ...aboutRefund('refund_handed_over', refund, at), shiftId: refund.shiftId }
  return postings(about, [['refunds_owed', account, refund.amount]])
}

/** The provider could not give a refund back, or it came back: the booking has its money again. */
export function refundFailed(refund: RefundRow, at: number): Posting[] {
  const from = refund.status === 'succeeded' ? 'provider' : 'refunds_owed'
  return postings(aboutRefund('refund_failed', refund, at), [[from, 'bookings', refund.amount]])
}

const disputeAccounts = { open: 'disputed', won: 'provider', lost: 'disputes_lost' } as const

function aboutDispute(fact: string, payment: PaymentRow, reference: string, at: number): About {
  return { ...aboutPayment(fact, payment, at), factId: reference }
}

/** A payer disputes a payment: the provider withholds `amount`, minor units. `reference`: what it calls the dispute. */
export function disputeOpened(payment: PaymentRow, reference: string, amount: number, at: number): Posting[] {
  return postings(aboutDispute('dispute_opened', payment, reference, at), [['disputed', 'provider', amount]])
}

/** A dispute was won or lost; what was withheld (or was decided otherwise before) is the house's again, or gone. */
export function disputeClosed(
  payment: PaymentRow,
  reference: string,
  amount: number,
  change: { readonly from: 'open' | 'won' | 'lost'; readonly to: 'won' | 'lost' },
  at: number,
): Posting[] {
  const about = aboutDispute(`dispute_${change.to}`, payment, reference, at)
  return postings(about, [[disputeAccounts[change.to], disputeAccounts[change.from], amount]])
}

/** A provider has kept something for itself, or paid out. `payment`: what it was kept for. */
export function statementLine(
  { provider, lineId, kind, amount, currency, at }: ProviderStatementLineRow,
  payment: Pick<PaymentRow, 'bookingId' | 'theatreId'> | null,
): Posting[] {
  const subjectId = payment?.bookingId ?? provider
  const about = { subjectId, fact: `provider_${kind}`, factId: lineId, currency, at, voucherId: null, shiftId: null }
  const account = kind === 'fee' ? 'provider_fees' : 'bank'
  return postings({ ...about, theatreId: payment?.theatreId ?? null }, [[account, 'provider', amount]])
}

/** A voucher was given out, corrected, lapsed or withdrawn (or is good again); what is spent and given back are postings of payments and refunds. */
export function voucherMoved(entry: VoucherEntryRow, currency: string): Posting[] {
  if (entry.kind === 'spend' || entry.kind === 'refund') return []
  const { id, voucherId, kind, amount, createdAt: at } = entry
  const about = {
    subjectId: voucherId,
    fact: `voucher_${kind}`,
    factId: id,
    currency,
    at,
    theatreId: null,
    shiftId: null,
  }
  return postings({ ...about, voucherId }, [
    [kind === 'withdraw' ? 'vouchers_lapsed' : 'voucher_sales', 'vouchers', amount],
  ])
}

function aboutShift(fact: string, factId: string, shift: ShiftRow, at: number): About {
  const { id, currency, theatreId } = shift
  return { subjectId: id, fact, factId, currency, at, theatreId, voucherId: null, shiftId: id }
}

/** A till was opened with cash in its drawer. */
export function shiftOpened(shift: ShiftRow): Posting[] {
  return postings(aboutShift('shift_opened', shift.id, shift, shift.openedAt), [['drawer', 'safe', shift.floatAmount]])
}

/** Cash was put into a drawer, or taken out. */
export function cashMoved(movement: ShiftMovementRow, shift: ShiftRow): Posting[] {
  const about = aboutShift('cash_moved', movement.id, shift, movement.createdAt)
  return postings(about, [['drawer', 'safe', movement.amount]])
}

/**
 * A till was counted: what was too much or missing, and the cash goes into the safe. `expected` and `counted`: minor units
 * by tender; a drawer that was not counted is emptied as it should be.
 */
export function shiftClosed(
  shift: ShiftRow,
  expected: { readonly cash: number; readonly card: number },
  counted: { readonly cash?: number; readonly card?: number },
  at: number,
): Posting[] {
  const cash = counted.cash ?? expected.cash
  const about = aboutShift('shift_closed', shift.id, shift, at)
  return postings(about, [
    ['drawer', 'differences', cash - expected.cash],
    ['terminal', 'differences', (counted.card ?? expected.card) - expected.card],
    ['safe', 'drawer', cash],
  ])
}

/** What of a booking's money lies on which account, minor units; the sum of it all is what was paid and not given back. */
export interface Sale {
  readonly tickets: number
  readonly fees: number
  readonly tax: number
  /** Above zero kept, below zero given back although the tickets stand. */
  readonly kept: number
  /** What of the tickets nobody had to pay, as a number below zero. */
  readonly complimentary: number
}

export const noSale: Sale = { tickets: 0, fees: 0, tax: 0, kept: 0, complimentary: 0 }

export interface SoldSums {
  /** Prices less discounts. */
  readonly prices: number
  readonly fees: number
  readonly tax: number
  readonly taxIncluded: number
}

/**
 * What a confirmed booking is, by its tickets that stand and the money it has: `money` paid and not given back,
 * `complimentary` paid by nobody; minor units. Of the tax inside a total the fees bear their share, half up.
 */
export function saleOf({ prices, fees, tax, taxIncluded }: SoldSums, money: number, complimentary: number): Sale {
  const gross = prices + fees
  const ofFees = gross === 0 ? 0 : Number((2n * BigInt(fees) * BigInt(taxIncluded) + BigInt(gross)) / BigInt(2 * gross))
  const given = Math.min(complimentary, gross + tax)
  return {
    tickets: prices - (taxIncluded - ofFees),
    fees: fees - ofFees,
    tax: tax + taxIncluded,
    kept: money - (gross + tax - given),
    complimentary: given === 0 ? 0 : -given,
  }
}

/** A booking's money moves to what was sold, or (where it was sold before) from what it was to what it is. */
export function saleChanged(
  about: Pick<Posting, 'fact' | 'factId' | 'subjectId' | 'currency' | 'theatreId' | 'at'>,
  from: Sale,
  to: Sale,
): Posting[] {
  const lines = (['tickets', 'fees', 'tax', 'kept', 'complimentary'] as const).map((account): Line => [
    'bookings',
    account,
    to[account] - from[account],
  ])
  return postings({ ...about, voucherId: null, shiftId: null }, lines)
}
