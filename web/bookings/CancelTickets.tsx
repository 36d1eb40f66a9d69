import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../api.ts'
import { Field } from '../ui/Field.tsx'
import { Form } from '../ui/form.tsx'
import type { ActionProps } from './Actions.tsx'
import { worthOf } from './given-back.ts'
import { useBookingWords } from './words/index.ts'

/** Cancels all tickets or some, and says before the press what goes back. */
export function CancelTickets({ booking, hear }: ActionProps) {
  const { t, tOr, money } = useBookingWords()
  const live = booking.tickets.filter(({ status }) => status === 'valid')
  const isWhole = booking.status === 'pending'
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(live.map(({ id }) => id)))
  const [reason, setReason] = useState('')
  const sum = money({ ...booking.total, amount: worthOf(booking, chosen) })
  const cancel = useMutation({
    mutationFn: async () => {
      const all = isWhole || chosen.size === booking.tickets.filter(({ status }) => status !== 'void').length
      const body = { ...(!all && { tickets: [...chosen] }), ...(reason.trim() !== '' && { reason: reason.trim() }) }
      return await call('cancelBooking', { params: { id: booking.id }, body, idempotencyKey: crypto.randomUUID() })
    },
    onSuccess: (after) => hear(after, t('tickets_cancelled', { count: chosen.size })),
  })
  const turn = (id: string) => {
    const next = new Set(chosen)
    if (!next.delete(id)) next.add(id)
    setChosen(next)
  }
  return (
    <Form
      submit={() => chosen.size > 0 && cancel.mutate()}
      isBusy={cancel.isPending || chosen.size === 0}
      error={cancel.error}
      label={t('cancel_and_give', { sum })}
    >
      <fieldset className="flex flex-wrap gap-2" aria-label={t('which_tickets')}>
        {live.map(({ id, seat, ticketType, total }) => (
          <label key={id} className="segment">
            <input type="checkbox" checked={chosen.has(id)} disabled={isWhole} onChange={() => turn(id)} />
            <b>{seat ?? t('free_choice')}</b> {tOr(`type_${ticketType}`, ticketType)} {money(total)}
          </label>
        ))}
      </fieldset>
      <Field label={t('reason')} maxLength={500} autoComplete="off" value={reason} onChange={setReason} />
    </Form>
  )
}
