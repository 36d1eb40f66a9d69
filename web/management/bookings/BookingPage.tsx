import { useQuery } from '@tanstack/react-query'
import { call } from '../../api.ts'
import { BookingDesk } from '../../bookings/BookingDesk.tsx'
import { useShowtime } from '../../seat-map/SeatMapPage.tsx'
import { Link } from '../../ui/router.tsx'
import { FailedPage, Waiting } from '../../ui/states.tsx'
import { storyLine } from './story-line.ts'
import type { StoryEvent } from './story-line.ts'
import { useBookingsWords } from './words/index.ts'

/** One booking: what may be done about it, and everything that happened to it. */
export function BookingPage({ id, zone }: { readonly id: string; readonly zone: string }) {
  const { t } = useBookingsWords()
  const story = useQuery({
    queryKey: ['story', id],
    queryFn: ({ signal }) => call('readBookingStory', { params: { id }, signal }),
    refetchInterval: 15_000,
  })
  const { data: show } = useShowtime(story.data?.showtimeId)
  if (story.error && !story.data) return <FailedPage error={story.error} retry={() => void story.refetch()} />
  if (!story.data) return <Waiting />
  const { reference, total } = story.data
  return (
    <>
      <title>{t('booking_title', { reference })}</title>
      <div className="house-head">
        <h1 className="marquee text-6xl">{t('booking_title', { reference })}</h1>
        <Link href="/manage/bookings" className="quiet-link">
          {t('all_bookings')}
        </Link>
      </div>
      <div className="story">
        <BookingDesk id={id} changed={() => void story.refetch()} />
        <section aria-label={t('story')}>
          <h2 className="mb-3 text-2xl font-bold">{t('story')}</h2>
          <ol className="story-line">
            {storyLine(story.data).map((event) => (
              <Event key={event.key} event={event} currency={total.currency} zone={show?.timeZone ?? zone} />
            ))}
          </ol>
        </section>
      </div>
    </>
  )
}

/** What has a word of its own; everything else is told as it was written down. */
const details = [
  'web',
  'counter',
  'cash',
  'card',
  'voucher',
  'comp',
  'booking.confirmed',
  'booking.cancelled',
  'booking.exchanged',
  'booking.reseated',
] as const

interface EventProps {
  readonly event: StoryEvent
  readonly currency: string
  readonly zone: string
}

function Event({ event, currency, zone }: EventProps) {
  const { t, money, clock, dayParts } = useBookingsWords()
  const local = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(new Date(event.at))
  const { weekday, number, month } = dayParts(local)
  const known = details.find((one) => one === event.detail)
  const detail = known ? t(`detail_${known}`) : event.detail
  return (
    <li data-tone={event.tone}>
      <time dateTime={event.at}>{`${weekday} ${number} ${month}, ${clock(event.at, zone)}`}</time>
      <b>{t(`event_${event.kind}`)}</b>
      {event.amount !== null && ` ${money({ amount: event.amount, currency })}`}
      {detail !== '' && <span className="text-soft">{` ${detail}`}</span>}
    </li>
  )
}
