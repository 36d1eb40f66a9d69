import type { Booking } from '../../contract/bookings.ts'
import { useBookingWords } from './words/index.ts'

/** What a booking came to, what was paid how, and what went back. */
export function Money({ booking }: { readonly booking: Booking }) {
  const { t, money } = useBookingWords()
  const { total, paid, payments, discount } = booking
  // What waits for its buyer has not gone back yet; the panel above says so.
  const refunded = { ...total, amount: booking.refunded.amount - (booking.dueAtCounter?.amount ?? 0) }
  const due = total.amount - paid.amount
  const taken = payments.filter(({ status }) =>
    ['succeeded', 'authorised', 'partially_refunded', 'refunded'].includes(status),
  )
  return (
    <dl className="desk-money">
      <div>
        <dt>{t('total')}</dt>
        <dd className="marquee">{money(total)}</dd>
      </div>
      {discount.amount > 0 && (
        <div>
          <dt>{t('discount')}</dt>
          <dd>{money(discount)}</dd>
        </div>
      )}
      {taken.map((payment) => (
        <div key={payment.id}>
          <dt>
            {payment.provider === 'counter' ? t(`way_${payment.tender ?? 'cash'}`) : t('way_online')}
            {payment.terminalReference !== undefined && <span className="text-soft"> {payment.terminalReference}</span>}
          </dt>
          <dd>{money(payment.amount)}</dd>
        </div>
      ))}
      {refunded.amount > 0 && (
        <div>
          <dt>{t('given_back')}</dt>
          <dd>{money(refunded)}</dd>
        </div>
      )}
      {booking.status === 'pending' && due > 0 && (
        <div data-due="true">
          <dt>{t('still_due')}</dt>
          <dd>{money({ ...total, amount: due })}</dd>
        </div>
      )}
    </dl>
  )
}
