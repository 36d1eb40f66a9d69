import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useDeferredValue } from 'react'
import { bookingStatuses } from '../../../contract/bookings.ts'
import type { Booking } from '../../../contract/bookings.ts'
import { call } from '../../api.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Field } from '../../ui/Field.tsx'
import { SelectField } from '../../ui/form.tsx'
import { Link, navigate, useLocation } from '../../ui/router.tsx'
import { FailedPage } from '../../ui/states.tsx'
import { useHouseWords } from '../../ui/words/index.ts'
import type { ManagementPageProps } from '../pages.tsx'
import { BookingPage } from './BookingPage.tsx'
import { useBookingsWords } from './words/index.ts'
// oxlint-disable-next-line import/no-unassigned-import -- a style sheet has no name
import '../../styles/reports.css'
// oxlint-disable-next-line import/no-unassigned-import -- a style sheet has no name
import '../../styles/desk.css'

/** Every booking of the house: searched, and each with its whole story. */
export function BookingsPage({ theatre, rest }: ManagementPageProps) {
  return rest === '' ? <Search theatreId={theatre.id} /> : <BookingPage key={rest} id={rest} zone={theatre.timeZone} />
}

const perPage = 30

function Search({ theatreId }: { readonly theatreId: string }) {
  const { t } = useBookingsWords()
  const { t: house } = useHouseWords()
  const { search } = useLocation()
  const asked = {
    q: search.get('q') ?? '',
    status: bookingStatuses.find((status) => status === search.get('status')),
    showtimeId: search.get('showtime') ?? '',
  }
  const { q, status, showtimeId } = useDeferredValue(asked)
  const found = useInfiniteQuery({
    queryKey: ['bookings', theatreId, q, status, showtimeId],
    initialPageParam: '',
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam, signal }) => {
      const query = {
        theatreId,
        limit: perPage,
        ...(q.trim() !== '' && { q: q.trim() }),
        ...(status && { status }),
        ...(showtimeId !== '' && { showtimeId }),
        ...(pageParam !== '' && { cursor: pageParam }),
      }
      return call('listAllBookings', { query, signal })
    },
    getNextPageParam: ({ nextCursor }) => nextCursor,
  })
  const change = (name: string, value: string) => {
    const next = new URLSearchParams(search)
    if (value === '') next.delete(name)
    else next.set(name, value)
    navigate(`/manage/bookings?${next}`, { replace: true })
  }
  if (found.error && !found.data) return <FailedPage error={found.error} retry={() => void found.refetch()} />
  return (
    <>
      <title>{t('bookings_title')}</title>
      <div className="house-head">
        <h1 className="marquee text-6xl">{t('bookings_title')}</h1>
      </div>
      <Filters asked={asked} change={change} />
      <Found bookings={found.data?.pages.flatMap(({ data }) => data) ?? []} isRead={found.data !== undefined} />
      {found.hasNextPage && (
        <button
          type="button"
          className="button mt-4"
          disabled={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          {found.isFetchingNextPage ? house('loading_more') : house('load_more')}
        </button>
      )}
    </>
  )
}

interface FiltersProps {
  readonly asked: { readonly q: string; readonly status: string | undefined; readonly showtimeId: string }
  readonly change: (name: string, value: string) => void
}

function Filters({ asked, change }: FiltersProps) {
  const { t } = useBookingsWords()
  return (
    <div className="report-controls">
      <Field
        label={t('search_bookings')}
        type="search"
        autoComplete="off"
        value={asked.q}
        onChange={(text) => change('q', text)}
      />
      <SelectField
        label={t('status')}
        value={asked.status ?? ''}
        onChange={(chosen) => change('status', chosen)}
        options={[['', t('any')], ...bookingStatuses.map((one) => [one, t(`status_${one}`)] as const)]}
      />
      {asked.showtimeId !== '' && (
        <button type="button" className="button" onClick={() => change('showtime', '')}>
          {t('all_showtimes')}
        </button>
      )}
    </div>
  )
}

function Reference({ booking: { id, reference } }: { readonly booking: Booking }) {
  return (
    <Link href={`/manage/bookings/${id}`} className="quiet-link desk-reference">
      {reference}
    </Link>
  )
}

function Status({ booking: { status } }: { readonly booking: Booking }) {
  const { t } = useBookingsWords()
  return (
    <span className="desk-status" data-status={status}>
      {t(`status_${status}`)}
    </span>
  )
}

const referenceOf = (booking: Booking) => <Reference booking={booking} />
const statusOf = (booking: Booking) => <Status booking={booking} />

function Found({ bookings, isRead }: { readonly bookings: readonly Booking[]; readonly isRead: boolean }) {
  const { t, money, dayParts } = useBookingsWords()
  if (!isRead) return <p className="animate-pulse text-soft">{t('loading')}</p>
  const bought = ({ createdAt }: Booking) => {
    const { number, month } = dayParts(createdAt.slice(0, 10))
    return `${number} ${month}`
  }
  return (
    <DataTable
      caption={t('bookings_title')}
      rows={bookings}
      keyOf={({ id }) => id}
      empty={t('no_bookings')}
      columns={[
        { label: t('reference'), cell: referenceOf },
        { label: t('who'), cell: ({ customer }) => customer.name ?? customer.email ?? t('at_counter') },
        { label: t('bought'), cell: bought },
        {
          label: t('seat'),
          cell: ({ tickets }) =>
            tickets.flatMap(({ seat }) => seat ?? []).join(', ') || t('tickets', { count: tickets.length }),
        },
        { label: t('total'), isNumber: true, cell: ({ total }) => money(total) },
        { label: t('status'), cell: statusOf },
      ]}
    />
  )
}
