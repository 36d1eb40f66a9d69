import type { Kysely } from 'kysely'
import type { Transaction } from '../database/database.ts'
import type { Tables } from '../database/tables/index.ts'
import type { PaymentRow } from '../database/tables/money.ts'
import type { ShiftMovementRow, ShiftRow } from '../database/tables/shifts.ts'
import { refuse, refuseField } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'

export async function findShift(query: Kysely<Tables>, id: string): Promise<ShiftRow | null> {
  return (await query.selectFrom('shifts').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

export async function movementsOf(query: Kysely<Tables>, shiftIds: readonly string[]): Promise<ShiftMovementRow[]> {
  if (shiftIds.length === 0) return []
  return await query.selectFrom('shiftMovements').selectAll().where('shiftId', 'in', shiftIds).orderBy('id').execute()
}

/** Takes the lock on an open shift until the transaction ends, so that it is not closed meanwhile. */
export async function lockOpenShift(
  tx: Transaction,
  id: string,
): Promise<ShiftRow | Refusal<'not_found' | 'shift_closed'>> {
  const row = await tx.query
    .selectFrom('shifts')
    .selectAll()
    .where('id', '=', id)
    .$if(tx.raw.engine === 'postgres', (query) => query.forUpdate())
    .executeTakeFirst()
  tx.renewTime()
  if (!row) return refuse('not_found')
  return row.closedAt === null ? row : refuse('shift_closed')
}

/** Locks the open shift that a payment names; it must be of the theatre whose booking is paid. */
export async function claimShift(
  tx: Transaction,
  id: string,
  theatreId: string,
): Promise<Refusal<'validation_failed' | 'shift_closed' | 'not_found'> | null> {
  const known = await findShift(tx.query, id)
  if (known?.theatreId !== theatreId) return refuseField('/shiftId', 'is not a shift of this theatre')
  const shift = await lockOpenShift(tx, id)
  return 'closedAt' in shift ? null : shift
}

/** The shift out of whose drawer money of the counter is given back; null when there is none, and for other money. */
export async function shiftOfRefund(
  tx: Transaction,
  payment: Pick<PaymentRow, 'provider' | 'theatreId' | 'shiftId'>,
  givenBy: string | null,
): Promise<string | null> {
  return payment.provider === 'counter' ? await openShiftFor(tx, payment, givenBy) : null
}

/**
 * The shift in which money of the counter moves where none is named: the open one of who takes or gives it, else that of the
 * payment before while it is open. It is locked; null when there is none.
 */
export async function openShiftFor(
  tx: Transaction,
  before: Pick<PaymentRow, 'theatreId' | 'shiftId'>,
  userId: string | null,
): Promise<string | null> {
  const own = await tx.query
    .selectFrom('shifts')
    .select('id')
    .where('theatreId', '=', before.theatreId)
    .where('openedBy', '=', userId)
    .where('closedAt', 'is', null)
    .orderBy('id', 'desc')
    .executeTakeFirst()
  const id = own?.id ?? before.shiftId
  if (id === null) return null
  const shift = await lockOpenShift(tx, id)
  return 'closedAt' in shift ? shift.id : null
}
