import { onlineProviders } from '../../contract/payments.ts'
import type { createPayment } from '../../contract/payments.ts'
import type { PaymentRow } from '../database/tables/money.ts'
import type { Request } from '../http/request.ts'
import type { Providers } from '../payments/providers.ts'
import { refuseField } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'

/** How the house takes money, and where its payers come back to. */
export interface PaymentHouse {
  readonly testPayments: boolean
  readonly providers: Providers
  /** Without a slash at the end; null: not known. */
  readonly publicUrl: string | null
  /** Other sites whose pages a payer may come back to. */
  readonly corsOrigins: readonly string[]
}

type BeginBody = Request<typeof createPayment>['body']
type Provider = PaymentRow['provider']

/** Who takes the money where the buyer does not say: one that takes real money, if there is any. */
export function usualProvider({ providers }: PaymentHouse): Provider {
  return onlineProviders.find((name) => name !== 'test' && providers.has(name)) ?? 'test'
}

/** Whether a payment is asked for as its provider needs it. */
export function judgeBegin(
  parts: PaymentHouse,
  provider: Provider,
  body: BeginBody,
  currency: string,
): Refusal<'validation_failed'> | null {
  if (provider === 'test' && !parts.testPayments) return refuseField('/provider', 'is turned off here')
  if (provider !== 'counter' && !parts.providers.has(provider)) return refuseField('/provider', 'is not set up here')
  const refused = judgeReturn(parts, provider, body.returnUrl)
  if (refused) return refused
  for (const [name, money] of Object.entries({ amount: body.amount, tendered: body.tendered })) {
    if (money !== undefined && money.currency !== currency)
      return refuseField(`/${name}/currency`, `must be ${currency}`)
  }
  if (provider === 'counter') return judgeTender(body)
  const forCounter = ['tender', 'amount', 'tendered', 'terminalReference', 'voucherCode', 'shiftId'] as const
  const given = forCounter.find((name) => body[name] !== undefined)
  return given ? refuseField(`/${given}`, 'is for the counter') : null
}

/** What goes with which tender, however the booking stands. */
function judgeTender({ tender, voucherCode, amount, tendered }: BeginBody): Refusal<'validation_failed'> | null {
  if (tender === undefined) return refuseField('/tender', 'is needed at the counter')
  if (tender === 'voucher' && voucherCode === undefined) return refuseField('/voucherCode', 'is needed for a voucher')
  if (tender !== 'voucher' && voucherCode !== undefined) return refuseField('/voucherCode', 'is for vouchers')
  if (tender !== 'cash' && tendered !== undefined) return refuseField('/tendered', 'is for cash')
  if (tender !== 'comp' && amount?.amount === 0) return refuseField('/amount/amount', 'must be at least 1')
  if (amount !== undefined && tendered !== undefined && tendered.amount < amount.amount)
    return refuseField('/tendered/amount', `must be at least ${amount.amount}`)
  return null
}

/** A payer comes back to a page of the house's, or of a site that it trusts; where the house does not know its own, to any. */
function judgeReturn(
  { publicUrl, corsOrigins }: PaymentHouse,
  provider: Provider,
  returnUrl: string | undefined,
): Refusal<'validation_failed'> | null {
  if (returnUrl === undefined) {
    const hasPage = provider === 'test' || provider === 'counter'
    return hasPage || publicUrl !== null ? null : refuseField('/returnUrl', 'is needed')
  }
  const { protocol, origin } = new URL(returnUrl)
  if (protocol !== 'http:' && protocol !== 'https:') return refuseField('/returnUrl', 'must be a web address')
  // Nobody leaves for the test provider's page, which is the house's own.
  const isOurs =
    provider === 'test' || publicUrl === null || origin === new URL(publicUrl).origin || corsOrigins.includes(origin)
  return isOurs ? null : refuseField('/returnUrl', 'must be a page of this house')
}
