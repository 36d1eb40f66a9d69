import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Booking } from '../../contract/bookings.ts'
import { call, keyFor } from '../api.ts'
import { groupBy, isOnSale, showtimesQuery } from '../catalogue/showtimes.ts'
import type { Listed } from '../catalogue/showtimes.ts'
import { TimeFacts } from '../catalogue/TimeButton.tsx'
import { inOrder } from '../seat-map/choice.ts'
import { useShowtime } from '../seat-map/SeatMapPage.tsx'
import { useNow } from '../ui/now.ts'
import { Link, navigate, Redirect } from '../ui/router.tsx'
import { tokenOf } from '../ui/stored.ts'
import { Failed, FailedPage, PartWaiting, Refused, Waiting } from '../ui/states.tsx'
import { admissionTo } from '../waiting-room/admission.ts'
import { BehindDoor } from '../waiting-room/BehindDoor.tsx'
import { bookingQuery } from './booking-query.ts'
import { differenceOf } from './difference.ts'
import { NewSeats } from './NewSeats.tsx'
import { useTicketWords } from './words/index.ts'

/** Another time of the same film: when, where, and what that comes to, before anything is changed. */
export function ExchangePage({ id }: { readonly id: string }) {
  const { data: booking, error, refetch } = useQuery(bookingQuery(id))
  const { data: showtime } = useShowtime(booking?.showtimeId)
  if (error && !booking) return <FailedPage error={error} retry={() => void refetch()} />
  if (!booking || !showtime) return <Waiting />
  if (booking.status !== 'confirmed') return <Redirect to={`/bookings/${id}`} />
  return <Exchange booking={booking} showtime={showtime} />
}

interface ExchangeProps {
  readonly booking: Booking
  readonly showtime: Listed
}

function Exchange({ booking, showtime }: ExchangeProps) {
  const { t, when } = useTicketWords()
  const now = useNow(60_000)
  const { movie, theatre } = showtime
  const times = useQuery(showtimesQuery({ movieId: movie.id, theatreId: theatre.id }))
  const [chosen, choose] = useState<Listed | null>(null)
  const others = times.data?.filter((other) => other.id !== showtime.id && isOnSale(other, now))
  return (
    <div className="page grid max-w-5xl gap-6 pt-6 sm:pt-10">
      <title>{t('exchange_title')}</title>
      <header className="grid gap-2">
        <h1 className="marquee text-5xl sm:text-6xl">{t('exchange_title')}</h1>
        <p>
          <b>{movie.title}</b>, {when(showtime)}
        </p>
        <p className="text-soft">{t('exchange_text')}</p>
        <Link href={`/bookings/${booking.id}`} className="quiet-link justify-self-start">
          {t('back_to_booking')}
        </Link>
      </header>
      {!times.data && <Failed of={times} />}
      {others?.length === 0 && <p>{t('exchange_none')}</p>}
      {others && others.length > 0 && <Times showtimes={chosen ? [chosen] : others} chosen={chosen} choose={choose} />}
      {chosen && (
        <button type="button" className="quiet-link justify-self-start" onClick={() => choose(null)}>
          {t('step_time')}
        </button>
      )}
      {chosen && <Chosen key={chosen.id} booking={booking} id={chosen.id} />}
    </div>
  )
}

interface TimesProps {
  readonly showtimes: readonly Listed[]
  readonly chosen: Listed | null
  readonly choose: (showtime: Listed | null) => void
}

/** When else it plays in this house, by day; of a long run the chosen time alone, so that its seats stand right below. */
function Times({ showtimes, chosen, choose }: TimesProps) {
  const { t, day, when } = useTicketWords()
  return (
    <fieldset className="grid gap-5">
      <legend className="label mb-2">{t('exchange_times')}</legend>
      {groupBy(showtimes, ({ businessDate }) => businessDate).map((ofDay) => (
        <div key={ofDay[0]?.businessDate} className="grid gap-2">
          <h2 className="text-lg leading-tight font-bold">{day(ofDay[0]?.businessDate ?? '')}</h2>
          <div className="grid grid-cols-2 gap-2 sm:grid-cols-3 lg:grid-cols-4">
            {ofDay.map((showtime) => (
              <button
                key={showtime.id}
                type="button"
                className="time-button text-start aria-pressed:border-accent max-sm:only:col-span-2"
                aria-pressed={chosen?.id === showtime.id}
                onClick={() => choose(showtime)}
              >
                <span className="sr-only">{when(showtime)}</span>
                <TimeFacts showtime={showtime} />
              </button>
            ))}
          </div>
        </div>
      ))}
    </fieldset>
  )
}

/** The time that was chosen, behind its waiting room where it has one. */
function Chosen({ booking, id }: { readonly booking: Booking; readonly id: string }) {
  const { data: to, error, refetch } = useShowtime(id)
  if (error && !to) return <Refused error={error} retry={() => void refetch()} />
  if (!to) return <PartWaiting />
  return (
    <BehindDoor showtime={to}>
      <Seating booking={booking} to={to} />
    </BehindDoor>
  )
}

/** Where they sit then; in general admission there is nothing to choose. */
function Seating({ booking, to }: { readonly booking: Booking; readonly to: Listed }) {
  const count = booking.tickets.filter(({ status }) => status !== 'void').length
  const [seats, setSeats] = useState<readonly string[]>([])
  const isGeneral = to.seating === 'general'
  return (
    <>
      {!isGeneral && <NewSeats showtime={to} count={count} chosen={seats} choose={setSeats} />}
      {(isGeneral || seats.length === count) && <Comes booking={booking} to={to} seats={isGeneral ? null : seats} />}
    </>
  )
}

interface ComesProps {
  readonly booking: Booking
  readonly to: Listed
  readonly seats: readonly string[] | null
}

/** What it comes to, by the house's own rehearsal; and the button that does it. */
function Comes({ booking, to, seats }: ComesProps) {
  const { t, money, list } = useTicketWords()
  const queries = useQueryClient()
  const input = {
    params: { id: booking.id },
    body: { showtimeId: to.id, ...(seats && { seats: [...seats] }) },
    accessToken: tokenOf(booking.id),
    admission: admissionTo(to.id),
  }
  const rehearsal = useQuery({
    queryKey: ['exchange', booking.id, input.body],
    retry: false,
    queryFn: ({ signal }) => call('exchangeBooking', { ...input, body: { ...input.body, dryRun: true }, signal }),
  })
  const exchange = useMutation({
    mutationFn: () =>
      call('exchangeBooking', { ...input, idempotencyKey: keyFor(`exchange ${booking.id}`, input.body) }),
    onSuccess: (changed) => {
      queries.setQueryData(['booking', booking.id], changed)
      navigate(`/bookings/${booking.id}?changed=yes`, { replace: true })
    },
  })
  const difference = rehearsal.data && differenceOf(booking, rehearsal.data)
  const sum = money({ ...booking.paid, amount: Math.abs(difference ?? 0) })
  return (
    <div className="grid gap-3 border-t-2 border-ink pt-5">
      {seats && <p className="text-lg font-bold">{t('exchange_seats', { seats: list(inOrder(seats)) })}</p>}
      <output className="block min-h-7 text-lg">
        {difference !== undefined &&
          (difference > 0
            ? t('exchange_costs', { sum })
            : difference < 0
              ? t('back_some', { sum })
              : t('exchange_even'))}
      </output>
      <Failed of={exchange.error ? exchange : rehearsal} />
      <button
        type="button"
        className="button button-main justify-self-start"
        disabled={exchange.isPending || !rehearsal.data}
        onClick={() => exchange.mutate()}
      >
        {t('exchange_do')}
      </button>
    </div>
  )
}
