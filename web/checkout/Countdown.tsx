import { useEffect, useRef } from 'react'
import { useWords } from '../messages/locale.tsx'
import { useNow } from '../ui/now.ts'

interface CountdownProps {
  readonly until: string
  readonly timeZone: string
  readonly onEnd: () => void
}

const lastMinuteMs = 60_000

/** Until when the seats are kept, on the clock and in minutes left. */
export function Countdown({ until, timeZone, onEnd }: CountdownProps) {
  const { t, clock } = useWords()
  const now = useNow(1000)
  const left = Math.max(0, Date.parse(until) - now)
  const end = useRef(onEnd)
  useEffect(() => {
    end.current = onEnd
  })
  const isOver = left === 0
  useEffect(() => {
    if (isOver) end.current()
  }, [isOver])
  const minutes = Math.floor(left / 60_000)
  const seconds = Math.floor((left % 60_000) / 1000)
  return (
    <p className="flex items-baseline justify-between gap-4">
      <span>{t('held_until', { time: clock(until, timeZone) })}</span>
      <b
        role="timer"
        className={`marquee text-4xl ${left < lastMinuteMs ? 'text-accent' : ''}`}
        aria-label={t('minutes_left', { minutes, seconds })}
      >
        {minutes}:{String(seconds).padStart(2, '0')}
      </b>
    </p>
  )
}
