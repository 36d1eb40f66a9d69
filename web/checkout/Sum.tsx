import type { ReactNode } from 'react'
import { useWords } from '../messages/locale.tsx'

interface SumProps {
  readonly total: string
  readonly note?: string
  /** Until when the seats are held, and where. */
  readonly until: string | null
  readonly timeZone: string
  /** What stood in the way of paying. */
  readonly refusal: ReactNode
  /** The button that charges it. */
  readonly children: ReactNode
}

/** The total that is charged, beside the button that charges it; on a phone both are by the thumb, wherever one reads. */
export function Sum({ total, note, until, timeZone, refusal, children }: SumProps) {
  const { t, clock } = useWords()
  return (
    <div className="grid gap-4">
      {note !== undefined && <p className="text-sm text-soft lg:hidden">{note}</p>}
      <div className="pay-bar">
        {refusal}
        <div className="flex items-center justify-between gap-4">
          <p className="min-w-0 leading-tight">
            <span className="label block">{t('total')}</span>
            <output className="marquee block text-4xl lg:text-5xl">{total}</output>
            {note !== undefined && <span className="hidden pt-1 text-sm text-soft lg:block">{note}</span>}
            {until !== null && (
              <span className="block text-sm text-soft lg:hidden">
                {t('held_until', { time: clock(until, timeZone) })}
              </span>
            )}
          </p>
          {children}
        </div>
      </div>
    </div>
  )
}
