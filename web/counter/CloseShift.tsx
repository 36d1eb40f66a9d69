import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { Shift } from '../../contract/shifts.ts'
import { call } from '../api.ts'
import { Form } from '../ui/form.tsx'
import { MoneyField } from '../ui/MoneyField.tsx'
import { cashIn } from './money.ts'
import { useCounterWords } from './words/index.ts'

interface CloseShiftProps {
  readonly shift: Shift
  readonly closed: (shift: Shift) => void
  readonly back: () => void
}

const slips = ['card', 'voucher'] as const

/** The last count, blind: what should be there is told only once it stands. Notes and coins are counted by kind, or as one sum. */
export function CloseShift({ shift, closed, back }: CloseShiftProps) {
  const { t, money } = useCounterWords()
  const { currency } = shift.float
  const [counts, setCounts] = useState<Readonly<Record<number, number>>>({})
  const [sum, setSum] = useState<number | null>(null)
  const [counted, setCounted] = useState<Readonly<Partial<Record<(typeof slips)[number], number | null>>>>({})
  const { notes, coins } = cashIn(currency)
  const pieces = Object.entries(counts).reduce((total, [value, count]) => total + Number(value) * count, 0)
  const cash = sum ?? pieces
  const close = useMutation({
    mutationFn: async () => {
      const given = slips.flatMap((tender) => {
        const amount = counted[tender] ?? null
        return amount === null ? [] : [[tender, { amount, currency }] as const]
      })
      const body = { counted: { cash: { amount: cash, currency }, ...Object.fromEntries(given) } }
      return await call('closeShift', { params: { id: shift.id }, body })
    },
    onSuccess: closed,
  })
  const isReady = [cash, ...Object.values(counted)].every((amount) => !Number.isNaN(amount ?? 0))
  const beside = (
    <button type="button" className="button" onClick={back}>
      {t('not_yet')}
    </button>
  )
  return (
    <Form
      submit={() => isReady && close.mutate()}
      isBusy={close.isPending}
      error={close.error}
      label={t('close_shift')}
      beside={beside}
    >
      <p className="text-soft">{t('count_text')}</p>
      <fieldset className="count-grid" aria-label={t('notes_and_coins')}>
        {[...notes, ...coins].map((value) => (
          <label key={value} className="count-piece">
            <span>{money({ amount: value, currency })}</span>
            <input
              type="number"
              min={0}
              max={9999}
              inputMode="numeric"
              className="field"
              value={counts[value] ?? ''}
              onChange={(event) => setCounts({ ...counts, [value]: Math.max(0, Number(event.target.value) || 0) })}
            />
          </label>
        ))}
      </fieldset>
      <p className="flex items-baseline justify-between gap-4 text-lg">
        {t('tender_cash')}{' '}
        <b className="marquee text-5xl">{money({ amount: Number.isNaN(cash) ? 0 : cash, currency })}</b>
      </p>
      <div className="grid gap-4 sm:grid-cols-3">
        <MoneyField label={t('cash_in_one')} currency={currency} amount={sum} onChange={setSum} />
        {slips.map((tender) => (
          <MoneyField
            key={tender}
            label={t(`tender_${tender}`)}
            currency={currency}
            amount={counted[tender] ?? null}
            onChange={(amount) => setCounted((before) => ({ ...before, [tender]: amount }))}
          />
        ))}
      </div>
    </Form>
  )
}
