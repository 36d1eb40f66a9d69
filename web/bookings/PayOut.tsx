import { useMutation } from '@tanstack/react-query'
import { call, keyFor } from '../api.ts'
import { Failed } from '../ui/states.tsx'
import type { ActionProps } from './Actions.tsx'
import { waitingAtCounter } from './given-back.ts'
import { useWays } from './use-ways.ts'
import { useBookingWords } from './words/index.ts'

/** What waits here for its buyer, and one press that hands over exactly that. */
export function PayOut({ booking, hear }: Pick<ActionProps, 'booking' | 'hear'>) {
  const { t, list } = useBookingWords()
  const say = useWays(booking.total.currency)
  const { refunds, sums } = waitingAtCounter(booking)
  const pay = useMutation({
    mutationFn: () =>
      call('payOutBooking', {
        params: { id: booking.id },
        body: { refunds: [...refunds] },
        idempotencyKey: keyFor(`pay out ${booking.id}`, refunds),
      }),
    onSuccess: (after) => hear(after, t('paid_out')),
  })
  if (refunds.length === 0) return null
  const waiting = list(say(sums))
  return (
    <section className="desk-hand" aria-label={t('waits_here', { sums: waiting })}>
      <p>{t('waits_here', { sums: waiting })}</p>
      <Failed of={pay} />
      <button type="button" className="button button-main" disabled={pay.isPending} onClick={() => pay.mutate()}>
        {t('pay_out', { sums: waiting })}
      </button>
    </section>
  )
}
