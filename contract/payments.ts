import type { Static } from 'typebox'
import { Type } from 'typebox'
import { Id, IdParams, Instant, Money, MoneyInput, line, nullable } from './common.ts'
import { closed, operation } from './operation.ts'

export const paymentStatuses = [
  'pending',
  'authorised',
  'succeeded',
  'failed',
  'expired',
  'voided',
  'partially_refunded',
  'refunded',
] as const
export const providers = ['test', 'stripe', 'mollie', 'counter'] as const
/** Those that take money online; the counter is the house itself. */
export const onlineProviders = ['stripe', 'mollie', 'test'] as const
export const tenders = ['cash', 'card', 'voucher', 'comp'] as const
export const refundStatuses = ['pending', 'succeeded', 'failed'] as const
/** What the `test` provider is told to do. */
export const testOutcomes = ['succeed', 'decline', 'timeout'] as const

const Refund = closed({
  id: Id,
  amount: Money,
  status: Type.Enum(refundStatuses, {
    description: 'One of the counter’s money that is `pending` is due there: `POST /bookings/{id}/pay-out`',
  }),
  reason: nullable(Type.String()),
  createdAt: Instant,
})

export const Payment = closed({
  id: Id,
  bookingId: Id,
  provider: Type.Enum(providers),
  status: Type.Enum(paymentStatuses),
  amount: Money,
  refunded: Money,
  action: closed({ type: Type.Enum(['redirect', 'none']), url: nullable(Type.String()) }),
  tender: Type.Optional(Type.Enum(tenders)),
  tendered: Type.Optional(Money),
  change: Type.Optional(Money),
  terminalReference: Type.Optional(Type.String()),
  shiftId: Type.Optional(Id),
  disputed: Type.Boolean(),
  capturedAt: nullable(Instant),
  refunds: Type.Array(Refund),
  createdAt: Instant,
})
export type Payment = Static<typeof Payment>

const AmountInput = MoneyInput
const tag = 'Payments'

export const createPayment = operation({
  id: 'createPayment',
  method: 'POST',
  path: '/payments',
  tag,
  summary: 'Begin to pay a booking; at the counter, take the money',
  access: 'anyone',
  body: closed({
    bookingId: Id,
    provider: Type.Optional(
      Type.Enum(providers, { description: 'Where silent, the one that takes real money online, if the house has one' }),
    ),
    returnUrl: Type.Optional(Type.String({ format: 'uri', maxLength: 2000 })),
    tender: Type.Optional(Type.Enum(tenders)),
    amount: Type.Optional(AmountInput),
    tendered: Type.Optional(AmountInput),
    terminalReference: Type.Optional(line(100)),
    voucherCode: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
    shiftId: Type.Optional(Id),
  }),
  answer: { status: 201, schema: Payment },
  refusals: [
    'payment_in_progress',
    'booking_not_payable',
    'voucher_not_valid',
    'shift_closed',
    'booking_expired',
    'provider_unavailable',
  ],
})
export const readPayment = operation({
  id: 'readPayment',
  method: 'GET',
  path: '/payments/{id}',
  tag,
  summary: 'A payment and its refunds',
  access: 'anyone',
  params: IdParams,
  answer: { status: 200, schema: Payment },
})
export const confirmPayment = operation({
  id: 'confirmPayment',
  method: 'POST',
  path: '/payments/{id}/confirm',
  tag,
  summary: 'Settle a payment: a success confirms the booking in the same transaction',
  access: 'anyone',
  params: IdParams,
  body: closed({ outcome: Type.Optional(Type.Enum(testOutcomes)) }),
  answer: { status: 200, schema: Payment },
  refusals: ['payment_not_confirmable', 'booking_expired', 'provider_unavailable'],
})
export const refundPayment = operation({
  id: 'refundPayment',
  method: 'POST',
  path: '/payments/{id}/refund',
  tag,
  summary: 'Give money back; the tickets stay valid',
  access: ['staff', 'owner', 'admin'],
  params: IdParams,
  body: closed({ amount: Type.Optional(AmountInput), reason: Type.Optional(line(500)) }),
  answer: { status: 200, schema: Payment },
  refusals: ['refund_exceeds_payment', 'payment_not_refundable'],
})
export const receiveWebhook = operation({
  id: 'receiveWebhook',
  method: 'POST',
  path: '/payments/webhooks/{provider}',
  tag,
  summary: 'What a provider tells us; signed, and always safe to repeat',
  access: 'anyone',
  params: closed({ provider: Type.String({ minLength: 1, maxLength: 40 }) }),
  body: Type.Unknown(),
  bodyMediaTypes: ['application/json', 'application/x-www-form-urlencoded'],
  rawBody: true,
  answer: { status: 200, schema: closed({ received: Type.Boolean() }) },
  refusals: ['invalid_signature', 'provider_unavailable', 'rate_limited'],
})

export const paymentOperations = {
  createPayment,
  readPayment,
  confirmPayment,
  refundPayment,
  receiveWebhook,
} as const
