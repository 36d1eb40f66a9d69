import type { Corruption } from './corruptions.ts'

/** What may never be in the books, a row at a time. */
export const bookCorruptions: readonly Corruption[] = [
  {
    breaks: 'I16',
    what: 'the books have a penny less for a payment than was captured',
    table: 'money_postings',
    where: ({ paid }) => ({ subject_id: paid.id, fact: 'captured' }),
    change: (_house, row) => ({ amount: Number(row['amount']) - 1 }),
    names: ({ paid }) => paid.payments[0]?.id ?? 'no payment',
  },
  {
    breaks: 'I16',
    what: 'the books have a refund that nobody decided on, and lack the one that somebody did',
    table: 'money_postings',
    where: ({ cancelled }) => ({ subject_id: cancelled.id, fact: 'refund_paid' }),
    change: () => ({ fact_id: 'ref_nobody' }),
    names: () => 'ref_nobody',
  },
  {
    breaks: 'I16',
    what: 'the books have the float of another day',
    table: 'money_postings',
    where: () => ({ fact: 'shift_opened' }),
    change: (_house, row) => ({ at: Number(row['at']) - 86_400_000 }),
    names: () => 'shf_',
  },
  {
    breaks: 'I16',
    what: 'the books know of an act that there is not',
    table: 'money_postings',
    where: () => ({ fact: 'voucher_issue' }),
    change: () => ({ fact: 'voucher_found' }),
    names: () => 'voucher_found',
  },
  {
    breaks: 'I16',
    what: 'the books have a fee of a provider twice as high as it was',
    table: 'money_postings',
    where: ({ paid }) => ({ subject_id: paid.id, fact: 'provider_fee' }),
    change: (_house, row) => ({ amount: Number(row['amount']) * 2 }),
    names: () => 'line-1',
  },
  {
    breaks: 'I16',
    what: 'a provider paid out what the books do not have',
    table: 'provider_statement_lines',
    where: () => ({ kind: 'payout' }),
    change: () => ({ line_id: 'line-nobody' }),
    names: () => 'line-nobody',
  },
  {
    breaks: 'I17',
    what: 'the books took tax for income',
    table: 'money_postings',
    where: ({ paid }) => ({ subject_id: paid.id, fact: 'sold', credit: 'tickets' }),
    change: () => ({ credit: 'kept' }),
    names: ({ paid }) => paid.id,
  },
  {
    breaks: 'I17',
    what: 'the books left a penny in the drawer of a till that was closed',
    table: 'money_postings',
    where: () => ({ fact: 'shift_closed', debit: 'safe' }),
    change: (_house, row) => ({ amount: Number(row['amount']) - 1 }),
    names: () => 'shf_',
  },
]
