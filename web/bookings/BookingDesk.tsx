import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Booking } from '../../contract/bookings.ts'
import { call } from '../api.ts'
import { useShowtime } from '../seat-map/SeatMapPage.tsx'
import type { Listed } from '../catalogue/showtimes.ts'
import { PartWaiting, Refused } from '../ui/states.tsx'
import { useToast } from '../ui/toast.tsx'
import { Actions } from './Actions.tsx'
import { givenBack, takenMore } from './given-back.ts'
import { Money } from './Money.tsx'
import { PayOut } from './PayOut.tsx'
import { useWays } from './use-ways.ts'
import { useBookingWords } from './words/index.ts'

interface BookingDeskProps {
  readonly id: string
  /** Takes an unpaid booking to the till. */
  readonly pay?: ((booking: Booking) => void) | undefined
  /** Heard when something of it has changed. */
  readonly changed?: (() => void) | undefined
}

export function bookingKey(id: string) {
  return ['desk', 'booking', id] as const
}

/** A booking as the house sees it, with everything that it may do about it. */
export function BookingDesk({ id, pay, changed }: BookingDeskProps) {
  const {
    data: booking,
    error,
    refetch,
  } = useQuery({
    queryKey: bookingKey(id),
    queryFn: ({ signal }) => call('readBooking', { params: { id }, signal }),
  })
  const { data: show } = useShowtime(booking?.showtimeId)
  if (error && !booking) return <Refused error={error} retry={() => void refetch()} />
  if (!booking || !show) return <PartWaiting />
  return <Desk key={id} booking={booking} show={show} pay={pay} changed={changed} />
}

interface DeskProps extends Omit<BookingDeskProps, 'id'> {
  readonly booking: Booking
  readonly show: Listed
}

function Desk({ booking, show, pay, changed }: DeskProps) {
  const { t, when, list } = useBookingWords()
  const queries = useQueryClient()
  const toast = useToast()
  const say = useWays(booking.total.currency)
  const [hand, setHand] = useState<string | null>(null)
  const hear = (after: Booking, text: string) => {
    queries.setQueryData(bookingKey(booking.id), after)
    const back = say(givenBack(booking, after))
    const more = say(takenMore(booking, after))
    setHand(
      back.length > 0
        ? t('goes_back', { sums: list(back) })
        : more.length > 0
          ? t('taken_more', { sums: list(more) })
          : null,
    )
    toast({ text })
    void queries.invalidateQueries({ queryKey: ['counter'] })
    changed?.()
  }
  return (
    <article className="desk" aria-label={booking.reference}>
      <header className="desk-head">
        <p className="desk-reference">{booking.reference}</p>
        <span className="desk-status" data-status={booking.status}>
          {t(`status_${booking.status}`)}
        </span>
      </header>
      <p className="text-lg font-bold">{show.movie.title}</p>
      <p className="text-soft">
        {when(show)}, {show.auditorium?.name}
      </p>
      <p className="mt-1">
        {[booking.customer.name, booking.customer.email, booking.customer.phone].filter(Boolean).join(', ') ||
          t('no_customer')}
      </p>
      {booking.notes && <p className="desk-note">{booking.notes}</p>}
      {hand !== null && <output className="desk-hand">{hand}</output>}
      <PayOut booking={booking} hear={hear} />
      <Tickets booking={booking} />
      <Money booking={booking} />
      <Actions booking={booking} show={show} pay={pay} hear={hear} />
    </article>
  )
}

/** Who sits where, and whose ticket does not count any more. */
function Tickets({ booking }: { readonly booking: Booking }) {
  const { t, tOr, money } = useBookingWords()
  return (
    <ul className="desk-tickets" aria-label={t('your_tickets')}>
      {booking.tickets.map(({ id, seat, ticketType, total, status }) => (
        <li key={id} data-status={status}>
          <b>{seat ?? t('free_choice')}</b> {tOr(`type_${ticketType}`, ticketType)} {money(total)}
          {status !== 'valid' && <span>{t(`ticket_is_${status}`)}</span>}
        </li>
      ))}
    </ul>
  )
}
