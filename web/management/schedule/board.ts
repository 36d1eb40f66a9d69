/** What the board knows of a showtime: when it has its hall. Times are milliseconds since the epoch. */
export interface Slot {
  readonly id: string
  readonly auditoriumId: string
  readonly startsAt: number
  readonly endsAt: number
  /** The end of the turnaround. */
  readonly busyUntil: number
  readonly status: 'draft' | 'scheduled' | 'cancelled'
}

/** A hall of the board, from top to bottom. */
export interface Lane {
  readonly id: string
  readonly name: string
  readonly turnaroundMinutes: number
}

/** Where something is put: a hall and a start. */
export interface Place {
  readonly auditoriumId: string
  readonly startsAt: number
}

export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

const minuteMs = 60_000
/** Starts are on the grid of five minutes. */
export const stepMs = 5 * minuteMs

/** The next start of the grid. Every zone is off UTC by a multiple of five minutes, so the grid is that of its clock too. */
export function snap(instantMs: number): number {
  return Math.round(instantMs / stepMs) * stepMs
}

/** On the grid, and within the day on the board: what starts after its end belongs to the next one. */
export function snapInto(instantMs: number, { fromMs, toMs }: Span): number {
  return Math.min(Math.max(snap(instantMs), fromMs), toMs - stepMs)
}

/** A slot at another place: as long as before, with the turnaround of the hall it comes to. */
export function movedTo(slot: Slot, { auditoriumId, startsAt }: Place, lanes: readonly Lane[]): Slot {
  const endsAt = startsAt + (slot.endsAt - slot.startsAt)
  const isSameHall = auditoriumId === slot.auditoriumId
  const lane = lanes.find(({ id }) => id === auditoriumId)
  const turnaroundMs = isSameHall ? slot.busyUntil - slot.endsAt : (lane?.turnaroundMinutes ?? 0) * minuteMs
  return { ...slot, auditoriumId, startsAt, endsAt, busyUntil: endsAt + turnaroundMs }
}

/** A film that is new on the board: trailers, film, turnaround. */
export function newSlot(place: Place, minutes: number, lane: Lane): Slot {
  const endsAt = place.startsAt + minutes * minuteMs
  return { id: '', ...place, endsAt, busyUntil: endsAt + lane.turnaroundMinutes * minuteMs, status: 'draft' }
}

/** The showtime that has the hall already, the first of them; what is cancelled has none. */
export function conflictOf<Other extends Slot>(slot: Slot, others: readonly Other[]): Other | undefined {
  return others
    .filter((other) => other.id !== slot.id && other.status !== 'cancelled')
    .filter((other) => other.auditoriumId === slot.auditoriumId)
    .filter((other) => other.startsAt < slot.busyUntil && other.busyUntil > slot.startsAt)
    .toSorted((one, another) => one.startsAt - another.startsAt)[0]
}

/** The hall above or below; the same at the edge. */
export function neighbourLane(lanes: readonly Lane[], auditoriumId: string, step: 1 | -1): string {
  const index = lanes.findIndex(({ id }) => id === auditoriumId)
  return lanes[index + step]?.id ?? auditoriumId
}

/** Halls in the order people say them: Screen 2 before Screen 10. */
export function inOrder(lanes: readonly Lane[]): Lane[] {
  const order = new Intl.Collator('en', { numeric: true })
  return lanes.toSorted((one, other) => order.compare(one.name, other.name) || (one.id < other.id ? -1 : 1))
}

/** Those that are on at some time of a span, their turnaround included. */
export function within<Shown extends Slot>(slots: readonly Shown[], { fromMs, toMs }: Span): Shown[] {
  return slots.filter((slot) => slot.startsAt < toMs && slot.busyUntil > fromMs)
}

/** Where a time stands in a span, in hundredths of its length. */
export function percentOf(instantMs: number, { fromMs, toMs }: Span): number {
  return (100 * (instantMs - fromMs)) / (toMs - fromMs)
}

/** The first day of the film week that a day is in; `startsOn` is `thursday` or so. */
export function weekOf(date: string, startsOn: string): string[] {
  const names = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']
  const day = new Date(`${date}T12:00:00Z`)
  const back = (day.getUTCDay() - names.indexOf(startsOn) + 7) % 7
  return Array.from({ length: 7 }, (_, index) => {
    const each = new Date(day)
    each.setUTCDate(day.getUTCDate() - back + index)
    return each.toISOString().slice(0, 10)
  })
}
