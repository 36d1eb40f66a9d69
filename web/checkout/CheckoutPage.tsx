import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Hold } from '../../contract/holds.ts'
import { call, isRefused, keyFor } from '../api.ts'
import { useWords } from '../messages/locale.tsx'
import { bookingOf } from '../seat-map/kept-choice.ts'
import { useShowtime } from '../seat-map/SeatMapPage.tsx'
import { prepareOffline } from '../tickets/keep-offline.ts'
import { Link } from '../ui/router.tsx'
import { tokenOf } from '../ui/stored.ts'
import { Failed, FailedPage, NotFound, Waiting } from '../ui/states.tsx'
import { Countdown } from './Countdown.tsx'
import { DetailsForm } from './DetailsForm.tsx'
import { ShowtimeCard } from './ShowtimeCard.tsx'
import { UnpaidBooking } from './UnpaidBooking.tsx'

/** From held seats to a payment, on one page. A reload finds it as it was. */
export function CheckoutPage({ id }: { readonly id: string }) {
  const { t } = useWords()
  const kept = bookingOf(id)
  const hold = useQuery({
    queryKey: ['hold', id],
    enabled: kept === null,
    queryFn: ({ signal }) => call('readHold', { params: { id }, accessToken: tokenOf(id), signal }),
    staleTime: 0,
  })
  const bookingId = kept ?? hold.data?.bookingId
  const title = <title>{t('checkout')}</title>
  if (bookingId !== undefined) {
    return (
      <>
        {title}
        <UnpaidBooking id={bookingId} />
      </>
    )
  }
  if (isRefused(hold.error, 'hold_expired')) return <Expired />
  if (isRefused(hold.error, 'not_found')) return <NotFound />
  if (hold.error && !hold.data) return <FailedPage error={hold.error} retry={() => void hold.refetch()} />
  if (!hold.data) return <Waiting />
  return (
    <>
      {title}
      <Held hold={hold.data} />
    </>
  )
}

function Held({ hold }: { readonly hold: Hold }) {
  const { t } = useWords()
  const queries = useQueryClient()
  const { data: showtime } = useShowtime(hold.showtimeId)
  const extend = useMutation({
    mutationFn: () => {
      const key = keyFor(`extend ${hold.id}`, hold.extensionsLeft)
      return call('extendHold', { params: { id: hold.id }, accessToken: tokenOf(hold.id), idempotencyKey: key })
    },
    onSuccess: (extended) => queries.setQueryData(['hold', hold.id], extended),
  })
  // Whoever is about to have tickets will want them where there is no network.
  useEffect(() => {
    prepareOffline().catch(() => {})
  }, [])
  if (!showtime) return <Waiting />
  return (
    <div className="page grid gap-6 pt-6 sm:pt-10 lg:grid-cols-[minmax(0,1fr)_24rem] lg:gap-12">
      <div className="grid content-start gap-6 lg:order-2">
        <ShowtimeCard showtime={showtime} seats={hold.seats} />
        <div className="panel grid gap-3 p-4">
          <Countdown
            until={hold.expiresAt}
            timeZone={showtime.timeZone}
            onEnd={() => void queries.invalidateQueries({ queryKey: ['hold', hold.id] })}
          />
          <p className="text-sm text-soft">{t('at_zero')}</p>
          <div className="flex flex-wrap items-center gap-x-5 gap-y-2">
            {hold.extensionsLeft > 0 && (
              <button type="button" className="button" disabled={extend.isPending} onClick={() => extend.mutate()}>
                {t('more_time')}
              </button>
            )}
            <Link href={`/showtimes/${hold.showtimeId}`} className="quiet-link">
              {t('change_seats')}
            </Link>
          </div>
          <Failed of={extend} />
        </div>
      </div>
      <DetailsForm hold={hold} showtime={showtime} />
    </div>
  )
}

/** The time is over: nothing was paid, and the way back keeps the choice. */
function Expired() {
  const { t } = useWords()
  const showtimeId = lastShowtime()
  return (
    <div className="page grid justify-items-start gap-4 py-16">
      <title>{t('hold_over')}</title>
      <h1 className="marquee text-5xl">{t('hold_over')}</h1>
      <p className="max-w-prose text-soft">{t('hold_over_text')}</p>
      <Link href={showtimeId === null ? '/' : `/showtimes/${showtimeId}`} className="button button-main">
        {t('choose_again')}
      </Link>
    </div>
  )
}

/** The showtime whose hold this browser placed and that is over now. */
function lastShowtime(): string | null {
  const id = location.pathname.split('/').at(-1) ?? ''
  const name = Object.keys(localStorage).find(
    (key) => key.startsWith('matinee.hold.') && localStorage.getItem(key)?.includes(`"${id}"`),
  )
  return name?.slice('matinee.hold.'.length) ?? null
}
