import {
  addDays,
  addMinutes,
  businessDate,
  dayOfWeek,
  daysBetween,
  localTimeOfDay,
  parseTime,
} from '../../platform/time.ts'
import type { DemoFilm } from './films.ts'
import { demoFilms } from './films.ts'
import type { DemoHall, DemoTheatre, Slot, Tariff, TicketType } from './theatres.ts'

/** Advertising and trailers before the film, minutes: the default of a theatre's settings. */
const trailerMinutes = 20
/** Cinemas start on multiples of five minutes. */
const startGridMs = 5 * 60_000
const matineeEndsAt = '17:00'

export interface DemoPrice {
  readonly category: string
  readonly ticketType: TicketType
  /** Minor units. */
  readonly amount: number
}

export interface DemoShowtime {
  /** The same for the same hall, day and slot, whenever it is computed. */
  readonly key: string
  readonly film: DemoFilm
  readonly startsAtMs: number
  readonly endsAtMs: number
  readonly format: '2d' | '3d'
  readonly language: string
  readonly subtitles: string | null
  readonly accessibility: readonly string[]
  readonly prices: readonly DemoPrice[]
}

/**
 * What a hall shows on a business day (`2026-12-24`): a function of the day alone, so that two servers and any later
 * start come to the same programme. Nothing overlaps, turnaround included.
 */
export function demoDay(theatre: DemoTheatre, hall: DemoHall, day: string): DemoShowtime[] {
  const showtimes: DemoShowtime[] = []
  let freeFromMs = 0
  for (const [index, slot] of hall.slots.entries()) {
    if (slot.days && !slot.days.includes(dayOfWeek(day))) continue
    const film = filmFor(slot, turn(theatre, hall, day) + index, showtimes)
    const startsAtMs = ontoGrid(Math.max(wallClock(day, slot.from, theatre.timeZone), freeFromMs))
    const endsAtMs = addMinutes(startsAtMs, trailerMinutes + film.runtimeMinutes)
    freeFromMs = addMinutes(endsAtMs, hall.turnaroundMinutes)
    showtimes.push({
      key: `${hall.key}-${day}-${index}`,
      film,
      startsAtMs,
      endsAtMs,
      format: film.formats.includes('3d') && turn(theatre, hall, day) % 2 === 0 ? '3d' : '2d',
      ...spoken(theatre, film, slot),
      accessibility: accessibilityOf(day, slot),
      prices: pricesAt(hall, localTimeOfDay(startsAtMs, theatre.timeZone)),
    })
  }
  return showtimes
}

/** Somebody who has just started the demo wants to buy a ticket: not in the next moment, and not after a night's sleep. */
const nightShowInMs = 45 * 60_000

/**
 * One more show in a hall on a business day on which everything has begun: when the hall is free again, or soon. None where
 * that would be the next day. Nothing overlaps what `demoDay` has.
 */
export function demoNightShow(
  theatre: DemoTheatre,
  hall: DemoHall,
  day: string,
  nowMs: number,
): DemoShowtime | undefined {
  const earlier = demoDay(theatre, hall, day)
  const freeFromMs = Math.max(0, ...earlier.map(({ endsAtMs }) => addMinutes(endsAtMs, hall.turnaroundMinutes)))
  const slot: Slot = { from: '', audience: 'late' }
  const film = filmFor(slot, turn(theatre, hall, day), earlier)
  const startsAtMs = ontoGrid(Math.max(nowMs + nightShowInMs, freeFromMs))
  if (businessDate(startsAtMs, theatre.timeZone) !== day) return undefined
  return {
    key: `${hall.key}-${day}-night`,
    film,
    startsAtMs,
    endsAtMs: addMinutes(startsAtMs, trailerMinutes + film.runtimeMinutes),
    format: '2d',
    ...spoken(theatre, film, slot),
    accessibility: [],
    prices: pricesAt(hall, localTimeOfDay(startsAtMs, theatre.timeZone)),
  }
}

/** Films take turns: another one each day and in each slot and hall, and none twice in a hall on one day. */
function filmFor(slot: Slot, position: number, earlier: readonly DemoShowtime[]): DemoFilm {
  const pool = demoFilms.filter((film) => film.audiences.includes(slot.audience))
  const fresh = pool.filter((film) => earlier.every((showtime) => showtime.film !== film))
  const film = fresh[position % fresh.length] ?? pool[position % pool.length]
  if (!film) throw new Error(`the demo has no film for the ${slot.audience}`)
  return film
}

function turn(theatre: DemoTheatre, hall: DemoHall, day: string): number {
  return Math.max(0, daysBetween('2020-01-01', day)) + theatre.halls.indexOf(hall) * 3
}

/** `24:15` on Friday is a quarter past midnight on Saturday, and belongs to Friday night. */
function wallClock(day: string, time: string, timeZone: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  const clock = `${String(hours % 24).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`
  const instantMs = parseTime(`${addDays(day, Math.floor(hours / 24))}T${clock}`, timeZone)
  if (typeof instantMs !== 'number') throw new Error(`a slot of the demo cannot start then: ${instantMs.problem}`)
  return instantMs
}

function ontoGrid(instantMs: number): number {
  return Math.ceil(instantMs / startGridMs) * startGridMs
}

/** Films for children are dubbed, the others have subtitles where the audience needs them. */
function spoken(theatre: DemoTheatre, film: DemoFilm, slot: Slot): Pick<DemoShowtime, 'language' | 'subtitles'> {
  const foreign = film.originalLanguage !== theatre.language
  if (foreign && slot.audience === 'family') return { language: theatre.language, subtitles: null }
  return { language: film.originalLanguage, subtitles: foreign ? theatre.language : null }
}

function accessibilityOf(day: string, slot: Slot): string[] {
  if (slot.audience === 'family' && dayOfWeek(day) === 7) return ['audio_description', 'relaxed']
  if (slot.audience === 'evening' && dayOfWeek(day) === 2) return ['audio_description', 'captions']
  return slot.audience === 'late' ? [] : ['audio_description']
}

function pricesAt(hall: DemoHall, startsAt: string): DemoPrice[] {
  // A late show starts after midnight, which is no matinée.
  const matinee = startsAt < matineeEndsAt && startsAt >= '06:00'
  return Object.entries(hall.tariffs).flatMap(([category, tariffs]) =>
    pricesOf(category, matinee ? tariffs.matinee : tariffs.evening),
  )
}

function pricesOf(category: string, tariff: Tariff): DemoPrice[] {
  const types: readonly TicketType[] = ['adult', 'child', 'student', 'senior']
  return types.map((ticketType) => ({ category, ticketType, amount: tariff[ticketType] }))
}
