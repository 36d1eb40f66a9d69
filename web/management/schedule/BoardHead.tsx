import type { ReactNode } from 'react'
import { addDays } from '../../ui/zone.ts'
import type { View } from './use-view.ts'
import { useScheduleWords } from './words/index.ts'

interface BoardHeadProps {
  readonly today: string
  readonly date: string
  readonly view: View
  /** The first and the last day shown. */
  readonly from: string
  readonly to: string
  readonly go: (to: { readonly date?: string; readonly view?: View }) => void
  /** What can be done with the days shown. */
  readonly children: ReactNode
}

/** Which days: their name as the title, a step back and forth, any day, one day or seven. */
export function BoardHead({ today, date, view, from, to, go, children }: BoardHeadProps) {
  const { t, day, dayParts } = useScheduleWords()
  const step = view === 'week' ? 7 : 1
  const short = (each: string) => `${dayParts(each).number} ${dayParts(each).month}`
  const title = view === 'week' ? `${short(from)} – ${short(to)}` : day(date)
  return (
    <header className="board-head">
      <title>{`${t('schedule')}: ${title}`}</title>
      <div className="board-title">
        <h1 className="marquee">
          <span className="sr-only">{t('schedule')}: </span>
          {title}
        </h1>
        <div className="flex flex-wrap items-center gap-1">
          <Step label={t('earlier')} path="M15 5l-7 7 7 7" go={() => go({ date: addDays(date, -step) })} />
          <Step label={t('later')} path="M9 5l7 7-7 7" go={() => go({ date: addDays(date, step) })} />
          <input
            type="date"
            className="day-field"
            aria-label={t('go_to_day')}
            value={date}
            onChange={(event) => event.target.value !== '' && go({ date: event.target.value })}
          />
          {date !== today && (
            <button type="button" className="quiet-link px-2 py-2 font-semibold" onClick={() => go({ date: today })}>
              {t('today')}
            </button>
          )}
        </div>
        <fieldset className="choice">
          <legend className="sr-only">{t('view')}</legend>
          {(['day', 'week'] as const).map((each) => (
            <label key={each}>
              <input type="radio" name="view" checked={view === each} onChange={() => go({ view: each })} />
              <span>{t(each)}</span>
            </label>
          ))}
        </fieldset>
      </div>
      <div className="board-tools">{children}</div>
    </header>
  )
}

function Step({ label, path, go }: { readonly label: string; readonly path: string; readonly go: () => void }) {
  return (
    <button type="button" className="icon-button" aria-label={label} title={label} onClick={go}>
      <svg
        viewBox="0 0 24 24"
        className="size-5"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.5"
        aria-hidden="true"
      >
        <path d={path} />
      </svg>
    </button>
  )
}
