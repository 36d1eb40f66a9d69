import { useMutation } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { MappedSeat, SeatMap } from '../../contract/holds.ts'
import { call, forgetKey, isRefused, keyFor } from '../api.ts'
import type { Listed } from '../catalogue/showtimes.ts'
import { soldOnWeb } from '../checkout/ticket-rules.ts'
import { useTicketTypes } from '../checkout/use-ticket-types.ts'
import { navigate } from '../ui/router.tsx'
import { keepToken, tokenOf, writeStored } from '../ui/stored.ts'
import { admissionTo } from '../waiting-room/admission.ts'
import { fitParty, groupsNear, partySize, seatsTogether, typesFor, unitOf } from './choice.ts'
import type { Party, Taken } from './choice.ts'
import { bookingOf, keepChoice, keepHold, keepParty, keptChoice, keptHold } from './kept-choice.ts'
import type { Choice } from './kept-choice.ts'
import { standingOfSeats, useLiveStanding } from './live.ts'
import { withProof } from './proof.ts'

/** Longer than a poll: by then the plan has heard that our own seats are free. */
const releaseHeardMs = 4000
const none: ReadonlySet<string> = new Set()

/** Ticket types that a showtime sells, the full one first. */
export function typesSold(showtime: Listed): string[] {
  const types = [...new Set(showtime.prices.map(({ ticketType }) => ticketType))]
  return types.toSorted((one, other) => Number(other === 'adult') - Number(one === 'adult'))
}

/** Gives a hold that was placed before back: whoever returns to the plan wants to choose again. */
function useReleased(showtimeId: string) {
  const [hold] = useState(() => keptHold(showtimeId))
  const isBooked = hold !== null && bookingOf(hold.id) !== null
  const [mine, setMine] = useState<ReadonlySet<string>>(() => (isBooked ? none : new Set(hold?.seats)))
  const released = useRef<Promise<void>>(Promise.resolve())
  useEffect(() => {
    if (!hold || isBooked) return undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    const giveBack = async () => {
      // Gone already is as good.
      await call('releaseHold', { params: { id: hold.id }, accessToken: tokenOf(hold.id) }).catch(() => {})
      keepHold(showtimeId, null)
      timer = setTimeout(() => setMine(none), releaseHeardMs)
    }
    released.current = giveBack()
    return () => clearTimeout(timer)
  }, [hold, isBooked, showtimeId])
  return { mine, unpaid: isBooked ? hold.id : null, released }
}

/** Holds what is chosen, and goes on to pay. */
function useHold(map: SeatMap, choice: Choice, before: () => Promise<void>) {
  const id = map.showtimeId
  return useMutation({
    mutationFn: async () => {
      await before()
      const body = map.seating === 'general' ? { count: partySize(choice.party) } : { seats: [...choice.seats] }
      const key = keyFor(`hold ${id}`, body)
      const placed = await withProof((proofOfWork) =>
        call('placeHold', { params: { id }, body, idempotencyKey: key, admission: admissionTo(id), proofOfWork }),
      )
      forgetKey(`hold ${id}`, body)
      keepToken(placed.id, placed.token)
      keepHold(id, { id: placed.id, seats: placed.seats })
      writeStored(`types.${placed.id}`, typesFor(choice.party, Array.from({ length: placed.count })))
      return placed
    },
    onSuccess: (placed) => navigate(`/checkout/${placed.id}`),
  })
}

/** Whether a plan opens for somebody who has said who comes and has no seats yet. */
function opensForParty(kept: Choice, map: SeatMap, unpaid: unknown): boolean {
  return kept.isPartySaid && kept.seats.length === 0 && map.seating === 'reserved' && unpaid === null
}

/** Whoever has said who comes finds the best seats lit when the plan opens. */
function useAtOpening(opens: boolean, act: () => void): void {
  const first = useRef(opens ? act : null)
  useEffect(() => {
    first.current?.()
    first.current = null
  }, [])
}

/** Where a party sits after a press on a free seat: all of it around there where it was said, else one more seat. */
function seatedAt(
  seat: string,
  unit: readonly string[],
  choice: Choice,
  seats: readonly MappedSeat[],
  taken: Taken,
): readonly string[] {
  const size = partySize(choice.party)
  const together = choice.isPartySaid && size > 1 ? seatsTogether(seats, taken, seat, size) : null
  const isFull = choice.isPartySaid && choice.seats.length >= size
  return together ?? [...(isFull ? choice.seats.slice(unit.length) : choice.seats), ...unit]
}

/** Everything that can be done at a showtime's plan. */
export function useSale(showtime: Listed, map: SeatMap) {
  const { id } = showtime
  const seats = useMemo(() => map.seats ?? [], [map])
  const first = useMemo(() => standingOfSeats(map.version, seats, map.counts), [map, seats])
  const standing = useLiveStanding(id, first)
  const kinds = useTicketTypes(showtime.theatreId)
  const types = useMemo(() => soldOnWeb(typesSold(showtime), kinds), [showtime, kinds])
  const firstType = types[0] ?? 'adult'
  const [kept, setKept] = useState<Choice>(() => keptChoice(id, types))
  const { mine, unpaid, released } = useReleased(id)
  const [refused, setRefused] = useState<readonly string[]>([])

  const isFree = (seat: string) => !standing.taken.has(seat) || mine.has(seat)
  const hold = useHold(map, { ...kept, seats: kept.seats.filter(isFree) }, () => released.current)
  // Our own hold is not somebody who was faster.
  const isPlacing = hold.isPending || hold.isSuccess
  const lost = isPlacing || unpaid !== null ? [] : kept.seats.filter((seat) => !isFree(seat) || refused.includes(seat))
  const choice = { ...kept, seats: kept.seats.filter((seat) => !lost.includes(seat)) }

  const choose = (chosen: readonly string[]) => {
    const party = kept.isPartySaid ? kept.party : fitParty(kept.party, Math.max(1, chosen.length), firstType)
    change({ ...kept, seats: chosen, party })
  }
  const change = (next: Choice) => {
    keepChoice(id, next)
    setKept(next)
    setRefused([])
    if (!hold.isPending) hold.reset()
  }
  const goOn = () =>
    hold.mutate(undefined, {
      onError: (error) => {
        if (isRefused(error, 'seats_unavailable')) setRefused(error.problem.seats ?? [])
      },
    })
  const best = useMutation({
    mutationFn: (party: Party) => call('readBestSeats', { params: { id }, query: { count: partySize(party) } }),
    // Whoever is given seats for so many has said how many come: a tap then moves all of them.
    onSuccess: (found, party) => change({ party, isPartySaid: true, seats: found.seats }),
  })
  useAtOpening(opensForParty(kept, map, unpaid), () => best.mutate(kept.party))
  const others = new Map([...standing.taken].filter(([one]) => !mine.has(one)))
  const press = (seat: string) => {
    const unit = unitOf(seats, seat, showtime.theatre.settings.sellSofasWhole)
    if (choice.seats.includes(seat)) choose(choice.seats.filter((one) => !unit.includes(one)))
    else if (isFree(seat)) choose(seatedAt(seat, unit, choice, seats, others))
  }
  /** Another party: it sits around where it sat, else where it is best. */
  const setParty = (party: Party) => {
    keepParty(party)
    const [at] = choice.seats
    const together = at === undefined ? null : seatsTogether(seats, others, at, partySize(party))
    change({ party, isPartySaid: true, seats: together ?? [] })
    if (!together && map.seating === 'reserved') best.mutate(party)
  }
  const near = groupsNear(seats, standing.taken, lost, kept.isPartySaid ? partySize(kept.party) : kept.seats.length)
  return {
    seats,
    curve: map.curve ?? 0,
    standing,
    types,
    choice,
    lost,
    near,
    unpaid,
    isFree,
    press,
    choose,
    setParty,
    hold,
    goOn,
    best,
  }
}

export type SaleState = ReturnType<typeof useSale>
