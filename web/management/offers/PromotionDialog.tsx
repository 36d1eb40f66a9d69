import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Promotion } from '../../../contract/promotions.ts'
import type { Theatre } from '../../../contract/venues.ts'
import { call } from '../../api.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { Field } from '../../ui/Field.tsx'
import { Form, SelectField, fieldProblems } from '../../ui/form.tsx'
import { MoneyField } from '../../ui/MoneyField.tsx'
import { fromLocalField, toLocalField } from './offer-state.ts'
import { useOfferWords } from './words/index.ts'

interface Draft {
  readonly code: string
  readonly way: 'percent' | 'amount'
  readonly percent: string
  readonly amount: number | null
  readonly from: string
  readonly to: string
  readonly most: string
  readonly each: string
}

function draftOf(promotion: Promotion | undefined): Draft {
  return {
    code: promotion?.code ?? '',
    way: promotion?.amountOff ? 'amount' : 'percent',
    percent: String(promotion?.percentOff ?? 10),
    amount: promotion?.amountOff?.amount ?? null,
    from: toLocalField(promotion?.validFrom ?? null),
    to: toLocalField(promotion?.validTo ?? null),
    most: String(promotion?.maxUses ?? ''),
    each: String(promotion?.perCustomer ?? ''),
  }
}

function bodyOf({ code, way, percent, amount, from, to, most, each }: Draft, currency: string) {
  return {
    code: code.trim().toUpperCase(),
    ...(way === 'percent' ? { percentOff: Number(percent) } : { amountOff: { amount: amount ?? 0, currency } }),
    validFrom: fromLocalField(from),
    validTo: fromLocalField(to),
    maxUses: most === '' ? null : Number(most),
    perCustomer: each === '' ? null : Number(each),
  }
}

interface PromotionDialogProps {
  readonly theatre: Theatre
  readonly promotion?: Promotion
  readonly close: () => void
}

function useSave({ theatre, promotion, close }: PromotionDialogProps, draft: Draft) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async () => {
      const body = bodyOf(draft, theatre.currency)
      if (promotion) return await call('updatePromotion', { params: { id: promotion.id }, body })
      return await call('createPromotion', { body })
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['promotions'] })
      close()
    },
  })
}

export function PromotionDialog(props: PromotionDialogProps) {
  const { theatre, promotion, close } = props
  const { t } = useOfferWords()
  const [draft, setDraft] = useState(() => draftOf(promotion))
  const set = (part: Partial<Draft>) => setDraft({ ...draft, ...part })
  const save = useSave(props, draft)
  const problem = fieldProblems(save.error)
  const bind = (name: 'code' | 'from' | 'to' | 'most' | 'each', path: string) => ({
    value: draft[name],
    onChange: (value: string) => set({ [name]: value }),
    problem: problem(`/${path}`),
  })
  return (
    <Dialog title={promotion ? promotion.code : t('add_promotion')} close={close}>
      <Form submit={() => save.mutate()} isBusy={save.isPending} error={save.error}>
        <Field
          label={t('code')}
          required
          maxLength={40}
          pattern="[A-Za-z0-9_\-]+"
          hint={t('code_hint')}
          placeholder="SPRING10"
          {...bind('code', 'code')}
        />
        <TakesOff draft={draft} set={set} currency={theatre.currency} problem={problem} />
        <div className="pair">
          <Field label={t('starts')} type="datetime-local" {...bind('from', 'validFrom')} />
          <Field label={t('ends')} type="datetime-local" {...bind('to', 'validTo')} />
        </div>
        <div className="pair">
          <Field label={t('max_uses')} type="number" min={1} hint={t('no_limit')} {...bind('most', 'maxUses')} />
          <Field
            label={t('per_customer')}
            type="number"
            min={1}
            hint={t('no_limit')}
            {...bind('each', 'perCustomer')}
          />
        </div>
      </Form>
    </Dialog>
  )
}

interface TakesOffProps {
  readonly draft: Draft
  readonly set: (part: Partial<Draft>) => void
  readonly currency: string
  readonly problem: (path: string) => string | undefined
}

/** So many percent, or a sum. */
function TakesOff({ draft, set, currency, problem }: TakesOffProps) {
  const { t } = useOfferWords()
  return (
    <div className="pair">
      <SelectField
        label={t('takes_off')}
        value={draft.way}
        options={[
          ['percent', t('percent')],
          ['amount', t('amount')],
        ]}
        onChange={(way) => set({ way: way === 'amount' ? 'amount' : 'percent' })}
      />
      {draft.way === 'percent' ? (
        <Field
          label={t('percent')}
          type="number"
          min={0.1}
          max={100}
          step="any"
          required
          value={draft.percent}
          onChange={(percent) => set({ percent })}
          problem={problem('/percentOff')}
        />
      ) : (
        <MoneyField
          label={t('amount')}
          currency={currency}
          required
          amount={draft.amount}
          onChange={(amount) => set({ amount })}
          problem={problem('/amountOff')}
        />
      )}
    </div>
  )
}
