import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, businessDateOf, businessDayRange, daysBetween, hoursBetween, instantOf, localOf } from './zone.ts'

const zones = ['UTC', 'Europe/London', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Apia']
const someZone = fc.constantFrom(...zones)
const hours = (milliseconds: number) => milliseconds / 3_600_000

describe('clocks of other places', () => {
  test('agree with the runtime’s own calendar, around every change of the clocks', () => {
    const minute = fc.integer({ min: Date.UTC(2024, 0) / 60_000, max: Date.UTC(2030, 0) / 60_000 })
    fc.assert(
      fc.property(minute, someZone, (minutes, zone) => {
        const instant = minutes * 60_000
        const zoned = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone)
        const local = zoned.toPlainDateTime().toString({ smallestUnit: 'minute' })
        expect(localOf(instant, zone)).toBe(local)
        expect(instantOf(local, zone)).toBe(Temporal.PlainDateTime.from(local).toZonedDateTime(zone).epochMilliseconds)
      }),
      { numRuns: 2_000 },
    )
  })

  test('a local time that is skipped is later by as much, one that happens twice is the first', () => {
    expect(localOf(instantOf('2026-03-29T01:30', 'Europe/London'), 'Europe/London')).toBe('2026-03-29T02:30')
    expect(instantOf('2026-10-25T01:30', 'Europe/London')).toBe(Date.parse('2026-10-25T00:30Z'))
  })
})

describe('a business day', () => {
  test.each([
    ['2026-03-28', 23],
    ['2026-10-24', 25],
    ['2026-06-01', 24],
  ])('of %s in London has %i hours, each with its label', (date, length) => {
    const { fromMs, toMs } = businessDayRange(date, 'Europe/London', '06:00')
    expect(hours(toMs - fromMs)).toBe(length)
    const labels = hoursBetween(fromMs, toMs, 'Europe/London').map(({ label }) => label)
    expect(labels).toHaveLength(length)
    expect(labels[0]).toBe('06:00')
    expect(labels.filter((label) => label === '01:00')).toHaveLength(length - 23)
  })

  test('half past midnight belongs to the night before, six in the morning to its own day', () => {
    const day = (local: string) => businessDateOf(instantOf(local, 'Europe/London'), 'Europe/London', '06:00')
    expect(day('2025-01-25T00:30')).toBe('2025-01-24')
    expect(day('2025-01-25T05:59')).toBe('2025-01-24')
    expect(day('2025-01-25T06:00')).toBe('2025-01-25')
  })

  test('days are counted over months and leap years', () => {
    expect(addDays('2028-02-28', 2)).toBe('2028-03-01')
    expect(daysBetween('2028-02-28', '2028-03-01')).toBe(2)
    expect(daysBetween('2026-03-01', '2026-02-28')).toBe(-1)
  })
})
