import { Type } from 'typebox'
import type { Static, TSchema } from 'typebox'
import { Value } from 'typebox/value'
import type { MollieAmount } from './mollie-money.ts'
import { ProviderError } from './provider.ts'

const Amount = Type.Object({ currency: Type.String(), value: Type.String() })
const maybe = <Schema extends TSchema>(schema: Schema) => Type.Optional(Type.Union([schema, Type.Null()]))
const Metadata = maybe(
  Type.Object({
    paymentId: Type.Optional(Type.String()),
    refundId: Type.Optional(Type.String()),
    key: Type.Optional(Type.String()),
  }),
)
const Moment = maybe(Type.String())
const Link = maybe(Type.Object({ href: Type.String() }))

const Refund = Type.Object({
  id: Type.String(),
  paymentId: Type.Optional(Type.String()),
  amount: Amount,
  status: Type.String(),
  metadata: Metadata,
  createdAt: Type.String(),
})
const Chargeback = Type.Object({
  id: Type.String(),
  paymentId: Type.Optional(Type.String()),
  amount: Amount,
  createdAt: Type.String(),
  reversedAt: Moment,
})
const Payment = Type.Object({
  id: Type.String(),
  status: Type.String(),
  amount: Amount,
  amountCaptured: maybe(Amount),
  metadata: Metadata,
  createdAt: Type.String(),
  authorizedAt: Moment,
  paidAt: Moment,
  canceledAt: Moment,
  expiredAt: Moment,
  _links: Type.Optional(Type.Object({ checkout: Link })),
  _embedded: Type.Optional(
    Type.Object({
      refunds: Type.Optional(Type.Array(Refund)),
      chargebacks: Type.Optional(Type.Array(Chargeback)),
    }),
  ),
})
export type MolliePayment = Static<typeof Payment>
export type MollieRefund = Static<typeof Refund>

const Balance = Type.Object({ id: Type.String() })
const BalanceTransaction = Type.Object({
  id: Type.String(),
  type: Type.String(),
  resultAmount: Amount,
  deductions: maybe(Amount),
  /** What it is about; which of its members there are depends on the type. */
  context: maybe(Type.Record(Type.String(), Type.Unknown())),
  createdAt: Type.String(),
})
export type MollieBalanceTransaction = Static<typeof BalanceTransaction>

const Page = Type.Object({
  _embedded: Type.Object({
    balances: Type.Optional(Type.Array(Balance)),
    balance_transactions: Type.Optional(Type.Array(BalanceTransaction)),
    payments: Type.Optional(Type.Array(Payment)),
    refunds: Type.Optional(Type.Array(Refund)),
    chargebacks: Type.Optional(Type.Array(Chargeback)),
  }),
  _links: Type.Object({ next: Link }),
})
type MolliePage = Static<typeof Page>

/** As much of Mollie's API (v2) as a house needs. Throws `ProviderError`. */
export interface MollieClient {
  createPayment(body: object, key: string): Promise<MolliePayment>
  /** With its refunds and chargebacks. */
  payment(id: string): Promise<MolliePayment>
  capture(id: string, amount: MollieAmount, key: string): Promise<void>
  /** Asks for the rest of an authorisation to be let go; Mollie does so when it can. */
  release(id: string): Promise<void>
  cancel(id: string): Promise<void>
  refund(id: string, body: object, key: string): Promise<MollieRefund>
  /** The newest first, a page at a time. */
  pages(
    of: 'payments' | 'refunds' | 'chargebacks' | 'balances' | `balances/${string}/transactions`,
  ): AsyncGenerator<MolliePage>
}

const timeoutMs = 5000

/** Balances are the organisation's, and told to a token of the organisation alone. */
export function openMollie(apiKey: string, organizationToken: string | null, url: URL | null): MollieClient {
  const base = url ?? new URL('https://api.mollie.com')

  async function ask(method: string, path: string, body?: object, key?: string): Promise<unknown> {
    const secret = path.startsWith('/v2/balances') ? (organizationToken ?? apiKey) : apiKey
    const headers = {
      authorization: `Bearer ${secret}`,
      'user-agent': 'Matinee',
      ...(body && { 'content-type': 'application/json' }),
      ...(key !== undefined && { 'idempotency-key': key }),
    }
    const signal = AbortSignal.timeout(timeoutMs)
    const text = body && JSON.stringify(body)
    try {
      // Where the next page is, Mollie says; the key goes nowhere but to Mollie.
      const target = new URL(path, base)
      if (target.origin !== base.origin) throw new ProviderError('Mollie: a page lies somewhere else', true)
      const answer = await fetch(target, { method, headers, signal, redirect: 'error', ...(text && { body: text }) })
      const content = await answer.text()
      if (!answer.ok) throw new ProviderError(`Mollie answered ${answer.status}`, isFinal(answer.status))
      return content === '' ? null : JSON.parse(content)
    } catch (error) {
      if (error instanceof ProviderError) throw error
      throw new ProviderError(`Mollie: ${error instanceof Error ? error.message : 'no answer'}`, false)
    }
  }

  return {
    createPayment: async (body, key) => read(Payment, await ask('POST', '/v2/payments', body, key)),
    payment: async (id) => read(Payment, await ask('GET', `/v2/payments/${id}?embed=refunds,chargebacks`)),
    capture: async (id, amount, key) => void (await ask('POST', `/v2/payments/${id}/captures`, { amount }, key)),
    release: async (id) => void (await ask('POST', `/v2/payments/${id}/release-authorization`)),
    cancel: async (id) => void (await ask('DELETE', `/v2/payments/${id}`)),
    refund: async (id, body, key) => read(Refund, await ask('POST', `/v2/payments/${id}/refunds`, body, key)),
    async *pages(of) {
      for (let path: string | null = `/v2/${of}?limit=250`; path !== null;) {
        const page: MolliePage = read(Page, await ask('GET', path))
        yield page
        const { _links: links } = page
        path = links.next?.href ?? null
      }
    },
  }
}

/** Only what the request itself is to blame for is final; a wrong key or a limit is mended by somebody. */
function isFinal(status: number): boolean {
  return status === 400 || status === 404 || status === 409 || status === 410 || status === 422
}

function read<Schema extends TSchema>(schema: Schema, answer: unknown): Static<Schema> {
  if (Value.Check(schema, answer)) return answer
  throw new ProviderError('Mollie answered what we do not understand', false)
}
