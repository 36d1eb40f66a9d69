import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { Shift } from '../../contract/shifts.ts'
import { call } from '../api.ts'
import { Field } from '../ui/Field.tsx'
import { Form } from '../ui/form.tsx'
import { MoneyField } from '../ui/MoneyField.tsx'
import { useCounterWords } from './words/index.ts'

interface MovementsProps {
  readonly shift: Shift
  readonly changed: (shift: Shift) => void
  readonly zone: string
}

/** Cash that came into the drawer or left it other than by sales, each with its reason. */
export function Movements({ shift, changed, zone }: MovementsProps) {
  const { t, money, clock } = useCounterWords()
  return (
    <div className="mt-4 grid gap-6 sm:grid-cols-2">
      <section>
        <h3 className="text-lg font-bold">{t('in_the_drawer')}</h3>
        <ul className="mt-2 grid gap-1">
          <li className="flex justify-between gap-4">
            {t('float')} <b>{money(shift.float)}</b>
          </li>
          {shift.movements.map(({ id, amount, reason, createdAt }) => (
            <li key={id} className="flex justify-between gap-4">
              <span>
                <span className="text-soft">{clock(createdAt, zone)}</span> {reason}
              </span>
              <b>{money(amount)}</b>
            </li>
          ))}
        </ul>
      </section>
      <MoveCash key={shift.movements.length} shift={shift} changed={changed} />
    </div>
  )
}

function MoveCash({ shift, changed }: Omit<MovementsProps, 'zone'>) {
  const { t } = useCounterWords()
  const [isOut, setOut] = useState(false)
  const [amount, setAmount] = useState<number | null>(null)
  const [reason, setReason] = useState('')
  const { currency } = shift.float
  const move = useMutation({
    mutationFn: async () => {
      const sum = { amount: (amount ?? 0) * (isOut ? -1 : 1), currency }
      return await call('moveCash', { params: { id: shift.id }, body: { amount: sum, reason: reason.trim() } })
    },
    onSuccess: changed,
  })
  const isReady = Boolean(amount) && reason.trim() !== ''
  return (
    <section>
      <h3 className="text-lg font-bold">{t('move_cash')}</h3>
      <Form submit={() => isReady && move.mutate()} isBusy={move.isPending} error={move.error} label={t('record')}>
        <fieldset className="mt-2 flex gap-2" aria-label={t('direction')}>
          {[false, true].map((out) => (
            <label key={String(out)} className="segment">
              <input type="radio" name="direction" checked={isOut === out} onChange={() => setOut(out)} />
              {out ? t('cash_out') : t('cash_in')}
            </label>
          ))}
        </fieldset>
        <MoneyField label={t('amount')} currency={currency} amount={amount} onChange={setAmount} required />
        <Field label={t('reason')} required maxLength={500} autoComplete="off" value={reason} onChange={setReason} />
      </Form>
    </section>
  )
}
