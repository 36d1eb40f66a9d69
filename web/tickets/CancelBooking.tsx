import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { Booking, Ticket } from '../../contract/bookings.ts'
import { call, keyFor } from '../api.ts'
import type { Listed } from '../catalogue/showtimes.ts'
import { useNow } from '../ui/now.ts'
import { tokenOf } from '../ui/stored.ts'
import { Failed } from '../ui/states.tsx'
import { differenceOf } from './difference.ts'
import { useTicketWords } from './words/index.ts'

/** What a customer may cancel: what was not cancelled or used before. */
function cancellable(booking: Booking): readonly Ticket[] {
  return booking.tickets.filter(({ status }) => status === 'valid')
}

/** A cancellation of some tickets; of all that are left it is the booking's. */
function inputOf(booking: Booking, chosen: readonly string[]) {
  const standing = booking.tickets.filter(({ status }) => status !== 'void').length
  return {
    params: { id: booking.id },
    body: chosen.length === standing ? {} : { tickets: [...chosen] },
    accessToken: tokenOf(booking.id),
  }
}

/** The house's own answer to "what if": nothing is cancelled by asking. */
function useRehearsal(booking: Booking, chosen: readonly string[], isAsked: boolean) {
  return useQuery({
    queryKey: ['cancel', booking.id, booking.refunded.amount, ...chosen],
    enabled: isAsked && chosen.length > 0,
    retry: false,
    queryFn: ({ signal }) => {
      const input = inputOf(booking, chosen)
      return call('cancelBooking', { ...input, body: { ...input.body, dryRun: true }, signal })
    },
  })
}

/** The calendar day of an instant on a theatre's clock; Swedish dates are ISO's. */
function localDay(instant: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone }).format(instant)
}

interface CancelBookingProps {
  readonly booking: Booking
  readonly showtime: Listed
}

/** Cancelling all or some tickets, with what comes back said before it is done. */
export function CancelBooking({ booking, showtime }: CancelBookingProps) {
  const { t, clock, day } = useTicketWords()
  const { startsAt, timeZone, theatre } = showtime
  const now = useNow(30_000)
  const until = Date.parse(startsAt) - theatre.settings.refundUntilMinutes * 60_000
  const isLate = now > until
  const hasBegun = now >= Date.parse(startsAt)
  const all = cancellable(booking).map(({ id }) => id)
  // Late is not too late when the house has moved the showtime: the house knows.
  const late = useRehearsal(booking, all, isLate && !hasBegun)
  if (all.length === 0) return null
  const limit = new Date(until)
  const time = `${day(localDay(limit, timeZone))}, ${clock(limit.toISOString(), timeZone)}`
  if (hasBegun || (isLate && !late.data)) return <p className="text-soft">{t('too_late_to_cancel')}</p>
  return (
    <>
      {!isLate && <p className="text-soft">{t('cancel_until', { time })}</p>}
      <CancelDialog key={all.join(' ')} booking={booking} showtime={showtime} all={all} />
    </>
  )
}

function CancelDialog({ booking, showtime, all }: CancelBookingProps & { readonly all: readonly string[] }) {
  const { t, when } = useTicketWords()
  const dialog = useRef<HTMLDialogElement>(null)
  const queries = useQueryClient()
  const [isOpen, setOpen] = useState(false)
  const [chosen, setChosen] = useState(all)
  const rehearsal = useRehearsal(booking, chosen, isOpen)
  const cancel = useMutation({
    mutationFn: () =>
      call('cancelBooking', {
        ...inputOf(booking, chosen),
        idempotencyKey: keyFor(`cancel ${booking.id}`, chosen),
      }),
    onSuccess: (cancelled) => {
      dialog.current?.close()
      queries.setQueryData(['booking', booking.id], cancelled)
    },
  })
  const ask = () => {
    cancel.reset()
    setOpen(true)
    dialog.current?.showModal()
  }
  return (
    <>
      <button type="button" className="button justify-self-start" onClick={ask}>
        {t('cancel_booking')}
      </button>
      <dialog ref={dialog} aria-labelledby="cancel-title" className="dialog" onClose={() => setOpen(false)}>
        <div className="grid gap-4">
          <h2 id="cancel-title" className="text-2xl font-bold">
            {t('cancel_question')}
          </h2>
          <p className="text-soft">{when(showtime)}</p>
          {all.length > 1 && <Choice booking={booking} chosen={chosen} choose={setChosen} />}
          <ComesBack booking={booking} after={rehearsal.data} isAsking={rehearsal.isFetching} />
          <Failed of={cancel.error ? cancel : rehearsal} />
          <div className="flex flex-wrap justify-end gap-3">
            <button type="button" className="button" onClick={() => dialog.current?.close()}>
              {t('keep_booking')}
            </button>
            <button
              type="button"
              className="button button-main"
              disabled={cancel.isPending || !rehearsal.data}
              onClick={() => cancel.mutate()}
            >
              {t('cancel_now')}
            </button>
          </div>
        </div>
      </dialog>
    </>
  )
}

interface ChoiceProps {
  readonly booking: Booking
  readonly chosen: readonly string[]
  readonly choose: (chosen: readonly string[]) => void
}

/** Which of the tickets go. */
function Choice({ booking, chosen, choose }: ChoiceProps) {
  const { t, tOr, money } = useTicketWords()
  const turn = (id: string) => choose(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id])
  return (
    <fieldset>
      <legend className="label mb-1">{t('which_tickets')}</legend>
      {cancellable(booking).map(({ id, seat, ticketType, price }, index) => (
        <label key={id} className="flex min-h-11 items-center gap-3">
          <input
            type="checkbox"
            className="size-5 accent-accent"
            checked={chosen.includes(id)}
            onChange={() => turn(id)}
          />
          <b>{seat ?? t('ticket_number', { number: index + 1 })}</b>
          <span className="flex-1">{tOr(`type_${ticketType}`, ticketType)}</span>
          <span className="text-soft">{money(price)}</span>
        </label>
      ))}
    </fieldset>
  )
}

interface ComesBackProps {
  readonly booking: Booking
  readonly after: Booking | undefined
  readonly isAsking: boolean
}

function ComesBack({ booking, after, isAsking }: ComesBackProps) {
  const { t, money } = useTicketWords()
  if (!after) return <output className="block min-h-12 text-soft">{isAsking && t('working_out')}</output>
  const back = -differenceOf(booking, after)
  const fetched = (after.dueAtCounter?.amount ?? 0) - (booking.dueAtCounter?.amount ?? 0)
  return (
    <output className="block min-h-12">
      <b className="block">
        {back > 0 ? t('back_some', { sum: money({ ...booking.paid, amount: back }) }) : t('back_nothing')}
      </b>
      {fetched > 0 && (
        <b className="block">{t('back_at_counter', { sum: money({ ...booking.paid, amount: fetched }) })}</b>
      )}
      <span className="text-soft">{t('seats_freed')}</span>
    </output>
  )
}
