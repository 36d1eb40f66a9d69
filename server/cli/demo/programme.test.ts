import { describe, expect, test } from 'vitest'
import { addDays, addMinutes, businessDate, businessDayRange, dayOfWeek, localTimeOfDay } from '../../platform/time.ts'
import { capacityOf, categoriesOf, parseLayout } from '../../venues/layout.ts'
import { demoFilms } from './films.ts'
import { demoDay, demoNightShow } from './programme.ts'
import { demoTheatres } from './theatres.ts'

const halls = demoTheatres.flatMap((theatre) => theatre.halls.map((hall) => ({ theatre, hall })))

/** Two years of days: every weekday, both clock changes of both zones, a leap day. */
const days = Array.from({ length: 800 }, (_, index) => addDays('2026-12-01', index))

describe('the demo’s programme', () => {
  test('starts on the five minutes, belongs to its business day, and nothing in a hall overlaps', () => {
    for (const { theatre, hall } of halls) {
      let freeFromMs = 0
      for (const day of days) {
        for (const showtime of demoDay(theatre, hall, day)) {
          expect(showtime.startsAtMs % 300_000, showtime.key).toBe(0)
          expect(businessDate(showtime.startsAtMs, theatre.timeZone), showtime.key).toBe(day)
          expect(showtime.startsAtMs, showtime.key).toBeGreaterThanOrEqual(freeFromMs)
          expect(showtime.endsAtMs).toBe(addMinutes(showtime.startsAtMs, 20 + showtime.film.runtimeMinutes))
          freeFromMs = addMinutes(showtime.endsAtMs, hall.turnaroundMinutes)
        }
      }
    }
  })

  test('is the same whenever it is computed, and its keys are unique', () => {
    const keys = new Set<string>()
    for (const { theatre, hall } of halls) {
      for (const day of days.slice(0, 30)) {
        const showtimes = demoDay(theatre, hall, day)
        expect(demoDay(theatre, hall, day)).toEqual(showtimes)
        for (const { key } of showtimes) {
          expect(keys.has(key)).toBe(false)
          keys.add(key)
        }
      }
    }
  })

  test('has a night show for whoever comes late, of the same business day and after all else in its hall', () => {
    for (const { theatre, hall } of halls) {
      for (const day of days.slice(0, 400)) {
        const { toMs } = businessDayRange(day, theatre.timeZone)
        for (const hoursLeft of [1, 3, 6, 9]) {
          const nowMs = toMs - hoursLeft * 3_600_000
          const night = demoNightShow(theatre, hall, day, nowMs)
          if (!night) throw new Error(`${hall.key}: nothing is left on ${day}, ${hoursLeft} hours before its end`)
          expect(night.startsAtMs).toBeGreaterThanOrEqual(nowMs + 2_700_000)
          expect(night.startsAtMs).toBeLessThan(toMs)
          for (const { endsAtMs } of demoDay(theatre, hall, day)) {
            expect(night.startsAtMs).toBeGreaterThanOrEqual(addMinutes(endsAtMs, hall.turnaroundMinutes))
          }
        }
      }
    }
  })

  test('has something in every theatre on every day, and a show after midnight on Fridays and Saturdays', () => {
    for (const day of days) {
      for (const theatre of demoTheatres) {
        const starts = theatre.halls.flatMap((hall) =>
          demoDay(theatre, hall, day).map(({ startsAtMs }) => localTimeOfDay(startsAtMs, theatre.timeZone)),
        )
        expect(starts.length).toBeGreaterThanOrEqual(3)
        const afterMidnight = starts.filter((start) => start < '06:00')
        if (theatre.city === 'Bristol') expect(afterMidnight.length > 0).toBe([5, 6].includes(dayOfWeek(day)))
      }
    }
  })

  test('prices every category of the hall for every ticket type, and shows every film that is not coming soon', () => {
    const shown = new Set<string>()
    for (const { theatre, hall } of halls) {
      const parsed = parseLayout(hall.layout)
      if (!parsed.layout) throw new Error(`${hall.name}: ${JSON.stringify(parsed.problems)}`)
      const wanted = categoriesOf(parsed.layout).flatMap((category) =>
        ['adult', 'child', 'senior', 'student'].map((ticketType) => `${category} ${ticketType}`),
      )
      for (const day of days.slice(0, 14)) {
        for (const showtime of demoDay(theatre, hall, day)) {
          const priced = showtime.prices.map(({ category, ticketType }) => `${category} ${ticketType}`)
          expect(priced.toSorted()).toEqual(wanted.toSorted())
          shown.add(showtime.film.key)
        }
      }
    }
    const coming = demoFilms.filter((film) => film.releasedAfterDays > 0).map(({ key }) => key)
    expect([...shown, ...coming].toSorted()).toEqual(demoFilms.map(({ key }) => key).toSorted())
  })
})

describe('the demo’s halls', () => {
  test('are two theatres in two zones with four halls, one of them general admission', () => {
    expect(new Set(demoTheatres.map(({ timeZone }) => timeZone)).size).toBe(2)
    expect(halls).toHaveLength(4)
    expect(halls.filter(({ hall }) => 'seating' in hall.layout && hall.layout.seating === 'general')).toHaveLength(1)
  })

  test('have the shapes that were drawn', () => {
    const shapes = halls.map(({ hall }) => {
      const { layout } = parseLayout(hall.layout)
      if (!layout) return null
      if (layout.seating === 'general') return [hall.name, capacityOf(layout)]
      const seats = layout.rows.flatMap((row) => row.seats)
      const ofKind = (kind: string) => seats.filter((seat) => seat.kind === kind).length
      const units = new Set(seats.map((seat) => seat.unit).filter(Boolean)).size
      return [hall.name, capacityOf(layout), ofKind('wheelchair'), ofKind('companion'), ofKind('sofa'), units]
    })
    expect(shapes).toEqual([
      ['Grand Hall', 278, 4, 4, 12, 6],
      ['Studio', 55, 1, 1, 0, 0],
      ['Großer Saal', 162, 2, 2, 10, 5],
      ['Werkstatt', 60],
    ])
  })
})
