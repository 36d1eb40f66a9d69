import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import type { Booking } from '../../contract/bookings.ts'
import { call, keyFor } from '../api.ts'
import type { Listed } from '../catalogue/showtimes.ts'
import { useWords } from '../messages/locale.tsx'
import { useNow } from '../ui/now.ts'
import { tokenOf } from '../ui/stored.ts'
import { Refused } from '../ui/states.tsx'

interface CancelBookingProps {
  readonly booking: Booking
  readonly showtime: Listed
  readonly timeZone: string
}

/** Cancelling says what comes back before it is done. */
export function CancelBooking({ booking, showtime, timeZone }: CancelBookingProps) {
  const { t, money, clock, when } = useWords()
  const dialog = useRef<HTMLDialogElement>(null)
  const queries = useQueryClient()
  const { refundUntilMinutes, refundSharePercent } = showtime.theatre.settings
  const until = Date.parse(showtime.startsAt) - refundUntilMinutes * 60_000
  const isLate = useNow(30_000) > until
  const back = {
    ...booking.paid,
    amount: Math.floor(((booking.paid.amount - booking.refunded.amount) * refundSharePercent) / 100 + 0.5),
  }
  const cancel = useMutation({
    mutationFn: () =>
      call('cancelBooking', {
        params: { id: booking.id },
        body: {},
        accessToken: tokenOf(booking.id),
        idempotencyKey: keyFor(`cancel ${booking.id}`, {}),
      }),
    onSuccess: (cancelled) => {
      dialog.current?.close()
      queries.setQueryData(['booking', booking.id], cancelled)
    },
  })
  if (isLate) return <p className="text-soft">{t('too_late_to_cancel')}</p>
  return (
    <>
      <p className="text-soft">
        {t('cancel_until', { time: clock(new Date(until).toISOString(), timeZone), sum: money(back) })}
      </p>
      <button type="button" className="button justify-self-start" onClick={() => dialog.current?.showModal()}>
        {t('cancel_booking')}
      </button>
      <dialog
        ref={dialog}
        aria-labelledby="cancel-title"
        className="m-auto w-[min(30rem,calc(100vw-2rem))] rounded-2xl border border-line bg-raised p-6 text-ink backdrop:bg-black/70"
      >
        <div className="grid gap-4">
          <h2 id="cancel-title" className="text-2xl font-bold">
            {t('cancel_question')}
          </h2>
          <p className="text-soft">{when(showtime)}</p>
          <p>{t('cancel_gives_back', { sum: money(back) })}</p>
          {cancel.error && <Refused error={cancel.error} act={() => cancel.mutate()} />}
          <div className="flex flex-wrap justify-end gap-3">
            <button type="button" className="button" onClick={() => dialog.current?.close()}>
              {t('keep_booking')}
            </button>
            <button
              type="button"
              className="button button-main"
              disabled={cancel.isPending}
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
