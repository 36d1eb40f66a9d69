import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Booking } from '../../contract/bookings.ts'
import { call } from '../api.ts'
import { useAccountWords } from './words/index.ts'
import { useWords } from '../messages/locale.tsx'
import { useShowtime } from '../seat-map/SeatMapPage.tsx'
import { useMe } from '../session.ts'
import { KeptHere } from '../tickets/KeptHere.tsx'
import { Poster } from '../ui/Poster.tsx'
import { Link } from '../ui/router.tsx'
import { Failed, Notice, Waiting } from '../ui/states.tsx'
import { FindBooking } from './FindBooking.tsx'
import { leave } from './leave.ts'
import { SignIn } from './SignIn.tsx'

/** One's tickets: of the account, or by reference. */
export function AccountPage() {
  const { t } = useWords()
  const { me, isPending } = useMe()
  if (isPending) return <Waiting />
  if (me) return <Mine name={me.name} email={me.email} isWaiting={me.requestedRole === 'owner'} />
  return (
    <div className="page grid gap-10 pt-8 sm:pt-12 lg:grid-cols-2 lg:gap-16">
      <title>{t('my_tickets')}</title>
      <h1 className="marquee text-[clamp(3rem,9vw,7rem)] lg:col-span-2">{t('my_tickets')}</h1>
      <KeptHere />
      <SignIn />
      <FindBooking />
    </div>
  )
}

interface MineProps {
  readonly name: string
  readonly email: string
  /** It asked to be an owner, and nobody has answered yet. */
  readonly isWaiting: boolean
}

function Mine({ name, email, isWaiting }: MineProps) {
  const { t } = useAccountWords()
  const queries = useQueryClient()
  const signOut = useMutation({
    mutationFn: () => call('logout', { body: {} }),
    onSettled: () => leave(queries),
  })
  const upcoming = useBookings(true)
  const all = useBookings(false)
  const ahead = new Set(upcoming.data?.map(({ id }) => id))
  const past = all.data?.filter(({ id }) => !ahead.has(id))
  return (
    <div className="page grid gap-8 pt-8 sm:pt-12">
      <title>{t('my_tickets')}</title>
      <div className="flex flex-wrap items-end justify-between gap-4">
        <h1 className="marquee text-[clamp(3rem,9vw,7rem)]">{t('my_tickets')}</h1>
        <div className="grid gap-1 sm:justify-items-end">
          <p className="text-soft">
            {name}, {email}
          </p>
          <p className="flex flex-wrap gap-x-5">
            <Link href="/account/settings" className="quiet-link inline-grid min-h-11 items-center">
              {t('to_settings')}
            </Link>
            <button type="button" className="quiet-link min-h-11" onClick={() => signOut.mutate()}>
              {t('sign_out')}
            </button>
          </p>
        </div>
      </div>
      {isWaiting && (
        <Notice title={t('owner_waits')}>
          <p>{t('owner_waits_text')}</p>
        </Notice>
      )}
      <Failed of={upcoming.error ? upcoming : all} />
      <section aria-labelledby="upcoming" className="grid gap-3">
        <h2 id="upcoming" className="text-2xl font-bold">
          {t('upcoming')}
        </h2>
        {upcoming.data?.length === 0 && (
          <p className="text-soft">
            {t('nothing_upcoming')}{' '}
            <Link href="/" className="quiet-link text-ink">
              {t('to_programme')}
            </Link>
          </p>
        )}
        <Bookings bookings={upcoming.data ?? []} />
      </section>
      {past && past.length > 0 && (
        <section aria-labelledby="history" className="grid gap-3">
          <h2 id="history" className="text-2xl font-bold">
            {t('history')}
          </h2>
          <Bookings bookings={past} />
        </section>
      )}
    </div>
  )
}

function useBookings(upcoming: boolean) {
  return useQuery({
    queryKey: ['bookings', upcoming],
    queryFn: async ({ signal }) => {
      const query = { limit: 50, ...(upcoming && { upcoming }) }
      return (await call('listBookings', { query, signal })).data
    },
  })
}

function Bookings({ bookings }: { readonly bookings: readonly Booking[] }) {
  return (
    <ul className="grid gap-3 lg:grid-cols-2">
      {bookings.map((booking) => (
        <li key={booking.id}>
          <BookingRow booking={booking} />
        </li>
      ))}
    </ul>
  )
}

function BookingRow({ booking }: { readonly booking: Booking }) {
  const { t, when } = useWords()
  const { data: showtime } = useShowtime(booking.showtimeId)
  const seats = booking.tickets.flatMap(({ seat }) => seat ?? []).join(', ')
  return (
    <Link
      href={`/bookings/${booking.id}`}
      className="panel grid grid-cols-[4rem_1fr_auto] gap-4 p-3 hover:border-accent"
    >
      {showtime ? <Poster film={showtime.movie} /> : <span className="poster" />}
      <span className="grid content-start gap-1">
        <b className="marquee text-2xl">{showtime?.movie.title}</b>
        <span className="text-sm">{showtime && when(showtime)}</span>
        <span className="text-sm text-soft">{[showtime?.theatre.name, seats].filter(Boolean).join(', ')}</span>
      </span>
      <span className="text-end text-sm">
        <b className="block text-base">{booking.reference}</b>
        <span className="text-soft">{t(`status_${booking.status}`)}</span>
      </span>
    </Link>
  )
}
