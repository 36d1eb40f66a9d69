import * as contract from '../../contract/vouchers.ts'
import type { Voucher } from '../../contract/vouchers.ts'
import type { Database } from '../database/database.ts'
import { limitOf, orderBy, readCursor, toPage } from '../database/paging.ts'
import type { Order } from '../database/paging.ts'
import type { VoucherEntryRow, VoucherRow } from '../database/tables/vouchers.ts'
import { signedIn } from '../http/caller.ts'
import type { Caller } from '../http/caller.ts'
import type { Routes } from '../http/routes.ts'
import { isRefusal, refuse } from '../platform/refusal.ts'
import { formatInstant, formatInstantOrNull } from '../platform/time.ts'
import { mayKeepCode, ownerOfNew } from '../promotions/policy.ts'
import { changeVoucher, createVoucher, withdrawVoucher } from './keep-vouchers.ts'

/** The oldest first. */
const voucherOrder = {
  name: 'oldest',
  keys: [{ column: 'vouchers.id', direction: 'asc', type: 'text' }],
} as const satisfies Order

export function addVoucherRoutes(routes: Routes, { database }: { readonly database: Database }): void {
  const find = async ({ params, caller }: { readonly params: { readonly id: string }; readonly caller: Caller }) => {
    const voucher = await database.read
      .selectFrom('vouchers')
      .selectAll()
      .where('id', '=', params.id)
      .where('withdrawnAt', 'is', null)
      .executeTakeFirst()
    return voucher && mayKeepCode(signedIn(caller), voucher) ? voucher : refuse('not_found')
  }

  routes.add(contract.createVoucher, {
    async handle({ body, caller, commit }) {
      const account = signedIn(caller)
      return await commit(async (tx) => {
        const row = await createVoucher(tx, body, ownerOfNew(account), account.userId)
        return isRefusal(row) ? row : presentVoucher(row)
      })
    },
  })
  routes.add(contract.listVouchers, {
    async handle({ caller, query }) {
      const account = signedIn(caller)
      const after = readCursor(voucherOrder, query.cursor)
      if (isRefusal(after)) return after
      const limit = limitOf(query)
      const rows = await database.read
        .selectFrom('vouchers')
        .selectAll()
        .where('withdrawnAt', 'is', null)
        .$if(account.role !== 'admin', (all) => all.where('ownerId', '=', account.userId))
        .where(after)
        .orderBy(orderBy(voucherOrder))
        .limit(limit + 1)
        .execute()
      return toPage(
        voucherOrder,
        rows,
        limit,
        ({ id }) => [id],
        (row) => presentVoucher(row),
      )
    },
  })
  routes.add(contract.readVoucher, {
    find,
    async handle({ subject }) {
      const query = database.read.selectFrom('voucherEntries').selectAll().where('voucherId', '=', subject.id)
      return presentVoucher(subject, await query.orderBy('id').execute())
    },
  })
  routes.add(contract.updateVoucher, {
    find,
    handle: ({ subject, body, caller }) =>
      database.write(async (tx) => {
        const row = await changeVoucher(tx, subject.id, body, signedIn(caller).userId)
        return isRefusal(row) ? row : presentVoucher(row)
      }),
  })
  routes.add(contract.deleteVoucher, {
    find,
    handle: ({ subject, caller }) => database.write((tx) => withdrawVoucher(tx, subject.id, signedIn(caller).userId)),
  })
}

function presentVoucher(row: VoucherRow, entries?: readonly VoucherEntryRow[]): Voucher {
  const money = (amount: number) => ({ amount, currency: row.currency })
  return {
    id: row.id,
    code: row.code,
    balance: money(row.balance),
    validTo: formatInstantOrNull(row.validTo),
    ownerId: row.ownerId,
    ...(entries && {
      entries: entries.map(({ id, kind, amount, bookingId, paymentId, createdAt }) => ({
        id,
        kind,
        amount: money(amount),
        bookingId,
        paymentId,
        createdAt: formatInstant(createdAt),
      })),
    }),
    createdAt: formatInstant(row.createdAt),
    updatedAt: formatInstant(row.updatedAt),
  }
}
