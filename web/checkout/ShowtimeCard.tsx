import type { Listed } from '../catalogue/showtimes.ts'
import { useWords } from '../messages/locale.tsx'
import { inOrder } from '../seat-map/choice.ts'
import { Poster } from '../ui/Poster.tsx'
import { TheatreLogo } from '../ui/TheatreLogo.tsx'

/** What is being bought, at a glance. */
export function ShowtimeCard({ showtime, seats }: { readonly showtime: Listed; readonly seats: readonly string[] }) {
  const { t, when, hall } = useWords()
  const { movie, theatre, auditorium } = showtime
  return (
    <div className="grid grid-cols-[5.5rem_1fr] gap-4">
      <Poster film={movie} eager />
      <div className="grid content-start gap-1">
        <TheatreLogo theatre={theatre} />
        <p className="marquee text-3xl">{movie.title}</p>
        <p className="font-semibold">{when(showtime)}</p>
        <p className="text-sm text-soft">
          {[theatre.name, auditorium && hall(auditorium.name)].filter(Boolean).join(', ')}
        </p>
        {seats.length > 0 && <p>{t('seats_named', { seats: inOrder(seats).join(', '), count: seats.length })}</p>}
      </div>
    </div>
  )
}
