import { useRef, useState } from 'react'
import type { KeyboardEvent } from 'react'
import type { Booking, Ticket } from '../../contract/bookings.ts'
import type { Listed } from '../catalogue/showtimes.ts'
import { QrCode } from '../ui/QrCode.tsx'
import { useAwake } from '../ui/awake.ts'
import { share, sharedAddress } from './share.ts'
import { EveningFacts } from './EveningFacts.tsx'
import { useTicketWords } from './words/index.ts'

interface EveningTicketsProps {
  readonly booking: Booking
  readonly showtime: Listed
}

/** The ticket of the evening: one seat at a time, bright and large, a swipe apart; it needs no network. */
export function EveningTickets({ booking, showtime }: EveningTicketsProps) {
  const { t } = useTicketWords()
  useAwake()
  const strip = useRef<HTMLUListElement>(null)
  const [shown, setShown] = useState(0)
  const tickets = booking.tickets.filter(({ status }) => status !== 'void')
  const show = (index: number) => {
    const slide = strip.current?.children[index]
    slide?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    show(shown + (document.dir === 'rtl' ? -step : step))
  }
  const onScroll = () => {
    const { scrollLeft = 0, clientWidth = 1 } = strip.current ?? {}
    setShown(Math.round(Math.abs(scrollLeft) / clientWidth))
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- its buttons have the focus; arrow keys go on from them
    <section aria-label={t('your_seats')} className="grid gap-4" onKeyDown={onKeyDown}>
      <ul ref={strip} className="evening-strip" onScroll={onScroll}>
        {tickets.map((ticket, index) => (
          <li
            key={ticket.id}
            className="evening-ticket"
            aria-label={t('seat_of', { number: index + 1, count: tickets.length })}
          >
            <EveningTicket ticket={ticket} number={index + 1} showtime={showtime} />
          </li>
        ))}
      </ul>
      {tickets.length > 1 && (
        <div className="flex items-center justify-between gap-4">
          <Turn label={t('previous_seat')} sign="←" isOver={shown === 0} turn={() => show(shown - 1)} />
          <p aria-live="polite" className="font-semibold">
            {t('seat_of', { number: shown + 1, count: tickets.length })}
          </p>
          <Turn label={t('next_seat')} sign="→" isOver={shown === tickets.length - 1} turn={() => show(shown + 1)} />
        </div>
      )}
      <EveningFacts showtime={showtime} />
    </section>
  )
}

interface TurnProps {
  readonly label: string
  readonly sign: string
  readonly isOver: boolean
  readonly turn: () => void
}

/** Stays in reach of the keys at both ends: a button that vanishes would take the focus along. */
function Turn({ label, sign, isOver, turn }: TurnProps) {
  return (
    <button type="button" className="step rtl:-scale-x-100" aria-label={label} aria-disabled={isOver} onClick={turn}>
      {sign}
    </button>
  )
}

interface EveningTicketProps {
  readonly ticket: Ticket
  readonly number: number
  readonly showtime: Listed
}

function EveningTicket({ ticket, number, showtime }: EveningTicketProps) {
  const { t, tOr, when } = useTicketWords()
  const [isCopied, setCopied] = useState(false)
  const { seat, ticketType, code, status } = ticket
  const place = seat ?? t('ticket_number', { number })
  const give = async (signed: string) => {
    const url = `${location.origin}${sharedAddress({ showtimeId: showtime.id, seat, ticketType, code: signed })}`
    const title = showtime.movie.title
    const text = t('share_text', { title, when: when(showtime), theatre: showtime.theatre.name, seat: place })
    setCopied((await share({ title, text, url })) === 'copied')
  }
  return (
    <>
      {code !== undefined && (
        <QrCode text={code} label={t('qr_of', { seat: seat ?? String(number) })} className="w-full" />
      )}
      <p className="flex items-end justify-between gap-4">
        <span className="marquee text-7xl">{seat ?? t('free_choice')}</span>
        <span className="text-end leading-snug">
          <b className="block">{tOr(`type_${ticketType}`, ticketType)}</b>
          {status === 'used' && <span className="font-semibold text-[#0f6b38]">{t('ticket_used')}</span>}
        </span>
      </p>
      {code !== undefined && (
        <button type="button" className="evening-share" onClick={() => void give(code)}>
          {isCopied ? t('link_copied') : t('share_seat')}
        </button>
      )}
    </>
  )
}
