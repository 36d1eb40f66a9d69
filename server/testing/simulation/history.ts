import { linearise } from './linearisable.ts'
import type { ClockBetween, SeatAct, SeatOperation } from './linearisable.ts'

/** What a client asks of the box office. Holds and bookings are named by the ids that their answers gave. */
export type Ask =
  | { readonly do: 'hold'; readonly showtime: string; readonly seats: readonly string[]; readonly lastsMs: number }
  | { readonly do: 'extend'; readonly hold: string; readonly lastsMs: number }
  | { readonly do: 'release'; readonly hold: string }
  | { readonly do: 'book'; readonly hold: string; readonly lastsMs: number }
  | { readonly do: 'confirm'; readonly booking: string }
  | { readonly do: 'cancel'; readonly booking: string }
  | { readonly do: 'read'; readonly showtime: string }

/** What it hears. */
export type Heard =
  | { readonly kind: 'made'; readonly id: string; readonly expiresAt: number | null }
  | { readonly kind: 'refused'; readonly code: string; readonly seats?: readonly string[] }
  | { readonly kind: 'seen'; readonly statuses: Readonly<Record<string, 'available' | 'held' | 'booked'>> }

/** One request, from being sent to being answered. */
export interface Observed {
  readonly client: string
  readonly ask: Ask
  /** The same for every try of the same thing. */
  readonly key: string
  readonly invokedAt: number
  returnedAt: number
  /** Null: nobody knows. */
  heard: Heard | null
}

interface Place {
  readonly showtime: string
  readonly seats: readonly string[]
}

/**
 * Judges a whole history by what its clients saw: one key has one effect, and each seat of each showtime is had by one at a
 * time. Holds take all their seats or none; each seat's part of the history is judged by itself. Answers what is wrong.
 */
export function judgeHistory(history: readonly Observed[], clockBetween: ClockBetween): string[] {
  const wrong: string[] = []
  const places = placesOf(history)
  const bySeat = new Map<string, SeatOperation[]>()
  for (const tries of Map.groupBy(history, ({ key }) => key).values()) {
    wrong.push(...judgeKey(tries))
    for (const one of settle(tries)) {
      const clock = clockBetween(one.invokedAt, one.returnedAt)
      const name = `${one.client} ${JSON.stringify(one.ask)} → ${one.heard ? JSON.stringify(one.heard) : 'unknown'}`
      for (const [seat, act] of actsOf(one, clock, places)) {
        const { invokedAt, returnedAt } = one
        bySeat.getOrInsertComputed(seat, () => []).push({ name, invokedAt, returnedAt, act })
      }
    }
  }
  for (const [seat, operations] of bySeat) {
    if (!linearise(operations, clockBetween)) wrong.push(explain(seat, operations))
  }
  return wrong
}

function explain(seat: string, operations: readonly SeatOperation[]): string {
  const lines = operations
    .toSorted((one, other) => one.invokedAt - other.invokedAt)
    .map(({ name, invokedAt, returnedAt }) => `  ${invokedAt}–${returnedAt}: ${name}`)
  return [`no order explains what was heard of ${seat}:`, ...lines].join('\n')
}

/** Where each hold and booking has its seats; a booking has those of its hold. */
function placesOf(history: readonly Observed[]): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>()
  for (const wanted of ['hold', 'book'] as const) {
    for (const { ask, heard } of history) {
      if (ask.do !== wanted || heard?.kind !== 'made') continue
      if (ask.do === 'hold') places.set(heard.id, ask)
      const place = ask.do === 'book' ? places.get(ask.hold) : undefined
      if (place) places.set(heard.id, place)
    }
  }
  return places
}

/** A key that has been answered with a success is answered with the same one from then on. */
function judgeKey(tries: readonly Observed[]): string[] {
  const [first] = tries
    .filter(({ heard }) => heard?.kind === 'made')
    .toSorted((one, other) => one.returnedAt - other.returnedAt)
  if (!first) return []
  return tries
    .filter(({ invokedAt, heard }) => heard?.kind === 'made' || (heard !== null && invokedAt > first.returnedAt))
    .filter(({ heard }) => JSON.stringify(heard) !== JSON.stringify(first.heard))
    .map(({ key, heard }) => `key ${key} was answered ${JSON.stringify(first.heard)} and then ${JSON.stringify(heard)}`)
}

/** The tries of one key as what may have been done: once if any was answered with a success, and once or never if not. */
function settle(tries: readonly Observed[]): Observed[] {
  const refused = tries.filter(({ heard }) => heard !== null && heard.kind !== 'made')
  const made = tries.filter(({ heard }) => heard?.kind === 'made')
  const unknown = tries.filter(({ heard }) => heard === null)
  const [answered] = made.toSorted((one, other) => one.returnedAt - other.returnedAt)
  const whole = answered ?? unknown[0]
  if (!whole) return refused
  const invokedAt = Math.min(...[...made, ...unknown].map((one) => one.invokedAt))
  return [...refused, { ...whole, invokedAt }]
}

/** What an operation says about each seat it concerns; nothing about those that it leaves open. */
function actsOf(
  { ask, heard, key }: Observed,
  [earliest, latest]: readonly [number, number],
  places: ReadonlyMap<string, Place>,
): [string, SeatAct][] {
  const at = (place: Place | undefined, act: SeatAct) =>
    (place?.seats ?? []).map((seat): [string, SeatAct] => [`${place?.showtime} ${seat}`, act])
  const until = (lastsMs: number): readonly [number, number] =>
    heard?.kind === 'made' && heard.expiresAt !== null
      ? [heard.expiresAt, heard.expiresAt]
      : [earliest + lastsMs, latest + lastsMs]
  if (ask.do === 'read') {
    if (heard?.kind !== 'seen') return []
    return Object.entries(heard.statuses).map(([seat, status]) => [`${ask.showtime} ${seat}`, { do: 'read', status }])
  }
  if (ask.do === 'hold') {
    if (heard?.kind === 'refused') return at({ ...ask, seats: heard.seats ?? [] }, { do: 'find taken' })
    const ref = heard?.kind === 'made' ? heard.id : `what became of ${key}`
    return at(ask, { do: 'take', ref, expiresAt: until(ask.lastsMs) })
  }
  const from = 'hold' in ask ? ask.hold : ask.booking
  const place = places.get(from)
  if (heard?.kind === 'refused') {
    const isLost = lost.has(heard.code) && place?.seats.length === 1
    return isLost ? at(place, { do: 'find lost', ref: from }) : []
  }
  switch (ask.do) {
    case 'release':
    case 'cancel':
      return at(place, { do: 'free', ref: from })
    case 'extend': {
      // It ends so much after it would have ended, which the answer says; an unknown one ends within that.
      const expiresAt = heard?.kind === 'made' ? until(0) : ([earliest, Infinity] as const)
      return at(place, { do: 'change', from, to: from, expiresAt })
    }
    case 'book': {
      const to = heard?.kind === 'made' ? heard.id : `what became of ${key}`
      return at(place, { do: 'change', from, to, expiresAt: until(ask.lastsMs) })
    }
    default:
      return at(place, { do: 'change', from, to: from, expiresAt: null })
  }
}

/** Refusals by which somebody learns that the seats are gone; of several seats it may be any. */
const lost: ReadonlySet<string> = new Set(['hold_expired', 'booking_expired'])
