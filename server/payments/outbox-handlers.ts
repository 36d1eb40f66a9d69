import type { Database } from '../database/database.ts'
import type { PaymentRow, RefundRow } from '../database/tables/money.ts'
import type { OutboxHandler } from '../jobs/outbox-worker.ts'
import { assert, must } from '../platform/assert.ts'
import type { Clock } from '../platform/clock.ts'
import { holdsMoney, paymentAt } from './model.ts'
import { ProviderError } from './provider.ts'
import type { PaymentProvider, ProviderPayment } from './provider.ts'
import type { Providers } from './providers.ts'
import { captureWork, checkWork, refundWork, voidWork } from './store.ts'

export interface PaymentWorkParts {
  readonly database: Database
  readonly clock: Clock
  readonly providers: Providers
  /** Tells a payment how it stands at its provider. It lives to the right of here: a booking may follow. */
  readonly settle: (paymentId: string, known: ProviderPayment) => Promise<unknown>
}

/** How long a capture is tried before the authorisation is given back and the booking cancelled. */
export const captureWindowMs = 24 * 3600_000

/**
 * So many payments are worked at once: a provider takes half a second for each, and with two requests of each that stays below
 * the hundred a second that Stripe answers. A silent one keeps a hand for half a minute at most, within a lease.
 */
export const paymentPace = { hands: 24, batchRows: 24 }

/** What the outbox does for payments at their providers. Each may run again at any time, after any crash. */
export function paymentHandlers(parts: PaymentWorkParts): Record<string, OutboxHandler> {
  return {
    [captureWork]: async ({ paymentId }) => await capture(parts, String(paymentId)),
    [voidWork]: async ({ paymentId }) => await release(parts, String(paymentId)),
    [refundWork]: async ({ refundId }) => await refund(parts, String(refundId)),
    [checkWork]: async ({ paymentId }) => {
      const found = await find(parts, String(paymentId))
      if (found?.payment.status === 'pending' && found.payment.providerReference !== null) {
        await parts.settle(found.payment.id, await found.provider.read(found.payment.providerReference))
      }
    },
  }
}

async function capture(parts: PaymentWorkParts, paymentId: string): Promise<void> {
  const { payment, provider } = (await find(parts, paymentId)) ?? {}
  if (!payment || !provider || payment.capturedAt !== null || !holdsMoney(payment.status)) return
  const due = payment.amount - payment.refunded
  const authorisedAt = must(payment.authorisedAt, 'What is captured was authorised')
  const isTooLate = parts.clock.now() - authorisedAt >= captureWindowMs
  const after = isTooLate ? await provider.cancel(paymentAt(payment)) : await provider.capture(paymentAt(payment), due)
  refuseUnsettled(after)
  await parts.settle(payment.id, after)
}

/** Nothing is kept of a payment that does not count: it is cancelled, or what was taken all the same goes back. */
async function release(parts: PaymentWorkParts, paymentId: string): Promise<void> {
  const { payment, provider } = (await find(parts, paymentId)) ?? {}
  if (!payment || !provider || payment.providerReference === null || !isOver(payment)) return
  const after = await provider.cancel(paymentAt(payment))
  if (after.state === 'voided' || after.state === 'declined') return
  refuseUnsettled(after)
  const back = after.refunds.reduce((sum, { amountMinor, state }) => (state === 'failed' ? sum : sum + amountMinor), 0)
  const left = after.capturedMinor - back
  if (left === 0) return
  await provider.refund(paymentAt(payment), { key: `${payment.id}-late`, refundId: null, amountMinor: left })
}

/** A provider may take its time: the outbox comes again. */
function refuseUnsettled({ state }: ProviderPayment): void {
  if (state === 'authorised' || state === 'open') throw new ProviderError(`The payment is still ${state}`, false)
}

function isOver({ status }: PaymentRow): boolean {
  return status === 'failed' || status === 'expired' || status === 'voided'
}

async function refund(parts: PaymentWorkParts, refundId: string): Promise<void> {
  const first = await findPending(parts, refundId)
  if (!first) return
  const { payment, provider } = must(await find(parts, first.paymentId), 'A refund has its payment')
  if (payment.capturedAt === null) {
    if (payment.refunded < payment.amount) throw new ProviderError('The rest is to be captured first', false)
    const after = await provider.cancel(paymentAt(payment))
    refuseUnsettled(after)
    await parts.settle(payment.id, after)
    if (after.state !== 'captured') {
      // It was captured while it was cancelled, as far as we know: what is still to be given back is given back out of that.
      if (await findPending(parts, refundId)) throw new ProviderError('It was captured meanwhile', false)
      return
    }
  }
  // A capture that left this refund out has given it back with that: it is looked at again behind the capture that we know of.
  const row = await findPending(parts, refundId)
  if (!row) return
  const { id, amount } = row
  const made = await provider.refund(paymentAt(payment), { key: id, refundId: id, amountMinor: amount })
  const { paymentId, reference, amountMinor, currency } = paymentAt(payment)
  const money = { amountMinor, capturedMinor: payment.captured ?? amountMinor, currency }
  await parts.settle(paymentId, { reference, paymentId, state: 'captured', ...money, refunds: [made], disputes: [] })
  // Asked again, the provider answers what became of it: no webhook has to come for that.
  if (made.state === 'pending') throw new ProviderError('The refund is on its way', false)
}

/** A refund that is still to be made. */
async function findPending({ database }: PaymentWorkParts, refundId: string): Promise<RefundRow | null> {
  const row = await database.read.selectFrom('refunds').selectAll().where('id', '=', refundId).executeTakeFirst()
  return row?.status === 'pending' ? row : null
}

async function find(
  { database, providers }: PaymentWorkParts,
  paymentId: string,
): Promise<{ readonly payment: PaymentRow; readonly provider: PaymentProvider } | null> {
  const payment = await database.read.selectFrom('payments').selectAll().where('id', '=', paymentId).executeTakeFirst()
  if (!payment || payment.provider === 'counter') return null
  const provider = providers.get(payment.provider)
  assert(provider, `The provider ${payment.provider} is not set up here`)
  return { payment, provider }
}
