import { useQuery } from '@tanstack/react-query'
import { useWords } from '../../messages/locale.tsx'
import type { Showtime } from '../../../contract/showtimes.ts'
import { MoneyField } from '../../ui/MoneyField.tsx'
import { SelectField } from '../../ui/form.tsx'
import { priceListsQuery } from './programme.ts'
import type { PriceChoice } from './prices.ts'
import { useScheduleWords } from './words/index.ts'

interface PriceFieldProps {
  readonly theatre: { readonly id: string; readonly currency: string }
  readonly choice: PriceChoice
  readonly choose: (choice: PriceChoice) => void
  /** What it has already; without it there is nothing to keep. */
  readonly current?: Showtime['prices']
  readonly problem?: string | undefined
}

/** Prices from a list of the theatre, or one price for an adult; a draft may have none yet. */
export function PriceField({ theatre, choice, choose, current, problem }: PriceFieldProps) {
  const { t } = useScheduleWords()
  const { money } = useWords()
  const { data: lists = [] } = useQuery(priceListsQuery(theatre.id))
  const lowest = current?.map(({ price }) => price).toSorted((one, other) => one.amount - other.amount)[0]
  const options = [
    ...(lowest
      ? [['keep', t('prices_keep', { price: money(lowest) })] as const]
      : [['none', t('prices_none')] as const]),
    ...lists.map(({ id, name }) => [id, name] as const),
    ['base', t('prices_base')] as const,
  ]
  const value = choice.kind === 'list' ? choice.id : choice.kind === 'keep' && !lowest ? 'none' : choice.kind
  const change = (key: string) => {
    if (key === 'keep' || key === 'none') choose({ kind: key })
    else choose(key === 'base' ? { kind: 'base', amount: null } : { kind: 'list', id: key })
  }
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <SelectField label={t('prices')} value={value} options={options} onChange={change} problem={problem} />
      {choice.kind === 'base' && (
        <MoneyField
          label={t('price_adult')}
          currency={theatre.currency}
          amount={choice.amount}
          required
          onChange={(amount) => choose({ kind: 'base', amount })}
        />
      )}
    </div>
  )
}
