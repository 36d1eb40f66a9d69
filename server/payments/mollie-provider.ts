import { createHash } from 'node:crypto'
import { refuse } from '../platform/refusal.ts'
import { openMollie } from './mollie-client.ts'
import type { MollieClient, MolliePayment, MollieRefund } from './mollie-client.ts'
import { listAtMollie, listStatementAtMollie } from './mollie-list.ts'
import { amountOf, fromMollie } from './mollie-money.ts'
import { ProviderError } from './provider.ts'
import type {
  BegunPayment,
  PaymentAt,
  PaymentOrder,
  PaymentProvider,
  ProviderPayment,
  ProviderRefund,
} from './provider.ts'

export interface MollieSettings {
  readonly apiKey: string
  /** Reads the balances of the organisation; null: what Mollie keeps and pays out is not known here. */
  readonly organizationToken: string | null
  /** Null: Mollie itself. */
  readonly url: URL | null
}

/** What Mollie's ids of payments look like; nothing else is ever asked for. */
const paymentId = /^tr_\w{4,64}$/

/** Cards and wallets by Mollie's own page, captured manually. Its webhooks name a payment and say nothing of it. */
export function createMollieProvider(settings: MollieSettings): PaymentProvider {
  const mollie = openMollie(settings.apiKey, settings.organizationToken, settings.url)
  return {
    name: 'mollie',
    begin: async (order) => await begin(mollie, order),
    read: async (reference) => readPayment(await mollie.payment(reference)),
    capture: async (payment, amountMinor) => await capture(mollie, payment, amountMinor),
    cancel: async (payment) => await cancel(mollie, payment),
    refund: async (payment, refund) => await giveBack(mollie, payment, refund),
    async readWebhook(_headers, body) {
      const id = new URLSearchParams(body).get('id') ?? ''
      if (!paymentId.test(id)) return refuse('validation_failed', 'A webhook names a payment.')
      const payment = await unlessRefused(async () => await mollie.payment(id))
      return payment && { id: `${id}:${digestOf(payment)}`, payment: readPayment(payment) }
    },
    listTransactions: (period) => listAtMollie(mollie, period),
    listStatement: settings.organizationToken === null ? null : (period) => listStatementAtMollie(mollie, period),
  }
}

async function begin(mollie: MollieClient, order: PaymentOrder): Promise<BegunPayment> {
  const { paymentId: ours, bookingId, returnUrl, notifyUrl } = order
  const left = new URL(returnUrl)
  left.searchParams.set('payment', 'left')
  const payment = await mollie.createPayment(
    {
      amount: amountOf(order.amountMinor, order.currency),
      description: order.description,
      redirectUrl: returnUrl,
      cancelUrl: left.href,
      captureMode: 'manual',
      metadata: { paymentId: ours, bookingId },
      ...(notifyUrl !== null && { webhookUrl: notifyUrl }),
    },
    ours,
  )
  const { _links: links } = payment
  const url = links?.checkout?.href
  if (url === undefined) throw new ProviderError('Mollie: the page has no address', true)
  return { reference: payment.id, url }
}

const states: Readonly<Record<string, ProviderPayment['state']>> = {
  authorized: 'authorised',
  paid: 'captured',
  canceled: 'voided',
  expired: 'voided',
  failed: 'declined',
}

function readPayment(payment: MolliePayment): ProviderPayment {
  const { id, status, amount, amountCaptured, metadata, _embedded: parts } = payment
  const captured = amountCaptured ?? (status === 'paid' ? amount : null)
  return {
    reference: id,
    paymentId: metadata?.paymentId ?? null,
    state: states[status] ?? 'open',
    amountMinor: fromMollie(amount),
    capturedMinor: captured === null ? 0 : fromMollie(captured),
    currency: amount.currency,
    refunds: (parts?.refunds ?? []).map(readRefund),
    disputes: (parts?.chargebacks ?? []).map((chargeback) => ({
      reference: chargeback.id,
      amountMinor: fromMollie(chargeback.amount),
      state: chargeback.reversedAt === null || chargeback.reversedAt === undefined ? 'open' : 'won',
    })),
  }
}

function readRefund({ id, amount, status, metadata }: MollieRefund): ProviderRefund {
  const isOver = status === 'failed' || status === 'canceled'
  return {
    reference: id,
    refundId: metadata?.refundId ?? null,
    amountMinor: fromMollie(amount),
    state: isOver ? 'failed' : status === 'refunded' ? 'succeeded' : 'pending',
  }
}

/** Null where Mollie says that it cannot be: how the payment stands tells why. */
async function unlessRefused<Result>(work: () => Promise<Result>): Promise<Result | null> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ProviderError && error.isFinal) return null
    throw error
  }
}

async function capture(mollie: MollieClient, payment: PaymentAt, amountMinor: number): Promise<ProviderPayment> {
  const { reference, currency } = payment
  const key = `${payment.paymentId}-capture-${amountMinor}`
  await unlessRefused(async () => await mollie.capture(reference, amountOf(amountMinor, currency), key))
  // The rest would stay on the payer's card.
  if (amountMinor < payment.amountMinor) await unlessRefused(async () => await mollie.release(reference))
  return readPayment(await mollie.payment(reference))
}

/** A page that Mollie does not let be ended runs out by itself; whoever pays on it meanwhile is released. */
async function cancel(mollie: MollieClient, { reference }: PaymentAt): Promise<ProviderPayment> {
  const before = readPayment(await mollie.payment(reference))
  if (before.state === 'open') await unlessRefused(async () => await mollie.cancel(reference))
  else if (before.state === 'authorised') await unlessRefused(async () => await mollie.release(reference))
  else return before
  return readPayment(await mollie.payment(reference))
}

/** Looks first whether it was made: Mollie forgets idempotency keys after an hour. */
async function giveBack(
  mollie: MollieClient,
  { reference, currency }: PaymentAt,
  { key, refundId, amountMinor }: Parameters<PaymentProvider['refund']>[1],
): Promise<ProviderRefund> {
  const { _embedded: parts } = await mollie.payment(reference)
  const known = parts?.refunds?.find(({ metadata }) => metadata?.key === key)
  if (known) return readRefund(known)
  const metadata = { key, ...(refundId !== null && { refundId }) }
  return readRefund(await mollie.refund(reference, { amount: amountOf(amountMinor, currency), metadata }, key))
}

/** What can be news of a payment: another digest is another event. */
function digestOf(payment: MolliePayment): string {
  const known = readPayment(payment)
  return createHash('sha256').update(JSON.stringify(known)).digest('base64url').slice(0, 22)
}
