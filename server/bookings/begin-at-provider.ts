import type { Payment } from '../../contract/payments.ts'
import type { Database, Transaction } from '../database/database.ts'
import { enqueue } from '../database/outbox.ts'
import { readRow } from '../database/rows.ts'
import type { BookingRow, PaymentRow } from '../database/tables/money.ts'
import type { BegunPayment, PaymentOrder, PaymentProvider } from '../payments/provider.ts'
import { ProviderError } from '../payments/provider.ts'
import { checkWork, findPayment, releaseAtProvider } from '../payments/store.ts'
import type { Log } from '../platform/log.ts'
import { must } from '../platform/assert.ts'
import { refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'

export interface BeginParts {
  readonly database: Database
  /** Without a slash at the end; null: not known. */
  readonly publicUrl: string | null
}

/** How long before its booking lapses a payment is looked at once more: news of it may have been lost. */
const checkBeforeMs = 15_000

/**
 * Asks the provider for its page, behind the commit that made the payment. Whoever comes again with the key of that commit
 * (because the provider was silent, or the server died in between) gets the same payment and the same page.
 */
export async function beginAtProvider(
  parts: BeginParts,
  provider: PaymentProvider,
  begun: Payment,
  log: Log,
): Promise<Payment | Refusal<'provider_unavailable'>> {
  const { database } = parts
  const payment = must(await readRow(database, 'payments', begun.id), 'It was begun')
  if (payment.actionUrl !== null) return withPage(begun, payment.actionUrl)
  if (payment.status !== 'pending') return { ...begun, status: payment.status }
  const booking = must(await readRow(database, 'bookings', payment.bookingId), 'A payment has its booking')
  try {
    const page = await provider.begin(orderOf(parts, payment, booking))
    const open = await database.write(async (tx) => await keepPage(tx, payment.id, booking, page))
    return open ? withPage(begun, page.url) : { ...begun, status: 'expired' }
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    log.error({ err: error, paymentId: payment.id, provider: provider.name }, 'a payment could not be begun')
    return refuse('provider_unavailable', undefined, { retryAfterSeconds: 2 })
  }
}

function withPage(payment: Payment, url: string): Payment {
  return { ...payment, action: { type: 'redirect', url } }
}

/** Answers whether the payment is still wanted; what was ended meanwhile is ended at the provider, too. */
async function keepPage(
  tx: Transaction,
  paymentId: string,
  { expiresAt }: BookingRow,
  { reference, url }: BegunPayment,
): Promise<boolean> {
  const payment = must(await findPayment(tx, paymentId), 'Payments are never deleted')
  // A webhook may have been faster, and have told the name of the money, which comes after that of the page.
  const providerReference = payment.providerReference ?? reference
  await tx.query
    .updateTable('payments')
    .set({ actionUrl: url, providerReference })
    .where('id', '=', paymentId)
    .execute()
  if (payment.status === 'pending') {
    await enqueue(tx, checkWork, { paymentId }, Math.max(tx.nowMs, (expiresAt ?? tx.nowMs) - checkBeforeMs))
    return true
  }
  if (payment.status === 'expired') await releaseAtProvider(tx, { ...payment, providerReference })
  return payment.status !== 'expired'
}

function orderOf({ publicUrl }: BeginParts, payment: PaymentRow, booking: BookingRow): PaymentOrder {
  const isReachable = publicUrl?.startsWith('https:') ?? false
  return {
    paymentId: payment.id,
    bookingId: booking.id,
    description: `Booking ${booking.reference}`,
    amountMinor: payment.amount,
    currency: payment.currency,
    customerEmail: booking.customerEmail,
    returnUrl: payment.returnUrl ?? `${must(publicUrl, 'Judged before')}/paid/${booking.id}`,
    notifyUrl: isReachable ? `${publicUrl}/api/v1/payments/webhooks/${payment.provider}` : null,
    createdAt: payment.createdAt,
  }
}
