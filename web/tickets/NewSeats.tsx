import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import type { SeatMap } from '../../contract/holds.ts'
import { call } from '../api.ts'
import type { Listed } from '../catalogue/showtimes.ts'
import { seatsTogether } from '../seat-map/choice.ts'
import { standingOfSeats, useLiveStanding } from '../seat-map/live.ts'
import { Hall } from '../seat-map/Hall.tsx'
import { PartWaiting, Refused } from '../ui/states.tsx'

interface NewSeatsProps {
  readonly showtime: Listed
  readonly count: number
  readonly chosen: readonly string[]
  readonly choose: (seats: readonly string[]) => void
}

/** The plan of the other showtime with the best seats lit; one tap moves the whole party. */
export function NewSeats(props: NewSeatsProps) {
  const { id } = props.showtime
  const { data, error, refetch } = useQuery({
    queryKey: ['seats', id],
    queryFn: ({ signal }) => call('readSeatMap', { params: { id }, signal }),
    staleTime: Infinity,
    gcTime: 0,
  })
  if (error && !data) return <Refused error={error} retry={() => void refetch()} />
  return data ? <Plan {...props} map={data} /> : <PartWaiting />
}

function Plan({ showtime, count, chosen, choose, map }: NewSeatsProps & { readonly map: SeatMap }) {
  const seats = useMemo(() => map.seats ?? [], [map])
  const first = useMemo(() => standingOfSeats(map.version, seats, map.counts), [map, seats])
  const standing = useLiveStanding(showtime.id, first)
  const best = useQuery({
    queryKey: ['best', showtime.id, count],
    retry: false,
    gcTime: 0,
    queryFn: ({ signal }) => call('readBestSeats', { params: { id: showtime.id }, query: { count }, signal }),
  })
  const found = best.data?.seats
  useEffect(() => {
    if (found) choose(found)
  }, [found, choose])
  const isFree = (seat: string) => !standing.taken.has(seat)
  const press = (seat: string) => {
    const together = seatsTogether(seats, standing.taken, seat, count)
    if (together) choose(together)
    else if (isFree(seat) && !chosen.includes(seat)) choose([...chosen, seat].slice(-count))
  }
  return (
    <Hall
      showtime={showtime}
      seats={seats}
      curve={map.curve ?? 0}
      standing={standing}
      chosen={chosen.filter(isFree)}
      isFree={isFree}
      press={press}
    />
  )
}
