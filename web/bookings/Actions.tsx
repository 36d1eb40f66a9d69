import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import type { Booking } from '../../contract/bookings.ts'
import { call } from '../api.ts'
import type { Listed } from '../catalogue/showtimes.ts'
import { intoView } from '../ui/into-view.ts'
import { useNow } from '../ui/now.ts'
import { Failed } from '../ui/states.tsx'
import { CancelTickets } from './CancelTickets.tsx'
import { ChangeCustomer } from './ChangeCustomer.tsx'
import { Exchange } from './Exchange.tsx'
import { GiveBack } from './GiveBack.tsx'
import { Notes } from './Notes.tsx'
import { Reseat } from './Reseat.tsx'
import { useBookingWords } from './words/index.ts'

export interface ActionProps {
  readonly booking: Booking
  readonly show: Listed
  /** The booking as it is after something was done, and what to say of it. */
  readonly hear: (booking: Booking, text: string) => void
}

interface ActionsProps extends ActionProps {
  readonly pay?: ((booking: Booking) => void) | undefined
}

type Open = 'cancel' | 'customer' | 'notes' | 'seats' | 'exchange' | 'refund'

/** Everything that may be done about a booking; one thing at a time is open. */
export function Actions({ booking, show, hear, pay }: ActionsProps) {
  const { t } = useBookingWords()
  const [open, setOpen] = useState<Open | null>(null)
  const isLive = booking.status === 'confirmed' || booking.status === 'pending'
  const isPaid = booking.status === 'confirmed'
  const isOver = Date.parse(show.endsAt) < useNow(60_000)
  const common = {
    booking,
    show,
    hear: (after: Booking, text: string) => {
      setOpen(null)
      hear(after, text)
    },
  }
  const offers: readonly (readonly [Open, boolean, ReactNode])[] = [
    ['cancel', isLive, <CancelTickets key="cancel" {...common} />],
    ['seats', isLive && show.seating === 'reserved' && !isOver, <Reseat key="seats" {...common} />],
    ['exchange', isPaid, <Exchange key="exchange" {...common} />],
    ['customer', true, <ChangeCustomer key="customer" {...common} />],
    ['notes', true, <Notes key="notes" {...common} />],
    ['refund', booking.paid.amount > booking.refunded.amount, <GiveBack key="refund" {...common} />],
  ]
  return (
    <>
      <div className="desk-actions">
        {pay && booking.status === 'pending' && (
          <button type="button" className="button button-main" onClick={() => pay(booking)}>
            {t('take_payment')}
          </button>
        )}
        {isPaid && <Papers booking={booking} />}
        {offers.map(
          ([name, isOffered]) =>
            isOffered && (
              <button
                key={name}
                type="button"
                className="button"
                aria-expanded={open === name}
                onClick={() => setOpen(open === name ? null : name)}
              >
                {t(`do_${name}`)}
              </button>
            ),
        )}
      </div>
      {offers.map(
        ([name, isOffered, content]) =>
          open === name &&
          isOffered && (
            <div key={name} ref={intoView} className="desk-action">
              {content}
            </div>
          ),
      )}
    </>
  )
}

function Papers({ booking }: { readonly booking: Booking }) {
  const { t } = useBookingWords()
  const resend = useMutation({ mutationFn: () => call('resendBooking', { params: { id: booking.id } }) })
  const paper = (name: string) => `/api/v1/bookings/${booking.id}/${name}`
  return (
    <>
      <a className="button" href={paper('tickets.pdf?size=80mm')} target="_blank" rel="noreferrer">
        {t('print_roll')}
      </a>
      <a className="button" href={paper('receipt.pdf')} target="_blank" rel="noreferrer">
        {t('receipt')}
      </a>
      {booking.customer.email !== null && (
        <button type="button" className="button" disabled={resend.isPending} onClick={() => resend.mutate()}>
          {resend.isSuccess ? t('sent_again') : t('send_again')}
        </button>
      )}
      <Failed of={resend} />
    </>
  )
}
