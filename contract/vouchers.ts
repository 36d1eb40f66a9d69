import type { Static } from 'typebox'
import { Type } from 'typebox'
import { Id, IdParams, Instant, Money, MoneyInput, SignedMoney, nullable, pageOf, pageQuery } from './common.ts'
import { closed, operation } from './operation.ts'
import { PromoCode } from './promotions.ts'

export const voucherEntryKinds = ['issue', 'spend', 'refund', 'adjust', 'withdraw'] as const

const VoucherEntry = closed({
  id: Id,
  kind: Type.Enum(voucherEntryKinds),
  amount: SignedMoney,
  bookingId: nullable(Id),
  paymentId: nullable(Id),
  createdAt: Instant,
})

export const Voucher = closed({
  id: Id,
  code: Type.String({ description: 'Worth its balance to whoever knows it' }),
  balance: Money,
  validTo: nullable(Instant),
  ownerId: nullable(Id),
  entries: Type.Optional(Type.Array(VoucherEntry, { description: 'When one is read; they add up to the balance' })),
  createdAt: Instant,
  updatedAt: Instant,
})
export type Voucher = Static<typeof Voucher>

const Time = Type.String({ minLength: 1, maxLength: 40, examples: ['2027-12-31T23:59Z'] })

/** Without `code` one is made that nobody guesses. */
export const VoucherInput = closed({
  code: Type.Optional(PromoCode),
  balance: MoneyInput,
  validTo: Type.Optional(nullable(Time)),
})
export type VoucherInput = Static<typeof VoucherInput>
export const VoucherPatch = closed({
  balance: Type.Optional(MoneyInput),
  validTo: Type.Optional(nullable(Time)),
})
export type VoucherPatch = Static<typeof VoucherPatch>

const tag = 'Payments'
const managers = ['owner', 'admin'] as const

export const createVoucher = operation({
  id: 'createVoucher',
  method: 'POST',
  path: '/vouchers',
  tag,
  summary: 'Issue a voucher: an owner’s counts in its theatres, an administrator’s everywhere',
  access: managers,
  body: VoucherInput,
  answer: { status: 201, schema: Voucher },
  refusals: ['voucher_exists'],
})
export const listVouchers = operation({
  id: 'listVouchers',
  method: 'GET',
  path: '/vouchers',
  tag,
  summary: 'The vouchers: an owner’s own, all for an administrator',
  access: managers,
  query: closed({ ...pageQuery }),
  answer: { status: 200, schema: pageOf(Voucher) },
})
export const readVoucher = operation({
  id: 'readVoucher',
  method: 'GET',
  path: '/vouchers/{id}',
  tag,
  summary: 'A voucher with everything that moved its balance',
  access: managers,
  params: IdParams,
  answer: { status: 200, schema: Voucher },
})
export const updateVoucher = operation({
  id: 'updateVoucher',
  method: 'PATCH',
  path: '/vouchers/{id}',
  tag,
  summary: 'Correct a voucher; a changed balance is an entry of its own',
  access: managers,
  params: IdParams,
  body: VoucherPatch,
  answer: { status: 200, schema: Voucher },
})
export const deleteVoucher = operation({
  id: 'deleteVoucher',
  method: 'DELETE',
  path: '/vouchers/{id}',
  tag,
  summary: 'Withdraw a voucher with what is left on it; its entries stay',
  access: managers,
  params: IdParams,
  answer: { status: 204, schema: null },
})

export const voucherOperations = { createVoucher, listVouchers, readVoucher, updateVoucher, deleteVoucher } as const
