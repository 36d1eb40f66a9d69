import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../api.ts'
import { Hall } from '../counter/Hall.tsx'
import { Form } from '../ui/form.tsx'
import type { ActionProps } from './Actions.tsx'
import { useBookingWords } from './words/index.ts'
import { inOrder } from '../seat-map/choice.ts'

/** Seats people elsewhere in the same showtime; the price stays, old codes stop working. */
export function Reseat({ booking, show, hear }: ActionProps) {
  const { t, list } = useBookingWords()
  const mine = booking.tickets.flatMap(({ seat, status }) => (seat !== null && status === 'valid' ? seat : []))
  const [chosen, setChosen] = useState<readonly string[]>(mine)
  const map = useQuery({
    queryKey: ['counter', 'seats', show.id],
    staleTime: Infinity,
    gcTime: 0,
    queryFn: ({ signal }) => call('readSeatMap', { params: { id: show.id }, signal }),
  })
  const from = mine.filter((seat) => !chosen.includes(seat))
  const to = chosen.filter((seat) => !mine.includes(seat))
  const change = useMutation({
    mutationFn: async () => {
      const moves = from.flatMap((seat, index) => {
        const target = to[index]
        return target === undefined ? [] : [{ from: seat, to: target }]
      })
      return await call('changeSeats', {
        params: { id: booking.id },
        body: { moves },
        idempotencyKey: crypto.randomUUID(),
      })
    },
    onSuccess: (after) => hear(after, t('seats_changed')),
  })
  const isReady = from.length > 0 && from.length === to.length
  return (
    <Form
      submit={() => isReady && change.mutate()}
      isBusy={change.isPending || !isReady}
      error={change.error}
      label={
        isReady
          ? t('move_seats', { from: list(inOrder(from)), to: list(inOrder(to)) })
          : t('pick_other_seats', { count: mine.length })
      }
    >
      {map.data && (
        <Hall show={show} map={map.data} lit={chosen} mine={mine} size={mine.length} choose={setChosen} isLarge />
      )}
    </Form>
  )
}
