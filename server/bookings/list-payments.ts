import type { Kysely, RawBuilder } from 'kysely'
import type { AdminPayment } from '../../contract/administration.ts'
import { orderBy } from '../database/paging.ts'
import type { Order } from '../database/paging.ts'
import type { Tables } from '../database/tables/index.ts'
import type { PaymentRow, RefundRow } from '../database/tables/money.ts'
import { presentPayment } from '../payments/present.ts'

export interface PaymentFilter {
  /** Only payments of these theatres; undefined is all. */
  readonly theatreIds: readonly string[] | undefined
  readonly showtimeId?: string | undefined
  readonly bookingId?: string | undefined
  readonly provider?: PaymentRow['provider'] | undefined
  readonly status?: PaymentRow['status'] | undefined
  readonly tender?: PaymentRow['tender'] | undefined
  readonly fromMs?: number | undefined
  readonly beforeMs?: number | undefined
}

/** The newest first, then by id. */
export const paymentOrder = {
  name: 'newest payments',
  keys: [
    { column: 'payments.createdAt', direction: 'desc', type: 'number' },
    { column: 'payments.id', direction: 'desc', type: 'text' },
  ],
} as const satisfies Order

interface ListedPayment extends PaymentRow {
  readonly reference: string
  readonly showtimeId: string
  readonly confirmedAt: number | null
}

/** Payments after a cursor with their bookings; `count` is one more than a page. */
export async function listPayments(
  query: Kysely<Tables>,
  filter: PaymentFilter,
  after: RawBuilder<boolean>,
  count: number,
): Promise<ListedPayment[]> {
  const { theatreIds, showtimeId, bookingId, provider, status, tender, fromMs, beforeMs } = filter
  if (theatreIds?.length === 0) return []
  return await query
    .selectFrom('payments')
    .innerJoin('bookings', 'bookings.id', 'payments.bookingId')
    .selectAll('payments')
    .select(['bookings.reference', 'bookings.showtimeId', 'bookings.confirmedAt'])
    .$if(theatreIds !== undefined, (rows) => rows.where('payments.theatreId', 'in', [...(theatreIds ?? [])]))
    .$if(showtimeId !== undefined, (rows) => rows.where('bookings.showtimeId', '=', showtimeId ?? ''))
    .$if(bookingId !== undefined, (rows) => rows.where('payments.bookingId', '=', bookingId ?? ''))
    .$if(provider !== undefined, (rows) => rows.where('payments.provider', '=', provider ?? 'test'))
    .$if(status !== undefined, (rows) => rows.where('payments.status', 'in', storedStatuses(status)))
    .$if(tender !== undefined, (rows) => rows.where('payments.tender', '=', tender ?? null))
    .$if(fromMs !== undefined, (rows) => rows.where('payments.createdAt', '>=', fromMs ?? 0))
    .$if(beforeMs !== undefined, (rows) => rows.where('payments.createdAt', '<', beforeMs ?? 0))
    .where(after)
    .orderBy(orderBy(paymentOrder))
    .limit(count)
    .execute()
}

/** Authorised money is that of a confirmed booking and reads `succeeded`: capture follows by itself. */
function storedStatuses(status: PaymentRow['status'] | undefined): PaymentRow['status'][] {
  if (status === undefined) return []
  return status === 'succeeded' ? ['succeeded', 'authorised'] : [status]
}

export async function refundsOf(query: Kysely<Tables>, payments: readonly PaymentRow[]): Promise<RefundRow[]> {
  const ids = payments.map(({ id }) => id)
  if (ids.length === 0) return []
  return await query.selectFrom('refunds').selectAll().where('paymentId', 'in', ids).orderBy('id').execute()
}

export function presentListed(payment: ListedPayment, refunds: readonly RefundRow[]): AdminPayment {
  return {
    ...presentPayment(payment, refunds, payment.confirmedAt !== null),
    theatreId: payment.theatreId,
    bookingReference: payment.reference,
    showtimeId: payment.showtimeId,
    createdBy: payment.createdBy,
  }
}
