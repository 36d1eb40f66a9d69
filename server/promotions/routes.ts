import * as contract from '../../contract/promotions.ts'
import type { Database } from '../database/database.ts'
import { limitOf, orderBy, readCursor, toPage } from '../database/paging.ts'
import type { Order } from '../database/paging.ts'
import { signedIn } from '../http/caller.ts'
import type { Caller } from '../http/caller.ts'
import type { Routes } from '../http/routes.ts'
import { isRefusal, refuse } from '../platform/refusal.ts'
import { changePromotion, createPromotion, deletePromotion } from './keep-promotions.ts'
import { mayKeepCode, ownerOfNew } from './policy.ts'
import { presentPromotion } from './present.ts'
import { findPromotion } from './store.ts'

/** The oldest first. */
const promotionOrder = {
  name: 'oldest',
  keys: [{ column: 'promotions.id', direction: 'asc', type: 'text' }],
} as const satisfies Order

export function addPromotionRoutes(routes: Routes, { database }: { readonly database: Database }): void {
  const find = async ({ params, caller }: { readonly params: { readonly id: string }; readonly caller: Caller }) => {
    const promotion = await findPromotion(database.read, params.id)
    return promotion && mayKeepCode(signedIn(caller), promotion) ? promotion : refuse('not_found')
  }

  routes.add(contract.createPromotion, {
    async handle({ body, caller, commit }) {
      const account = signedIn(caller)
      return await commit(async (tx) => {
        const row = await createPromotion(tx, body, ownerOfNew(account), account.userId)
        return isRefusal(row) ? row : presentPromotion(row)
      })
    },
  })
  routes.add(contract.listPromotions, {
    async handle({ caller, query }) {
      const account = signedIn(caller)
      const after = readCursor(promotionOrder, query.cursor)
      if (isRefusal(after)) return after
      const limit = limitOf(query)
      const rows = await database.read
        .selectFrom('promotions')
        .selectAll()
        .where('deletedAt', 'is', null)
        .$if(account.role !== 'admin', (all) => all.where('ownerId', '=', account.userId))
        .where(after)
        .orderBy(orderBy(promotionOrder))
        .limit(limit + 1)
        .execute()
      return toPage(promotionOrder, rows, limit, ({ id }) => [id], presentPromotion)
    },
  })
  routes.add(contract.readPromotion, { find, handle: ({ subject }) => presentPromotion(subject) })
  routes.add(contract.updatePromotion, {
    find,
    handle: ({ subject, body }) =>
      database.write(async (tx) => {
        const row = await changePromotion(tx, subject.id, body)
        return isRefusal(row) ? row : presentPromotion(row)
      }),
  })
  routes.add(contract.deletePromotion, {
    find,
    handle: ({ subject }) => database.write((tx) => deletePromotion(tx, subject.id)),
  })
}
