import { useEffect, useRef } from 'react'
import type { KeyboardEvent } from 'react'
import { useWords } from '../messages/locale.tsx'
import { addDays } from './showtimes.ts'

interface DayTabsProps {
  readonly today: string
  readonly chosen: string
  readonly count: number
  readonly choose: (day: string) => void
}

const steps: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }

/** The coming days as tabs; arrow keys go from one to the next. */
export function DayTabs({ today, chosen, count, choose }: DayTabsProps) {
  const { t, dayParts } = useWords()
  const strip = useRef<HTMLDivElement>(null)
  const days = Array.from({ length: count }, (_, index) => addDays(today, index))
  if (!days.includes(chosen)) days.push(chosen)
  useEffect(() => {
    const tab = strip.current?.querySelector(`[data-day="${chosen}"]`)
    tab?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [chosen])
  const move = (event: KeyboardEvent) => {
    const step = steps[event.key]
    const next = step === undefined ? undefined : days[days.indexOf(chosen) + step]
    if (next === undefined) return
    event.preventDefault()
    choose(next)
    strip.current?.querySelector<HTMLElement>(`[data-day="${next}"]`)?.focus()
  }
  return (
    <div ref={strip} role="tablist" aria-label={t('days')} className="scroll-x -mx-2 flex gap-1 p-2">
      {days.map((day) => {
        const { weekday, number, month } = dayParts(day)
        return (
          <button
            key={day}
            type="button"
            role="tab"
            id={`day-${day}`}
            data-day={day}
            aria-selected={day === chosen}
            aria-controls="programme"
            tabIndex={day === chosen ? 0 : -1}
            className="day-tab"
            onClick={() => choose(day)}
            onKeyDown={move}
          >
            {day === today ? t('today') : weekday}
            <span>{number}</span>
            {month}
          </button>
        )
      })}
    </div>
  )
}
