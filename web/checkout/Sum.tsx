import type { ReactNode } from 'react'
import { useWords } from '../messages/locale.tsx'

interface SumProps {
  readonly total: string
  readonly note?: string
  readonly children: ReactNode
}

/** The total that is charged, beside the button that charges it. */
export function Sum({ total, note, children }: SumProps) {
  const { t } = useWords()
  return (
    <div className="grid gap-4 border-t-2 border-ink pt-5">
      <p className="flex items-baseline justify-between gap-4">
        <span className="text-xl font-bold">{t('total')}</span>
        <output className="marquee text-5xl">{total}</output>
      </p>
      {note !== undefined && <p className="-mt-2 text-sm text-soft">{note}</p>}
      <div className="grid justify-items-stretch gap-4 sm:justify-items-end">{children}</div>
    </div>
  )
}
