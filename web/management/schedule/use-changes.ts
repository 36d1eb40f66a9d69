import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ShowtimeInput } from '../../../contract/showtimes.ts'
import { call, forgetKey, isRefused, keyFor } from '../../api.ts'
import { timeOf } from '../../ui/zone.ts'
import { movedTo } from './board.ts'
import type { Lane, Place } from './board.ts'
import type { Screening } from './programme.ts'
import { useDeeds } from './use-deeds.ts'
import { useScheduleWords } from './words/index.ts'

/** A showtime whose guests must be asked, or told, before it goes elsewhere. */
export interface SoldMove {
  readonly screening: Screening
  readonly place: Place
}

export interface Changes {
  /** To another time or hall, shown at once; what is refused goes back. */
  readonly move: (screening: Screening, place: Place) => Promise<void>
  /** The same for a showtime with guests: they are seated again and hear of it. Throws what is refused. */
  readonly moveSold: (move: SoldMove) => Promise<void>
  readonly create: (input: ShowtimeInput, title: string) => Promise<void>
  readonly remove: (screening: Screening) => Promise<void>
  /** Many that were made together. */
  readonly made: (ids: readonly string[], text: string) => Promise<void>
  readonly refresh: () => Promise<void>
  readonly refuse: (error: unknown) => void
  /** The move that waits for an answer. */
  readonly question: SoldMove | null
  readonly forgetQuestion: () => void
}

interface TheatreClock {
  readonly id: string
  readonly timeZone: string
}

function instant(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}

/** What differs between where a showtime is and where it goes. */
function placeOf(screening: Screening, { auditoriumId, startsAt }: Place) {
  return {
    ...(startsAt !== screening.startsAt && { startsAt: instant(startsAt) }),
    ...(auditoriumId !== screening.auditoriumId && { auditoriumId }),
  }
}

/** The programme as the pages show it, ahead of what the house answers. */
function useShown(theatreId: string) {
  const queries = useQueryClient()
  const queryKey = ['programme', theatreId]
  return {
    refresh: () => queries.invalidateQueries({ queryKey }),
    async show(id: string, change: (screening: Screening) => Screening) {
      await queries.cancelQueries({ queryKey })
      queries.setQueriesData<Screening[]>({ queryKey }, (all) =>
        all?.map((screening) => (screening.id === id ? change(screening) : screening)),
      )
    },
  }
}

/** Every change of the programme goes through here, so that every one can be taken back. */
export function useChanges(theatre: TheatreClock, lanes: readonly Lane[]): Changes {
  const { t } = useScheduleWords()
  const { add, during, refuse } = useDeeds()
  const { refresh, show } = useShown(theatre.id)
  const [question, setQuestion] = useState<SoldMove | null>(null)

  /** Answers whether it is there now; with guests the question is put instead. */
  const put = async (screening: Screening, place: Place): Promise<boolean> => {
    await show(screening.id, (shown) => ({ ...shown, ...movedTo(shown, place, lanes) }))
    try {
      await call('updateShowtime', { params: { id: screening.id }, body: placeOf(screening, place) })
      await refresh()
      return true
    } catch (error) {
      await show(screening.id, () => screening)
      if (isRefused(error, 'showtime_has_bookings')) setQuestion({ screening, place })
      else refuse(error)
      void refresh()
      return false
    }
  }
  const moved = (screening: Screening, place: Place) =>
    add({
      text: t('deed_moved', {
        title: screening.film.title,
        time: timeOf(place.startsAt, theatre.timeZone),
        hall: lanes.find(({ id }) => id === place.auditoriumId)?.name ?? '',
      }),
      undo: () =>
        put({ ...screening, ...place }, { auditoriumId: screening.auditoriumId, startsAt: screening.startsAt }),
    })
  const made = async (ids: readonly string[], text: string) => {
    add({ text, undo: () => withdraw(ids, refresh) })
    await refresh()
  }
  const move = async (screening: Screening, place: Place) => {
    if (await put(screening, place)) moved(screening, place)
  }
  const moveSold = async ({ screening, place }: SoldMove) => {
    await moveWithGuests(screening, place)
    moved(screening, place)
    await refresh()
  }
  const create = async (input: ShowtimeInput, title: string) => {
    const { id } = await call('createShowtime', { body: input, idempotencyKey: keyFor('createShowtime', input) })
    forgetKey('createShowtime', input)
    await made([id], t('deed_added', { title }))
  }
  const remove = async (screening: Screening) => {
    await call('deleteShowtime', { params: { id: screening.id } })
    const text = t('deed_deleted', { title: screening.film.title })
    add({ text, undo: () => makeAgain(screening, refresh) })
    await refresh()
  }
  return {
    move: (screening, place) => during(move(screening, place)),
    moveSold: (asked) => during(moveSold(asked)),
    create: (input, title) => during(create(input, title)),
    remove: (screening) => during(remove(screening)),
    made,
    refresh,
    refuse,
    question,
    forgetQuestion: () => setQuestion(null),
  }
}

/** Within its hall everybody keeps the seat; in another one they are seated again. */
async function moveWithGuests(screening: Screening, place: Place): Promise<void> {
  const params = { id: screening.id }
  const { auditoriumId, ...time } = placeOf(screening, place)
  if (auditoriumId === undefined) await call('updateShowtime', { params, body: { ...time, notifyCustomers: true } })
  else await call('moveShowtime', { params, body: { ...time, auditoriumId }, idempotencyKey: crypto.randomUUID() })
}

async function makeAgain(screening: Screening, refresh: () => Promise<void>): Promise<boolean> {
  await call('createShowtime', { body: inputOf(screening), idempotencyKey: crypto.randomUUID() })
  await refresh()
  return true
}

/** Takes away what was just made; what somebody has bought meanwhile stays, and says so. */
async function withdraw(ids: readonly string[], refresh: () => Promise<void>): Promise<boolean> {
  try {
    for (const id of ids) await call('deleteShowtime', { params: { id } })
  } finally {
    await refresh()
  }
  return true
}

/** A showtime as it would be made again. */
function inputOf({ showtime }: Screening): ShowtimeInput {
  const { movieId, auditoriumId, startsAt, endsAt, format, language, subtitles, accessibility, visibility } = showtime
  const kept = { movieId, auditoriumId, startsAt, endsAt, format, language, subtitles, accessibility, visibility }
  return {
    ...kept,
    salesOpenAt: showtime.salesOpenAt,
    salesCloseAt: showtime.salesCloseAt,
    status: showtime.status === 'scheduled' ? 'scheduled' : 'draft',
    ...(showtime.prices.length > 0 && { prices: showtime.prices }),
  }
}
