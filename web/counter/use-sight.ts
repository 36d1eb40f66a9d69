import { useQuery } from '@tanstack/react-query'
import { call } from '../api.ts'
import { partySize } from '../seat-map/choice.ts'
import { useSeatMap } from './Hall.tsx'
import { dueOf } from './sale.ts'
import type { Sale } from './sale.ts'
import { estimate } from './shows.ts'
import type { Till } from './use-till.ts'

/** The house looks for no more than this without holding them. */
const mostBest = 10

/** What the sale at hand looks like: the hall, the seats to light, what it comes to. Nothing of it is a claim. */
export function useSight({ sale, show }: Till) {
  const isReserved = show?.seating === 'reserved'
  const map = useSeatMap(show?.id ?? null, isReserved)
  const size = partySize(sale.counts)
  const wantsBest = sale.stage === 'choose' && sale.seats === null && isReserved && size > 0 && size <= mostBest
  const best = useQuery({
    queryKey: ['counter', 'best', show?.id, size],
    enabled: wantsBest,
    staleTime: 2000,
    refetchInterval: 5000,
    queryFn: async ({ signal }) => {
      const found = await call('readBestSeats', { params: { id: show?.id ?? '' }, query: { count: size }, signal })
      return found.seats
    },
  })
  const booked = sale.booking?.tickets.flatMap(({ seat }) => seat ?? []) ?? null
  const mine = booked ?? sale.hold?.seats ?? []
  const lit = mine.length > 0 ? mine : (sale.seats ?? (wantsBest ? (best.data ?? []) : []))
  const guess =
    show && size > 0 ? estimate(show, sale.counts, lit.length === size ? lit : null, map.data?.seats ?? []) : 0
  return { map: map.data ?? null, lit, mine, size, total: totalOf(sale) ?? guess }
}

/** What is still due; of a sale that is over, what it came to. */
function totalOf(sale: Sale): number | null {
  if (!sale.booking) return null
  return sale.stage === 'done' ? sale.booking.total.amount : dueOf(sale)
}

export type Sight = ReturnType<typeof useSight>
