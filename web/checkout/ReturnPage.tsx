import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Booking } from '../../contract/bookings.ts'
import { call, isRefused } from '../api.ts'
import { useWords } from '../messages/locale.tsx'
import { bookingQuery } from '../tickets/booking-query.ts'
import { Link, Redirect, useLocation } from '../ui/router.tsx'
import { FailedPage, Notice, Waiting } from '../ui/states.tsx'
import { tokenOf, writeStored } from '../ui/stored.ts'
import { checkoutOf } from './payment.ts'

/** How often the house is asked whether the provider knows more. */
const askAgainMs = 3000

/** Where a provider sends its payer back to: on to the tickets, or back to the checkout. */
export function ReturnPage({ id }: { readonly id: string }) {
  const { data: booking, error, refetch } = useQuery(bookingQuery(id))
  const { search } = useLocation()
  if (error && !booking) return <FailedPage error={error} retry={() => void refetch()} />
  if (!booking) return <Waiting />
  if (booking.status === 'confirmed') return <Paid id={id} />
  const payment = booking.payments.at(-1)
  if (payment?.status === 'failed') return <Redirect to={`${checkoutOf(id)}?payment=declined`} />
  if (booking.status !== 'pending') return <Redirect to={checkoutOf(id)} />
  // The payer has left the provider's page, or it has run out.
  const isOver = payment?.status !== 'pending' || search.get('payment') === 'left'
  if (isOver) return <Redirect to={`${checkoutOf(id)}?payment=unfinished`} />
  // The test provider's page is our own: there one says how it answers.
  return payment.provider === 'test' ? (
    <Redirect to={`/pay/${payment.id}`} />
  ) : (
    <Asking booking={booking} of={payment.id} />
  )
}

function Paid({ id }: { readonly id: string }) {
  useEffect(() => writeStored(`just-paid.${id}`, true), [id])
  return <Redirect to={`/bookings/${id}`} />
}

/** The house asks the provider, until that knows. */
function Asking({ booking, of: paymentId }: { readonly booking: Booking; readonly of: string }) {
  const { t } = useWords()
  const queries = useQueryClient()
  const asked = useQuery({
    queryKey: ['settle', paymentId],
    queryFn: async () => {
      try {
        await call('confirmPayment', { params: { id: paymentId }, body: {}, accessToken: tokenOf(booking.id) })
      } catch (error) {
        // Somebody else was faster, or it was too late: the booking tells.
        if (!isRefused(error, 'payment_not_confirmable', 'booking_expired')) throw error
      }
      await queries.invalidateQueries({ queryKey: ['booking', booking.id] })
      return true
    },
    staleTime: 0,
    refetchInterval: askAgainMs,
  })
  if (asked.isPending) return <Waiting />
  return (
    <div className="page grid max-w-xl gap-6 py-10">
      <title>{t('one_moment')}</title>
      <h1 className="marquee text-5xl">{t('one_moment')}</h1>
      <Notice title={t('no_answer_title')}>
        <p>{t('return_waits')}</p>
      </Notice>
      <Link href={checkoutOf(booking.id)} className="quiet-link justify-self-start">
        {t('back_to_checkout')}
      </Link>
    </div>
  )
}
