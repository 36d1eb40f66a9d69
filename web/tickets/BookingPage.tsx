import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { basePath } from '../../contract/api.ts'
import type { Booking } from '../../contract/bookings.ts'
import type { Listed } from '../catalogue/showtimes.ts'
import { UnpaidBooking } from '../checkout/UnpaidBooking.tsx'
import { useWords } from '../messages/locale.tsx'
import { useShowtime } from '../seat-map/SeatMapPage.tsx'
import { useNow } from '../ui/now.ts'
import { Link, navigate, useLocation } from '../ui/router.tsx'
import { keepToken, readStored, writeStored } from '../ui/stored.ts'
import { FailedPage, Notice, Waiting } from '../ui/states.tsx'
import { TheatreLogo } from '../ui/TheatreLogo.tsx'
import { bookingQuery } from './booking-query.ts'
import { dropOffline, keepOffline } from './keep-offline.ts'
import { CancelBooking } from './CancelBooking.tsx'
import { EveningTickets } from './EveningTickets.tsx'
import { TicketStub } from './TicketStub.tsx'
import { useTicketWords } from './words/index.ts'

const eveningMs = 3 * 3_600_000

/** A booking: its tickets to show at the door, and all that can be done with it. */
export function BookingPage({ id }: { readonly id: string }) {
  const { search, path } = useLocation()
  const linked = search.get('accessToken')
  // A link from a mail carries the key; it is kept, and not left in the address for others to see.
  useEffect(() => {
    if (linked === null) return
    keepToken(id, linked)
    navigate(path, { replace: true })
  }, [id, linked, path])
  const { data: booking, error, refetch } = useQuery({ ...bookingQuery(id), enabled: linked === null })
  const { data: showtime } = useShowtime(booking?.showtimeId)
  if (error && !booking) return <FailedPage error={error} retry={() => void refetch()} />
  if (!booking || !showtime) return <Waiting />
  if (booking.status === 'pending') return <UnpaidBooking id={id} />
  return <Settled booking={booking} showtime={showtime} />
}

interface BookingProps {
  readonly booking: Booking
  readonly showtime: Listed
}

function Settled({ booking, showtime }: BookingProps) {
  const { t, when, hall } = useTicketWords()
  const [isNew] = useState(() => readStored(`just-paid.${booking.id}`, false))
  useEffect(() => writeStored(`just-paid.${booking.id}`, null), [booking.id])
  useEffect(() => {
    if (booking.status !== 'confirmed') dropOffline(booking.id).catch(() => {})
  }, [booking])
  const isEvening = isEveningOf(showtime, useNow(30_000))
  const { search } = useLocation()
  const { movie, theatre, auditorium } = showtime
  const { reference } = booking
  return (
    <div className="page grid max-w-5xl gap-8 pt-6 sm:pt-10">
      <title>{t('booking_title', { reference })}</title>
      {isNew && (
        <Notice tone="good" title={t('booked_title')}>
          {<p>{t('booked_text', { email: booking.customer.email ?? '' })}</p>}
        </Notice>
      )}
      {search.get('changed') === 'yes' && booking.status === 'confirmed' && (
        <Notice tone="good" title={t('exchange_done')}>
          <p>{t('exchange_done_text')}</p>
        </Notice>
      )}
      {booking.status !== 'confirmed' && (
        <Notice title={booking.status === 'expired' ? t('hold_over') : t('booking_is_cancelled')}>
          <SentBack booking={booking} />
          <Due booking={booking} theatre={theatre.name} />
          <Link href={`/films/${movie.id}`} className="button">
            {t('other_times')}
          </Link>
        </Notice>
      )}
      <header className="grid gap-2">
        <TheatreLogo theatre={theatre} />
        <h1 className="label text-base">{t('booking_title', { reference })}</h1>
        <p className="marquee text-[clamp(2.6rem,8vw,5.5rem)]">{movie.title}</p>
        <p className="text-xl font-semibold">{when(showtime)}</p>
        <p className="text-soft">
          <Link href={`/theatres/${theatre.id}`} className="quiet-link">
            {theatre.name}
          </Link>
          {auditorium && `, ${hall(auditorium.name)}`}
        </p>
        {booking.status === 'confirmed' && !isEvening && <Evening showtime={showtime} />}
      </header>
      {booking.status === 'confirmed' && <Tickets booking={booking} showtime={showtime} isEvening={isEvening} />}
      <Paid booking={booking} theatre={theatre.name} />
      {booking.status === 'confirmed' && <Due booking={booking} theatre={theatre.name} />}
      {booking.status === 'confirmed' && (
        <section className="grid gap-3 border-t border-line pt-5" aria-labelledby="change">
          <h2 id="change" className="text-2xl font-bold">
            {t('change_title')}
          </h2>
          <div className="flex flex-wrap gap-3 [&>p]:w-full">
            <CancelBooking booking={booking} showtime={showtime} />
            <ExchangeLink booking={booking} showtime={showtime} />
          </div>
        </section>
      )}
    </div>
  )
}

interface TicketsProps extends BookingProps {
  readonly isEvening: boolean
}

/** The codes, and what can be taken along. */
function Tickets({ booking, showtime, isEvening }: TicketsProps) {
  const { t } = useTicketWords()
  const isKept = useKept(booking, showtime)
  const valid = booking.tickets.filter(({ status }) => status !== 'void')
  return (
    <>
      {isEvening ? (
        <EveningTickets booking={booking} showtime={showtime} />
      ) : (
        <ul className="grid gap-4 lg:grid-cols-2">
          {valid.map((ticket, index) => (
            <li key={ticket.id}>
              <TicketStub ticket={ticket} number={index + 1} showtime={showtime} />
            </li>
          ))}
        </ul>
      )}
      {isKept && <p className="font-semibold text-good">{t('kept_offline')}</p>}
      <Papers booking={booking} />
    </>
  )
}

function Paid({ booking, theatre }: { readonly booking: Booking; readonly theatre: string }) {
  const { t, money } = useTicketWords()
  return (
    <section className="grid gap-3 border-t border-line pt-5" aria-label={t('total')}>
      <p className="flex max-w-md justify-between gap-4">
        <span>{t('paid')}</span>
        <b>{money(booking.paid)}</b>
      </p>
      {booking.taxIncluded.amount > 0 && (
        <p className="text-sm text-soft">{t('tax_included', { tax: money(booking.taxIncluded) })}</p>
      )}
      {booking.status === 'confirmed' && (
        <>
          <SentBack booking={booking} />
          <Due booking={booking} theatre={theatre} />
        </>
      )}
    </section>
  )
}

/** What goes back by itself: all that was given back but what waits at the counter. */
function SentBack({ booking: { refunded, dueAtCounter } }: { readonly booking: Booking }) {
  const { t, money } = useTicketWords()
  const amount = refunded.amount - (dueAtCounter?.amount ?? 0)
  return amount > 0 && <p>{t('refunded', { sum: money({ ...refunded, amount }) })}</p>
}

/** Money that the counter took is fetched there, however it was cancelled. */
function Due({ booking, theatre }: { readonly booking: Booking; readonly theatre: string }) {
  const { t, money } = useTicketWords()
  const { dueAtCounter, reference } = booking
  if (!dueAtCounter) return null
  return (
    <p className="font-semibold text-ink">{t('due_at_counter', { sum: money(dueAtCounter), theatre, reference })}</p>
  )
}

/** From three hours before the start to the end of the film a booking is a ticket before all else. */
function isEveningOf({ startsAt, endsAt }: Listed, now: number): boolean {
  return now >= Date.parse(startsAt) - eveningMs && now < Date.parse(endsAt)
}

/** As long as it may be cancelled a booking may be moved, too. */
function ExchangeLink({ booking, showtime }: BookingProps) {
  const { t } = useTicketWords()
  const isOpen = Date.parse(showtime.startsAt) - showtime.theatre.settings.refundUntilMinutes * 60_000 > useNow(30_000)
  const isUsed = booking.tickets.some(({ status }) => status === 'used')
  if (!isOpen || isUsed) return null
  return (
    <Link href={`/bookings/${booking.id}/exchange`} className="button justify-self-start">
      {t('exchange')}
    </Link>
  )
}

/** Keeps a paid booking for flight mode; true once it is kept. */
function useKept(booking: Booking, showtime: Listed): boolean {
  const [isKept, setKept] = useState(false)
  useEffect(() => {
    // A browser that keeps nothing shows its tickets as long as there is a network.
    keepOffline(booking, showtime).then(setKept, () => {})
  }, [booking, showtime])
  return isKept
}

/** Doors, and when the film itself begins. */
function Evening({ showtime }: { readonly showtime: Listed }) {
  const { t, clock } = useWords()
  const { doorsOpenMinutes, trailerMinutes } = showtime.theatre.settings
  const start = Date.parse(showtime.startsAt)
  const at = (minutes: number) => clock(new Date(start + minutes * 60_000).toISOString(), showtime.timeZone)
  return <p className="text-soft">{t('evening', { doors: at(-doorsOpenMinutes), film: at(trailerMinutes) })}</p>
}

/** What can be taken along. */
function Papers({ booking }: { readonly booking: Booking }) {
  const { t } = useTicketWords()
  const link = (file: string) => `${basePath}/bookings/${booking.id}/${file}?accessToken=${booking.accessToken}`
  return (
    <ul className="flex flex-wrap gap-3">
      {(['tickets.pdf', 'calendar.ics', 'receipt.pdf'] as const).map((file) => (
        <li key={file}>
          <a className="button" href={link(file)} download={`${booking.reference}-${file}`}>
            {t(`paper_${file}`)}
          </a>
        </li>
      ))}
      {booking.walletUrl !== undefined && (
        <li>
          <a className="button" href={booking.walletUrl}>
            {t('paper_wallet')}
          </a>
        </li>
      )}
    </ul>
  )
}
