import { useEffect, useSyncExternalStore } from 'react'
import { useShowtime } from '../seat-map/SeatMapPage.tsx'
import { useAwake } from '../ui/awake.ts'
import { QrCode } from '../ui/QrCode.tsx'
import { Link } from '../ui/router.tsx'
import { EveningFacts } from './EveningFacts.tsx'
import { keepShowtime } from './keep-offline.ts'
import { readShared } from './share.ts'
import type { SharedTicket } from './share.ts'
import { useTicketWords } from './words/index.ts'

function onHash(listener: () => void): () => void {
  window.addEventListener('hashchange', listener)
  return () => window.removeEventListener('hashchange', listener)
}

/** A seat that somebody was given: its code lies in the address alone, and opens no booking. */
export function SharedTicketPage() {
  const { t } = useTicketWords()
  const ticket = readShared(useSyncExternalStore(onHash, () => location.hash))
  if (ticket) return <Shared ticket={ticket} />
  return (
    <div className="page grid justify-items-start gap-4 py-16">
      <title>{t('shared_bad')}</title>
      <h1 className="marquee text-5xl">{t('shared_bad')}</h1>
      <p className="max-w-prose text-soft">{t('shared_bad_text')}</p>
      <Link href="/" className="button button-main">
        {t('to_programme')}
      </Link>
    </div>
  )
}

function Shared({ ticket }: { readonly ticket: SharedTicket }) {
  const { t, tOr, when } = useTicketWords()
  useAwake()
  const { data: showtime } = useShowtime(ticket.showtimeId)
  useEffect(() => {
    if (showtime) keepShowtime(showtime).catch(() => {})
  }, [showtime])
  const seat = ticket.seat ?? t('free_choice')
  return (
    <div className="page grid max-w-md gap-5 pt-6">
      <title>{t('shared_title')}</title>
      <div className="grid gap-1">
        <h1 className="label text-base">{t('shared_title')}</h1>
        {showtime && (
          <>
            <p className="marquee text-4xl">{showtime.movie.title}</p>
            <p className="font-semibold">{when(showtime)}</p>
            <p className="text-soft">{showtime.theatre.name}</p>
          </>
        )}
      </div>
      <div className="evening-ticket">
        <QrCode text={ticket.code} label={t('qr_of', { seat })} className="w-full" />
        <p className="flex items-end justify-between gap-4">
          <span className="marquee text-7xl">{seat}</span>
          <b>{tOr(`type_${ticket.ticketType}`, ticket.ticketType)}</b>
        </p>
      </div>
      <p className="text-soft">{t('shared_text')}</p>
      {showtime && <EveningFacts showtime={showtime} />}
    </div>
  )
}
