import type { Kysely } from 'kysely'
import type { Transaction } from '../database/database.ts'
import type { Tables } from '../database/tables/index.ts'
import type { PromotionRow } from '../database/tables/promotions.ts'

/** A promotion that has not been taken away. */
export async function findPromotion(query: Kysely<Tables>, id: string): Promise<PromotionRow | null> {
  const rows = query.selectFrom('promotions').selectAll().where('id', '=', id).where('deletedAt', 'is', null)
  return (await rows.executeTakeFirst()) ?? null
}

/**
 * Takes the lock on a promotion until the transaction ends, and reads it as it is now. Lock order: the showtime's seats,
 * then the promotion, then its uses.
 */
export async function lockPromotion(tx: Transaction, id: string): Promise<PromotionRow | null> {
  const row = await tx.query
    .selectFrom('promotions')
    .selectAll()
    .where('id', '=', id)
    .$if(tx.raw.engine === 'postgres', (query) => query.forUpdate())
    .executeTakeFirst()
  tx.renewTime()
  return row ?? null
}

/** The promotion that a code names in an owner's theatre: the owner's own before one that counts everywhere. */
export async function findByCode(
  query: Kysely<Tables>,
  codeFolded: string,
  ownerId: string | null,
): Promise<{ id: string } | null> {
  const rows = await query
    .selectFrom('promotions')
    .select(['id', 'ownerId'])
    .where('codeFolded', '=', codeFolded)
    .where('deletedAt', 'is', null)
    .where((where) => where.or([where('ownerId', 'is', null), where('ownerId', '=', ownerId)]))
    .execute()
  return rows.find((row) => row.ownerId !== null) ?? rows[0] ?? null
}

export async function addUses(tx: Transaction, promotionId: string, change: number): Promise<void> {
  if (change === 0) return
  await tx.query
    .updateTable('promotions')
    .set((set) => ({ uses: set('uses', '+', change) }))
    .where('id', '=', promotionId)
    .execute()
}
