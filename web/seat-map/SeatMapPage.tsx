import { useQuery } from '@tanstack/react-query'
import { showtimeOf } from '../../contract/first-reads.ts'
import type { SeatMap } from '../../contract/holds.ts'
import { call } from '../api.ts'
import type { Listed } from '../catalogue/showtimes.ts'
import { useWords } from '../messages/locale.tsx'
import { useNow } from '../ui/now.ts'
import { Link } from '../ui/router.tsx'
import { FailedPage, NotFound, Notice, Waiting } from '../ui/states.tsx'
import { TheatreLogo } from '../ui/TheatreLogo.tsx'
import { useBrand } from '../ui/use-brand.ts'
import { BehindDoor } from '../waiting-room/BehindDoor.tsx'
import { SeatSale } from './SeatSale.tsx'

/** A showtime with its film, house and hall; the page wears the house's colours. */
export function useShowtime(id: string | undefined) {
  const found = useQuery({
    queryKey: ['showtime', id],
    enabled: id !== undefined,
    queryFn: async ({ signal }): Promise<Listed | null> => {
      const showtime = await call('getShowtime', { ...showtimeOf(id ?? ''), signal })
      const { movie, theatre } = showtime
      return movie && theatre ? { ...showtime, movie, theatre } : null
    },
  })
  useBrand(found.data?.theatre.settings.brand)
  return found
}

/** Where seats are chosen. */
export function SeatMapPage({ id }: { readonly id: string }) {
  const showtime = useShowtime(id)
  const map = useQuery({
    queryKey: ['seats', id],
    queryFn: ({ signal }) => call('readSeatMap', { params: { id }, signal }),
    // From here on the page hears of changes itself.
    staleTime: Infinity,
    gcTime: 0,
  })
  const failed = showtime.error ?? map.error
  const retry = () => void Promise.all([showtime.refetch(), map.refetch()])
  if (failed && !(showtime.data && map.data)) return <FailedPage error={failed} retry={retry} />
  if (showtime.data === null) return <NotFound />
  if (!showtime.data || !map.data) return <Waiting />
  return <Sale key={id} showtime={showtime.data} map={map.data} />
}

function Sale({ showtime, map }: { readonly showtime: Listed; readonly map: SeatMap }) {
  const { t, when, hall } = useWords()
  const now = useNow(30_000)
  const { movie, theatre, auditorium } = showtime
  const isClosed = Date.parse(showtime.salesCloseAt) <= now || showtime.salesPaused
  const isEarly = showtime.salesOpenAt !== null && Date.parse(showtime.salesOpenAt) > now
  return (
    <div className="page pt-5 sm:pt-8">
      <title>{`${movie.title}, ${when(showtime)}`}</title>
      <div className="mb-5 grid gap-1">
        <TheatreLogo theatre={theatre} />
        <h1 className="marquee text-[clamp(2.2rem,5vw,4rem)]">
          <Link href={`/films/${movie.id}`} className="hover:text-accent">
            {movie.title}
          </Link>
        </h1>
        <p className="font-semibold">{when(showtime)}</p>
        <p className="text-soft">
          <Link href={`/theatres/${theatre.id}`} className="quiet-link">
            {theatre.name}
          </Link>
          {auditorium && `, ${hall(auditorium.name)}`}
        </p>
      </div>
      {showtime.status === 'cancelled' ? (
        <Closed title={t('showtime_is_cancelled')} text={showtime.cancelReason ?? ''} filmId={movie.id} />
      ) : showtime.waitingRoom && !isClosed ? (
        <BehindDoor showtime={showtime}>
          <SeatSale showtime={showtime} map={map} />
        </BehindDoor>
      ) : isClosed || isEarly ? (
        <Closed title={isEarly ? t('sales_not_open') : t('sales_are_closed')} text="" filmId={movie.id} />
      ) : (
        <SeatSale showtime={showtime} map={map} />
      )}
    </div>
  )
}

function Closed({ title, text, filmId }: { readonly title: string; readonly text: string; readonly filmId: string }) {
  const { t } = useWords()
  return (
    <Notice title={title}>
      {text !== '' && <p>{text}</p>}
      <Link href={`/films/${filmId}`} className="button button-main">
        {t('other_times')}
      </Link>
    </Notice>
  )
}
