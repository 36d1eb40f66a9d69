import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import type { Booking } from '../../contract/bookings.ts'
import type { Theatre } from '../../contract/venues.ts'
import { call } from '../api.ts'
import { BookingDesk } from '../bookings/BookingDesk.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { Field } from '../ui/Field.tsx'
import { intoView } from '../ui/into-view.ts'
import { useCounterWords } from './words/index.ts'

interface FindSheetProps {
  readonly theatre: Theatre
  readonly close: () => void
  readonly pay: (booking: Booking) => void
}

/** Looks a booking up by reference, name or email; without a word, the latest. */
export function FindSheet({ theatre, close, pay }: FindSheetProps) {
  const { t } = useCounterWords()
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState<string | null>(null)
  const q = useDeferredValue(text.trim())
  const found = useQuery({
    queryKey: ['counter', 'find', theatre.id, q],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const query = { theatreId: theatre.id, limit: 20, ...(q !== '' && { q }) }
      return (await call('listBookings', { query, signal })).data
    },
  })
  const bookings = found.data ?? []
  const shown = chosen ?? (q !== '' && bookings.length === 1 ? (bookings[0]?.id ?? null) : null)
  return (
    <Dialog title={t('find')} close={close} size="wide">
      <div className="find">
        <div className="find-list">
          <Field
            label={t('find_label')}
            type="search"
            autoComplete="off"
            spellCheck={false}
            value={text}
            onChange={(value) => {
              setText(value)
              setChosen(null)
            }}
          />
          <ul aria-label={t('found')} aria-busy={found.isFetching}>
            {bookings.map((booking) => (
              <li key={booking.id}>
                <button
                  type="button"
                  className="find-row"
                  aria-pressed={booking.id === shown}
                  onClick={() => setChosen(booking.id)}
                >
                  <Row booking={booking} />
                </button>
              </li>
            ))}
          </ul>
          {found.data && bookings.length === 0 && <p className="text-soft">{t('nobody_found')}</p>}
        </div>
        {/* On a phone it stands below the list; who is still typing keeps the field in sight. */}
        <div ref={chosen === null ? null : intoView} key={shown} className="find-shown">
          {shown === null ? (
            <p className="text-soft">{t('find_hint')}</p>
          ) : (
            <BookingDesk
              id={shown}
              pay={(booking) => {
                pay(booking)
                close()
              }}
            />
          )}
        </div>
      </div>
    </Dialog>
  )
}

function Row({ booking }: { readonly booking: Booking }) {
  const { t, money } = useCounterWords()
  const seats = booking.tickets.flatMap(({ seat }) => seat ?? [])
  return (
    <>
      <b className="desk-reference">{booking.reference}</b>
      <span>{booking.customer.name ?? booking.customer.email ?? t('walk_in')}</span>
      <span className="text-soft">
        {seats.length > 0 ? seats.join(', ') : t('tickets', { count: booking.tickets.length })}, {money(booking.total)},{' '}
        {t(`status_${booking.status}`)}
      </span>
      {booking.dueAtCounter && (
        <span className="font-semibold">{t('money_waits', { sum: money(booking.dueAtCounter) })}</span>
      )}
    </>
  )
}
