import { useState } from 'react'
import { useWords } from '../messages/locale.tsx'
import { partySize } from './choice.ts'
import type { Party } from './choice.ts'

interface PartyPickerProps {
  readonly types: readonly string[]
  readonly party: Party
  readonly change: (party: Party) => void
  readonly priceOf: (type: string) => string | null
}

/** As many as one hold may have unless the house says otherwise. */
const most = 10

/** Who comes: so many of each ticket type. On a phone it is one line until it is opened. */
export function PartyPicker({ types, party, change, priceOf }: PartyPickerProps) {
  const { t, tOr } = useWords()
  const [isOpen, setOpen] = useState(() => matchMedia('(min-width: 64rem)').matches)
  const size = partySize(party)
  const said = Object.entries(party).flatMap(([type, count]) =>
    count > 0 ? `${count} × ${tOr(`type_${type}`, type)}` : [],
  )
  return (
    <details className="panel px-4 py-2" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="flex min-h-11 cursor-pointer flex-wrap items-center justify-between gap-x-4 font-bold">
        {t('who_comes')} <span className="font-normal text-soft">{said.join(', ')}</span>
      </summary>
      <ul className="mt-1 grid gap-1 pb-2">
        {types.map((type) => {
          const count = party[type] ?? 0
          const name = tOr(`type_${type}`, type)
          const step = (by: number) => change({ ...party, [type]: count + by })
          return (
            <li key={type} className="flex items-center gap-3">
              <span className="flex-1 leading-tight">
                {name}{' '}
                <span className="block text-sm text-soft">{t('price_from', { price: priceOf(type) ?? '' })}</span>
              </span>
              <button
                type="button"
                className="step"
                aria-label={t('one_less', { type: name })}
                disabled={count === 0 || size <= 1}
                onClick={() => step(-1)}
              >
                −
              </button>
              <output aria-label={name} className="w-6 text-center text-lg font-bold">
                {count}
              </output>
              <button
                type="button"
                className="step"
                aria-label={t('one_more', { type: name })}
                disabled={size >= most}
                onClick={() => step(1)}
              >
                +
              </button>
            </li>
          )
        })}
      </ul>
    </details>
  )
}
