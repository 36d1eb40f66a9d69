import type { Listed } from '../catalogue/showtimes.ts'
import { WayThere } from '../ui/WayThere.tsx'
import { useTicketWords } from './words/index.ts'

/** Which hall, when the doors open, when the film itself begins, and how to get there. */
export function EveningFacts({ showtime }: { readonly showtime: Listed }) {
  const { t, clock, hall } = useTicketWords()
  const { auditorium, theatre, timeZone } = showtime
  const { doorsOpenMinutes, trailerMinutes } = theatre.settings
  const start = Date.parse(showtime.startsAt)
  const at = (minutes: number) => clock(new Date(start + minutes * 60_000).toISOString(), timeZone)
  const facts = [
    [t('hall'), auditorium ? hall(auditorium.name) : ''],
    [t('doors_open'), at(-doorsOpenMinutes)],
    [t('film_starts'), at(trailerMinutes)],
  ].filter(([, value]) => value !== '')
  return (
    <div className="grid gap-4">
      <dl className="grid grid-cols-3 gap-3">
        {facts.map(([name, value]) => (
          <div key={name} className="panel p-3">
            <dt className="label leading-tight">{name}</dt>
            <dd className="marquee mt-1 text-3xl">{value}</dd>
          </div>
        ))}
      </dl>
      <WayThere theatre={theatre} />
    </div>
  )
}
