import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { Booking } from '../../contract/bookings.ts'
import { call } from '../api.ts'
import type { Listed } from '../catalogue/showtimes.ts'
import { useShowtime } from '../seat-map/SeatMapPage.tsx'
import { useCounterWords } from './words/index.ts'

interface PaperTicketsProps {
  readonly bookingId: string
  readonly nameOf: (type: string) => string
  /** Each new number prints once. */
  readonly request: number
}

/** The tickets of a booking for a roll of 80 mm; only paper sees them. */
export function PaperTickets({ bookingId, nameOf, request }: PaperTicketsProps) {
  const { data } = useQuery({
    queryKey: ['counter', 'booking', bookingId],
    queryFn: ({ signal }) => call('readBooking', { params: { id: bookingId }, signal }),
    refetchInterval: ({ state }) => (state.data?.status === 'confirmed' ? false : 1000),
  })
  const { data: show } = useShowtime(data?.showtimeId)
  const paper = useRef<HTMLDivElement>(null)
  const printed = useRef(0)
  const isReady = data?.status === 'confirmed' && show !== undefined && show !== null
  useEffect(() => {
    if (!isReady || request === 0 || printed.current === request) return
    printed.current = request
    const print = async () => {
      const codes = [...(paper.current?.querySelectorAll('img') ?? [])]
      await Promise.allSettled(codes.map((code) => code.decode()))
      window.print()
    }
    void print()
  }, [isReady, request])
  return (
    <div ref={paper} className="paper" aria-hidden="true">
      {isReady &&
        data.tickets
          .filter(({ code }) => code !== undefined)
          .map((ticket) => <PaperTicket key={ticket.id} ticket={ticket} booking={data} show={show} nameOf={nameOf} />)}
    </div>
  )
}

interface PaperTicketProps extends Pick<PaperTicketsProps, 'nameOf'> {
  readonly show: Listed
  readonly ticket: Booking['tickets'][number]
  readonly booking: Booking
}

function PaperTicket({ ticket, booking, show, nameOf }: PaperTicketProps) {
  const { t, when, money } = useCounterWords()
  return (
    <section className="paper-ticket">
      <p>{show.theatre.name}</p>
      <p className="paper-title">{show.movie.title}</p>
      <p>
        <b>{when(show)}</b>
      </p>
      <p>{show.auditorium?.name}</p>
      <p className="paper-seat">{ticket.seat ?? t('free_choice')}</p>
      <p>
        {nameOf(ticket.ticketType)}, {money(ticket.price)}
      </p>
      {ticket.qrUrl !== undefined && <img src={ticket.qrUrl} alt="" width={220} height={220} />}
      <p>{booking.reference}</p>
    </section>
  )
}
