import type { ProviderDispute, ProviderPayment, ProviderRefund } from '../payments/provider.ts'
import type { PaymentStatus } from '../payments/model.ts'

/** What a provider says of a payment, one thing at a time; `mismatched` is another amount or currency than ours. */
export type News =
  | { readonly kind: 'open' | 'declined' | 'voided' }
  | { readonly kind: 'authorised'; readonly money?: NewsMoney }
  | { readonly kind: 'captured'; readonly money?: NewsMoney; readonly capturedMinor?: number }
  | { readonly kind: 'refund'; readonly refund: ProviderRefund }
  | { readonly kind: 'dispute'; readonly dispute: ProviderDispute }

interface NewsMoney {
  readonly amountMinor: number
  readonly currency: string
}

/** A column of the table. */
export const newsKinds = [
  'open',
  'authorised',
  'captured',
  'mismatched',
  'declined',
  'voided',
  'refunded',
  'refund failed',
  'disputed',
  'dispute won',
  'dispute lost',
] as const
export type NewsKind = (typeof newsKinds)[number]

/** A row of the table: the payment's status; `late` is one that is open while its booking has lapsed or lost its seats. */
export type Standing = PaymentStatus | 'late'

/**
 * What is done. `confirm`: authorise, sell the seats, capture later. `end`: the payment is over, the booking waits for another.
 * `lapse`: write down that the booking lapsed. `release`: see that the provider keeps nothing of it. `reject`: fail it and
 * release it. `unwind`: the money is gone before it was captured, so the booking is cancelled and its buyer told. `capture`,
 * `refund`, `restore`, `dispute`: write down what the provider did; `restore` is a refund that came back.
 */
export type Step =
  | 'nothing'
  | 'confirm'
  | 'fail'
  | 'end'
  | 'lapse'
  | 'release'
  | 'reject'
  | 'unwind'
  | 'capture'
  | 'refund'
  | 'restore'
  | 'dispute'

type Row = readonly [
  open: Step,
  authorised: Step,
  captured: Step,
  mismatched: Step,
  declined: Step,
  voided: Step,
  refunded: Step,
  refundFailed: Step,
  disputed: Step,
  disputeWon: Step,
  disputeLost: Step,
]

/** Money that comes to a payment that is over goes back whence it came; anything else is old news. */
const over: Row = [
  'nothing',
  'release',
  'release',
  'release',
  'nothing',
  'nothing',
  'nothing',
  'nothing',
  'nothing',
  'nothing',
  'nothing',
]

/** Every standing of a payment, and what each piece of news does to it. The columns are those of `newsKinds`. */
// oxfmt-ignore
const table: Readonly<Record<Standing, Row>> = {
  //                   open       authorised captured   mismatched declined   voided     refunded   ref. failed disputed   won        lost
  pending:            ['nothing', 'confirm', 'confirm', 'reject',  'fail',    'end',     'nothing', 'nothing', 'nothing', 'nothing', 'nothing'],
  late:               ['lapse',   'release', 'release', 'release', 'lapse',   'lapse',   'nothing', 'nothing', 'nothing', 'nothing', 'nothing'],
  authorised:         ['nothing', 'nothing', 'capture', 'nothing', 'nothing', 'unwind',  'refund',  'restore', 'dispute', 'dispute', 'dispute'],
  succeeded:          ['nothing', 'nothing', 'capture', 'nothing', 'nothing', 'unwind',  'refund',  'restore', 'dispute', 'dispute', 'dispute'],
  partially_refunded: ['nothing', 'nothing', 'capture', 'nothing', 'nothing', 'unwind',  'refund',  'restore', 'dispute', 'dispute', 'dispute'],
  refunded:           ['nothing', 'nothing', 'capture', 'nothing', 'nothing', 'unwind',  'refund',  'restore', 'dispute', 'dispute', 'dispute'],
  failed: over,
  expired: over,
  voided: over,
}

export function stepFor(standing: Standing, kind: NewsKind): Step {
  return table[standing][newsKinds.indexOf(kind)] ?? 'nothing'
}

/** In which column a piece of news stands, for a payment of this money. */
export function kindOf(news: News, money: NewsMoney): NewsKind {
  if (news.kind === 'refund') return news.refund.state === 'failed' ? 'refund failed' : 'refunded'
  if (news.kind === 'dispute') return disputeKinds[news.dispute.state]
  if (news.kind !== 'authorised' && news.kind !== 'captured') return news.kind
  const told = news.money ?? money
  return told.amountMinor === money.amountMinor && told.currency === money.currency ? news.kind : 'mismatched'
}

const disputeKinds = { open: 'disputed', won: 'dispute won', lost: 'dispute lost' } as const

/** All that a payment at its provider tells, in the order in which it must have happened. */
export function toldBy(payment: ProviderPayment): { readonly news: readonly News[]; readonly reference?: string } {
  const { state, reference, amountMinor, capturedMinor, currency, refunds, disputes } = payment
  const money = { amountMinor, currency }
  const first: News =
    state === 'authorised'
      ? { kind: state, money }
      : state === 'captured'
        ? { kind: state, money, capturedMinor }
        : { kind: state }
  const news = [
    first,
    ...refunds.map((refund): News => ({ kind: 'refund', refund })),
    ...disputes.map((dispute): News => ({ kind: 'dispute', dispute })),
  ]
  // While it is open it may have two names, and the one that we have is the one by which it can be ended.
  return state === 'open' ? { news } : { news, reference }
}
