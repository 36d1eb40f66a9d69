import type { Database, Transaction } from '../database/database.ts'
import type { ProviderEvent, ProviderName } from '../payments/provider.ts'
import { isRefusal } from '../platform/refusal.ts'
import { settlePayment } from './settle-payment.ts'
import { toldBy } from './settlement.ts'

/**
 * Stores a provider's event as it came and applies it, in one transaction; an event that was stored before is not applied
 * again. What it says may be old news, come too late, or be about somebody else's payment: then nothing changes, and that
 * is fine. Answers whether it was about a payment of ours.
 */
export async function applyProviderEvent(
  database: Database,
  provider: ProviderName,
  event: ProviderEvent,
  raw: string,
): Promise<boolean> {
  const paymentId = await findOurs(database, provider, event)
  if (paymentId === null) return false
  const apply = async (seatsGone: boolean) =>
    await database.write(async (tx) => {
      if (!(await isNew(tx, provider, event.id, raw))) return null
      return await settlePayment(tx, paymentId, toldBy(event.payment), seatsGone)
    })
  const settled = await apply(false)
  if (isRefusal(settled) && settled.code === 'booking_expired') await apply(true)
  return true
}

/** Which payment an event is about: by our id, which the provider was given, for its own name may come to us later. */
async function findOurs(
  { read }: Database,
  provider: ProviderName,
  { payment }: ProviderEvent,
): Promise<string | null> {
  const found = await read
    .selectFrom('payments')
    .select('id')
    .where('provider', '=', provider)
    .where((where) =>
      where.or([where('id', '=', payment.paymentId ?? ''), where('providerReference', '=', payment.reference)]),
    )
    .executeTakeFirst()
  return found?.id ?? null
}

async function isNew(tx: Transaction, provider: ProviderName, eventId: string, payload: string): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx.query
    .insertInto('providerEvents')
    .values({ provider, eventId, payload, receivedAt: tx.nowMs, appliedAt: tx.nowMs })
    .onConflict((conflict) => conflict.columns(['provider', 'eventId']).doNothing())
    .executeTakeFirstOrThrow()
  return Number(numInsertedOrUpdatedRows) === 1
}
