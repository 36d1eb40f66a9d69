import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../api.ts'
import { Field } from '../ui/Field.tsx'
import { Form, SelectField } from '../ui/form.tsx'
import { MoneyField } from '../ui/MoneyField.tsx'
import type { ActionProps } from './Actions.tsx'
import { useBookingWords } from './words/index.ts'

/** Money back although the tickets stay valid: a broken heating, a wrong price. */
export function GiveBack({ booking, hear }: ActionProps) {
  const { t, money } = useBookingWords()
  const open = booking.payments.filter(({ status }) => status === 'succeeded' || status === 'partially_refunded')
  const [id, setId] = useState(open[0]?.id ?? '')
  const [amount, setAmount] = useState<number | null>(null)
  const [reason, setReason] = useState('')
  const give = useMutation({
    mutationFn: async () => {
      const { currency } = booking.total
      const body = { amount: { amount: amount ?? 0, currency }, ...(reason.trim() !== '' && { reason: reason.trim() }) }
      await call('refundPayment', { params: { id }, body, idempotencyKey: crypto.randomUUID() })
      return await call('readBooking', { params: { id: booking.id } })
    },
    onSuccess: (after) => hear(after, t('money_given')),
  })
  const options = open.map(({ id: key, provider, tender, amount: paid, refunded }) => {
    const left = money({ ...paid, amount: paid.amount - refunded.amount })
    return [key, `${provider === 'counter' ? t(`way_${tender ?? 'cash'}`) : t('way_online')}, ${left}`] as const
  })
  return (
    <Form
      submit={() => Boolean(amount) && give.mutate()}
      isBusy={give.isPending}
      error={give.error}
      label={t('do_refund')}
    >
      <p className="text-soft">{t('give_back_text')}</p>
      {options.length > 1 && <SelectField label={t('from_payment')} value={id} onChange={setId} options={options} />}
      <MoneyField label={t('amount')} currency={booking.total.currency} amount={amount} onChange={setAmount} required />
      <Field label={t('reason')} maxLength={500} autoComplete="off" value={reason} onChange={setReason} />
    </Form>
  )
}
