import type { Ticket } from '../../contract/bookings.ts'
import type { Listed } from '../catalogue/showtimes.ts'
import { useWords } from '../messages/locale.tsx'

interface TicketStubProps {
  readonly ticket: Ticket
  readonly number: number
  readonly showtime: Listed
}

/** One ticket: the code large and on white, so that a scanner reads it in any theme and light. */
export function TicketStub({ ticket, number, showtime }: TicketStubProps) {
  const { t, tOr, hall } = useWords()
  const { seat, ticketType, category, qrUrl, status } = ticket
  return (
    <div className="stub grid grid-cols-[minmax(0,1fr)_11rem] [--tear:calc(100%-11rem)] sm:grid-cols-[minmax(0,1fr)_13rem] sm:[--tear:calc(100%-13rem)]">
      <div className="grid content-between gap-4 p-4 sm:p-5">
        <p>
          <span className="label block">{seat === null ? t('ticket_number', { number }) : t('seat')}</span>
          <span className="marquee text-6xl sm:text-7xl">{seat ?? t('free_choice')}</span>
        </p>
        <p className="leading-snug">
          <b>{tOr(`type_${ticketType}`, ticketType)}</b>
          <span className="block text-sm text-soft">
            {[
              seat === null ? null : tOr(`category_${category}`, category),
              showtime.auditorium && hall(showtime.auditorium.name),
            ]
              .filter(Boolean)
              .join(', ')}
          </span>
          {status === 'used' && <span className="mt-1 block font-semibold text-good">{t('ticket_used')}</span>}
        </p>
      </div>
      <div className="grid place-items-center border-s-2 border-dashed border-line bg-white p-3">
        {qrUrl !== undefined && (
          <img
            src={qrUrl}
            alt={t('qr_of', { seat: seat ?? String(number) })}
            width={208}
            height={208}
            className="w-full"
          />
        )}
      </div>
    </div>
  )
}
