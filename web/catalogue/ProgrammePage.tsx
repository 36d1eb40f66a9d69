import { useWords } from '../messages/locale.tsx'
import { useNow } from '../ui/now.ts'
import { Programme, useChosenDay } from './Programme.tsx'
import { businessToday } from './showtimes.ts'

/** What is on: the front page. */
export function ProgrammePage() {
  const { t, day: dayName, dayParts } = useWords()
  const today = businessToday(useNow(60_000))
  const day = useChosenDay(today)
  const { number } = dayParts(day)
  const name = dayName(day)
  return (
    <>
      <title>{`${t('programme')}, ${name}`}</title>
      <div className="page pt-6 pb-4 sm:pt-12">
        <h1 className="marquee text-[clamp(3.2rem,8.3vw,7.2rem)] uppercase">
          {name.split(number).map((part, index) => (
            <span key={part}>
              {index > 0 && <span className="text-accent">{number}</span>}
              {part}
            </span>
          ))}
        </h1>
      </div>
      <Programme today={today} />
    </>
  )
}
