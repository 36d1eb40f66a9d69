import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../api.ts'
import { Form, SelectField } from '../ui/form.tsx'
import type { ActionProps } from './Actions.tsx'
import { useNewSeats, useOtherShowtimes } from './use-exchange.ts'
import { useBookingWords } from './words/index.ts'
import { inOrder } from '../seat-map/choice.ts'

/** Moves a booking to another showtime of its film in the same house, to the best seats there; says what it costs before. */
export function Exchange({ booking, show, hear }: ActionProps) {
  const { t, when, money, list } = useBookingWords()
  const tickets = booking.tickets.filter(({ status }) => status === 'valid')
  const [chosen, setChosen] = useState('')
  const others = useOtherShowtimes(show, tickets.length)
  const showtimes = others.data ?? []
  const target = showtimes.find(({ id }) => id === chosen) ?? showtimes[0]
  const { seats, difference, lookAgain } = useNewSeats(target, tickets)
  const exchange = useMutation({
    mutationFn: async () => {
      const body = { showtimeId: target?.id ?? '', ...(seats !== null && { seats: [...seats] }) }
      return await call('exchangeBooking', { params: { id: booking.id }, body, idempotencyKey: crypto.randomUUID() })
    },
    onSuccess: (after) => hear(after, t('exchanged')),
    onError: lookAgain,
  })
  if (others.data?.length === 0) return <p>{t('no_other_showtime')}</p>
  const labelOf = (cost: number) => {
    const sum = money({ ...booking.total, amount: Math.abs(cost) })
    if (cost === 0) return t('exchange_even')
    return cost > 0 ? t('exchange_more', { sum }) : t('exchange_less', { sum })
  }
  return (
    <Form
      submit={() => difference !== null && exchange.mutate()}
      isBusy={exchange.isPending}
      error={exchange.error}
      label={difference === null ? t('do_exchange') : labelOf(difference)}
    >
      <SelectField
        label={t('other_showtime')}
        value={target?.id ?? ''}
        onChange={setChosen}
        options={showtimes.map((one) => [one.id, `${when(one)}, ${one.auditorium?.name ?? ''}`] as const)}
      />
      {booking.discount.amount > 0 && <p className="text-soft">{t('discount_stays')}</p>}
      {seats !== null && seats.length > 0 && <p>{t('new_seats', { seats: list(inOrder(seats)) })}</p>}
    </Form>
  )
}
