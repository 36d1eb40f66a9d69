import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addLocalDays,
  addMinutes,
  businessDate,
  businessDayRange,
  dayOfWeek,
  daysBetween,
  formatInstant,
  formatLocal,
  isDay,
  isTimeZone,
  localDate,
  localTimeOfDay,
  parseTime,
  timeZoneName,
} from './time.ts'

const hourMs = 3_600_000
const berlin = 'Europe/Berlin'
const zones = [
  berlin,
  'Europe/London',
  'Australia/Lord_Howe',
  'America/Santiago',
  'Africa/Casablanca',
  'Asia/Kathmandu',
  'UTC',
]

function at(text: string, zone?: string): number {
  const parsed = parseTime(text, zone)
  if (typeof parsed !== 'number') throw new Error(parsed.problem)
  return parsed
}

function problemOf(text: string, zone?: string): string {
  const parsed = parseTime(text, zone)
  return typeof parsed === 'number' ? `no problem: ${formatInstant(parsed)}` : parsed.problem
}

describe('times sent in', () => {
  test('an offset decides, with or without seconds, whatever the zone', () => {
    expect(formatInstant(at('2026-12-24T19:30Z'))).toBe('2026-12-24T19:30:00Z')
    expect(formatInstant(at('2026-12-24T19:30:00+01:00', 'America/Santiago'))).toBe('2026-12-24T18:30:00Z')
    expect(formatInstant(at('2026-12-24T19:30:15.250-03:30'))).toBe('2026-12-24T23:00:15.250Z')
    expect(formatInstant(at('2026-12-24t19:30z'))).toBe('2026-12-24T19:30:00Z')
  })

  test('without an offset it is the clock on the wall of the zone', () => {
    expect(formatInstant(at('2026-12-24T19:30', berlin))).toBe('2026-12-24T18:30:00Z')
    expect(formatInstant(at('2026-07-24T19:30:00', berlin))).toBe('2026-07-24T17:30:00Z')
    expect(problemOf('2026-12-24T19:30')).toContain('needs an offset')
  })

  test('a local time the clocks jump over is refused and says so', () => {
    expect(problemOf('2027-03-28T02:30', berlin)).toBe(
      '2027-03-28T02:30 does not exist in Europe/Berlin: the clocks go forward over it',
    )
    // Lord Howe moves by half an hour, Santiago at midnight, Casablanca back after Ramadan.
    expect(problemOf('2026-10-04T02:15', 'Australia/Lord_Howe')).toContain('does not exist')
    expect(formatInstant(at('2026-10-04T02:30', 'Australia/Lord_Howe'))).toBe('2026-10-03T15:30:00Z')
    expect(problemOf('2026-09-06T00:30', 'America/Santiago')).toContain('does not exist')
    expect(problemOf('2026-03-22T02:30', 'Africa/Casablanca')).toContain('does not exist')
  })

  test('a local time that happens twice is refused and names both', () => {
    expect(problemOf('2027-10-31T02:30', berlin)).toBe(
      '2027-10-31T02:30 happens twice in Europe/Berlin, where the clocks go back: send 2027-10-31T02:30+02:00 or 2027-10-31T02:30+01:00',
    )
    expect(at('2027-10-31T02:30+01:00', berlin) - at('2027-10-31T02:30+02:00', berlin)).toBe(hourMs)
    expect(problemOf('2027-04-04T01:45', 'Australia/Lord_Howe')).toContain('happens twice')
    expect(problemOf('2027-04-03T23:30', 'America/Santiago')).toContain('happens twice')
    expect(problemOf('2026-02-15T02:30', 'Africa/Casablanca')).toContain('happens twice')
  })

  test('what is no time is refused with a sentence', () => {
    for (const text of [
      '',
      'tomorrow',
      '2026-12-24',
      '2026-12-24T19',
      '19:30',
      '2026-12-24T19:30+1',
      '+002026-12-24T19:30Z',
    ]) {
      expect(problemOf(text, berlin)).toContain('is not a time')
    }
    expect(problemOf('2026-02-30T19:30Z')).toContain('calendar')
    expect(problemOf('2026-12-24T24:00Z')).toContain('calendar')
    expect(problemOf('2026-12-24T10:00+25:00')).toContain('offset')
    expect(problemOf('0000-01-01T00:00Z')).toContain('between the years')
    expect(problemOf('9999-12-31T23:59', berlin)).toContain('between the years')
  })
})

describe('the wall clock', () => {
  test('a local time sent in is shown again as it was sent', () => {
    for (const zone of zones) {
      expect(formatLocal(at('2026-12-24T19:30', zone), zone)).toBe('2026-12-24T19:30')
      expect(localDate(at('2026-12-24T00:30', zone), zone)).toBe('2026-12-24')
      expect(localTimeOfDay(at('2026-12-24T09:05', zone), zone)).toBe('09:05')
    }
  })

  test('an end is counted in instants: a marathon through the gap ends an hour later on the wall', () => {
    // Two real ones of 30 March 2025 in London (FACTS.md): 688 minutes from 21:00, 496 minutes from 23:00.
    const london = 'Europe/London'
    expect(formatLocal(addMinutes(at('2025-03-29T21:00', london), 688), london)).toBe('2025-03-30T09:28')
    expect(formatLocal(addMinutes(at('2025-03-29T23:00', london), 496), london)).toBe('2025-03-30T08:16')
  })

  test('the same time next week is the same on the wall, and refused where the clocks have no such time', () => {
    const before = at('2027-03-21T20:00', berlin)
    expect(addLocalDays(before, 7, berlin)).toBe(before + 7 * 24 * hourMs - hourMs)
    expect(addLocalDays(at('2027-03-21T02:30', berlin), 7, berlin)).toMatchObject({
      problem: expect.stringContaining('does not exist'),
    })
  })
})

describe('business days', () => {
  test('a screening at half past midnight belongs to the evening before', () => {
    expect(businessDate(at('2026-12-25T00:30', berlin), berlin)).toBe('2026-12-24')
    expect(businessDate(at('2026-12-25T05:59', berlin), berlin)).toBe('2026-12-24')
    expect(businessDate(at('2026-12-25T06:00', berlin), berlin)).toBe('2026-12-25')
    expect(businessDate(at('2026-12-25T00:30', berlin), berlin, '00:00')).toBe('2026-12-25')
    expect(businessDate(at('2026-12-25T04:30', berlin), berlin, '04:00')).toBe('2026-12-25')
  })

  test('the day the clocks change has 23 or 25 hours', () => {
    const hours = (date: string, zone: string, startsAt?: string) => {
      const { fromMs, toMs } = businessDayRange(date, zone, startsAt)
      return (toMs - fromMs) / hourMs
    }
    expect(hours('2027-03-27', berlin)).toBe(23)
    expect(hours('2027-03-28', berlin)).toBe(24)
    expect(hours('2027-10-30', berlin)).toBe(25)
    expect(hours('2026-10-03', 'Australia/Lord_Howe')).toBe(23.5)
    expect(hours('2027-04-03', 'Australia/Lord_Howe')).toBe(24.5)
    expect(hours('2026-09-05', 'America/Santiago')).toBe(23)
    expect(hours('2026-09-06', 'America/Santiago', '00:00')).toBe(23)
    expect(hours('2026-03-21', 'Africa/Casablanca')).toBe(23)
    expect(hours('2026-02-14', 'Africa/Casablanca')).toBe(25)
  })

  test('both half past twos of the night the clocks go back belong to the evening before', () => {
    for (const offset of ['+02:00', '+01:00']) {
      expect(businessDate(at(`2027-10-31T02:30${offset}`), berlin)).toBe('2027-10-30')
    }
  })

  test('every instant lies in exactly the day it is counted for, in any zone and for any start of the day', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: at('2010-01-01T00:00Z'), max: at('2040-01-01T00:00Z') }),
        fc.constantFrom(...zones, 'Pacific/Apia', 'America/New_York', 'Asia/Tehran'),
        fc.constantFrom('00:00', '02:30', '04:00', '06:00', '12:00'),
        (instantMs, zone, startsAt) => {
          const { fromMs, toMs } = businessDayRange(businessDate(instantMs, zone, startsAt), zone, startsAt)
          expect(fromMs).toBeLessThanOrEqual(instantMs)
          expect(toMs).toBeGreaterThan(instantMs)
        },
      ),
    )
  })
})

describe('zones and days', () => {
  test('only names of the zone database are zones, spelt as it spells them', () => {
    for (const zone of zones) expect(isTimeZone(zone)).toBe(true)
    expect(timeZoneName('europe/berlin')).toBe('Europe/Berlin')
    for (const zone of ['Europe/Nowhere', '', '+01:00', 'Z', '../etc', 'Berlin']) expect(isTimeZone(zone)).toBe(false)
  })

  test('only days of the calendar are days', () => {
    expect(isDay('2028-02-29')).toBe(true)
    for (const day of ['2027-02-29', '2027-13-01', '20270101', '2027-01-01T00:00', '']) expect(isDay(day)).toBe(false)
    expect(daysBetween('2027-03-27', '2027-04-03')).toBe(7)
    expect(dayOfWeek('2026-12-24')).toBe(4)
  })
})

test('the zone of the process changes nothing', () => {
  const program = `
    import { businessDate, businessDayRange, formatLocal, parseTime } from ${JSON.stringify(new URL('time.ts', import.meta.url).href)}
    const start = parseTime('2027-10-31T00:30', 'Europe/Berlin')
    console.log(JSON.stringify([start, formatLocal(start, 'Europe/Berlin'), businessDate(start, 'Europe/Berlin'), businessDayRange('2027-10-30', 'Europe/Berlin'), parseTime('2027-10-31T02:30', 'Europe/Berlin')]))`
  const answers = ['UTC', 'America/Santiago', 'Australia/Lord_Howe', 'Asia/Kathmandu'].map((zone) =>
    execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
      env: { ...process.env, TZ: zone },
    }).toString(),
  )
  expect(new Set(answers).size).toBe(1)
  expect(answers[0]).toContain('2027-10-31T00:30')
})
