import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Booking } from '../../contract/bookings.ts'
import { call, isRefused, keyFor } from '../api.ts'
import { useWords } from '../messages/locale.tsx'
import { bySeat } from '../seat-map/choice.ts'
import { keepBookingOf, keepChoice, keepHold } from '../seat-map/kept-choice.ts'
import { useShowtime } from '../seat-map/SeatMapPage.tsx'
import { bookingQuery } from '../tickets/booking-query.ts'
import { Link, navigate, Redirect, useLocation } from '../ui/router.tsx'
import { readStored, tokenOf } from '../ui/stored.ts'
import { Failed, FailedPage, Notice, Waiting } from '../ui/states.tsx'
import { Countdown } from './Countdown.tsx'
import { beginPayment, goTo } from './payment.ts'
import { ShowtimeCard } from './ShowtimeCard.tsx'
import { Sum } from './Sum.tsx'

/** A booking that waits for its money: after a declined card, a reload, a code that changed the total. */
export function UnpaidBooking({ id }: { readonly id: string }) {
  const { data: booking, error, refetch } = useQuery(bookingQuery(id))
  if (error && !booking) return <FailedPage error={error} retry={() => void refetch()} />
  if (!booking) return <Waiting />
  if (booking.status === 'pending') return <Pending booking={booking} />
  if (booking.status === 'confirmed') return <Redirect to={`/bookings/${booking.id}`} />
  return <Over booking={booking} />
}

function Pending({ booking }: { readonly booking: Booking }) {
  const { t, money } = useWords()
  const { search } = useLocation()
  const queries = useQueryClient()
  const { data: showtime } = useShowtime(booking.showtimeId)
  const refresh = () => void queries.invalidateQueries({ queryKey: ['booking', booking.id] })
  const pay = useMutation({
    mutationFn: () => beginPayment(booking),
    onSuccess: goTo,
    onError: (error) => {
      if (isRefused(error, 'booking_expired', 'booking_not_payable')) refresh()
    },
  })
  const free = useChangeSeats(booking)
  if (!showtime) return <Waiting />
  const outcome = search.get('payment')
  const seats = booking.tickets.flatMap(({ seat }) => seat ?? [])
  return (
    <div className="page grid gap-6 pt-6 sm:pt-10 lg:grid-cols-[minmax(0,1fr)_24rem] lg:gap-12">
      <div className="grid content-start gap-6 lg:order-2">
        <ShowtimeCard showtime={showtime} seats={seats} />
        <div className="panel grid gap-3 p-4">
          {booking.expiresAt !== null && (
            <Countdown until={booking.expiresAt} timeZone={showtime.timeZone} onEnd={refresh} />
          )}
          <p className="text-sm text-soft">{t('at_zero')}</p>
          <button type="button" className="quiet-link justify-self-start" onClick={() => free.mutate()}>
            {t('change_seats')}
          </button>
        </div>
      </div>
      <div className="grid content-start gap-6">
        <h1 className="marquee text-5xl sm:text-6xl">{t('checkout')}</h1>
        {(outcome === 'declined' || outcome === 'unfinished') && (
          <Notice tone="bad" title={t(`${outcome}_title`)}>
            <p>{t('declined_text')}</p>
          </Notice>
        )}
        {search.get('total') === 'changed' && (
          <Notice tone="good" title={t('total_changed', { total: money(booking.total) })}>
            {booking.promoCode !== undefined && <p>{t('code_counted', { code: booking.promoCode })}</p>}
          </Notice>
        )}
        <BookedLines booking={booking} />
        <Sum
          total={money(booking.total)}
          {...(booking.taxIncluded.amount > 0 && { note: t('tax_included', { tax: money(booking.taxIncluded) }) })}
          until={booking.expiresAt}
          timeZone={showtime.timeZone}
          refusal={<Failed of={pay.error ? pay : free} />}
        >
          <button
            type="button"
            className="button button-main min-w-36 text-lg lg:min-w-56"
            disabled={pay.isPending}
            onClick={() => pay.mutate()}
          >
            {pay.isPending ? t('one_moment') : t('pay')}
          </button>
        </Sum>
      </div>
    </div>
  )
}

/** What the total is made of. */
function BookedLines({ booking }: { readonly booking: Booking }) {
  const { t, tOr, money } = useWords()
  const extras = [
    ['discount', booking.discount, '−'],
    ['fees', booking.fees, ''],
    ['tax', booking.tax, ''],
  ] as const
  return (
    <ul>
      {booking.tickets.toSorted(bySeat).map((ticket, index) => (
        <li key={ticket.id} className="flex justify-between gap-4 border-t border-line py-3">
          <span>
            <b>{ticket.seat ?? t('ticket_number', { number: index + 1 })}</b>{' '}
            {tOr(`type_${ticket.ticketType}`, ticket.ticketType)}
          </span>
          <span>{money(ticket.price)}</span>
        </li>
      ))}
      {extras.map(([name, sum, sign]) =>
        sum.amount === 0 ? null : (
          <li key={name} className="flex justify-between gap-4 border-t border-line py-3">
            <span>{t(name)}</span>
            <span>
              {sign}
              {money(sum)}
            </span>
          </li>
        ),
      )}
    </ul>
  )
}

/** Ends the unpaid booking, so that its seats are free at once, and goes back to the plan with the same choice. */
function useChangeSeats(booking: Booking) {
  const holdId = readStored<string>(`hold-of.${booking.id}`, '')
  return useMutation({
    mutationFn: () =>
      call('cancelBooking', {
        params: { id: booking.id },
        body: {},
        accessToken: tokenOf(booking.id),
        idempotencyKey: keyFor(`cancel ${booking.id}`, {}),
      }),
    onSuccess: () => {
      const seats = booking.tickets.flatMap(({ seat }) => seat ?? [])
      const party: Record<string, number> = {}
      for (const { ticketType } of booking.tickets) party[ticketType] = (party[ticketType] ?? 0) + 1
      keepChoice(booking.showtimeId, { seats, party, isPartySaid: true })
      keepHold(booking.showtimeId, null)
      keepBookingOf(holdId, null)
      navigate(`/showtimes/${booking.showtimeId}`)
    },
  })
}

/** Not paid in time, or cancelled. */
function Over({ booking }: { readonly booking: Booking }) {
  const { t } = useWords()
  return (
    <div className="page grid justify-items-start gap-4 py-16">
      <h1 className="marquee text-5xl">{booking.status === 'expired' ? t('hold_over') : t('booking_is_cancelled')}</h1>
      <p className="max-w-prose text-soft">{t('hold_over_text')}</p>
      <Link href={`/showtimes/${booking.showtimeId}`} className="button button-main">
        {t('choose_again')}
      </Link>
    </div>
  )
}
