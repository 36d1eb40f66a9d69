import { Link } from '../ui/router.tsx'
import { useWords } from '../messages/locale.tsx'
import { keptBookings } from './keep-offline.ts'
import { useTicketWords } from './words/index.ts'

/** Bookings that this browser keeps: a guest finds them again without the mail, and without a network. */
export function KeptHere() {
  const { t } = useTicketWords()
  const { locale } = useWords()
  const kept = keptBookings()
  if (kept.length === 0) return null
  const day = new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, { dateStyle: 'medium', timeStyle: 'short' })
  return (
    <section aria-labelledby="kept-here" className="grid content-start gap-3 lg:col-span-2">
      <h2 id="kept-here" className="text-2xl font-bold">
        {t('kept_here')}
      </h2>
      <ul className="grid gap-3 lg:grid-cols-2">
        {kept.map(({ id, reference, title, startsAt }) => (
          <li key={id}>
            <Link
              href={`/bookings/${id}`}
              className="panel flex items-baseline justify-between gap-4 p-4 hover:border-accent"
            >
              <span>
                <b className="marquee block text-2xl">{title}</b>
                <span className="text-sm text-soft">{day.format(new Date(startsAt))}</span>
              </span>
              <b>{reference}</b>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
