import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { calendarFile } from './calendar.ts'
import type { CalendarEntry } from './calendar.ts'

const entry: CalendarEntry = {
  bookingId: 'bkg_1',
  reference: 'K7QF3M',
  locale: 'en',
  theatre: {
    name: 'Rio, Dalston',
    address: ['107 Kingsland High Street', 'London E8 2PB'],
    timeZone: 'Europe/London',
    latitude: 51.5493,
    longitude: -0.0755,
  },
  movieTitle: 'Crouching Tiger; Hidden\\Dragon',
  facts: [],
  auditoriumName: 'Screen 2',
  startsAtMs: Date.UTC(2026, 11, 25, 19, 30),
  endsAtMs: Date.UTC(2026, 11, 25, 21, 45),
  businessDate: '2026-12-25',
  seats: ['F12', 'F13'],
  ticketCount: 2,
  changedAtMs: Date.UTC(2026, 10, 21, 12, 0, 5, 250),
  sequence: 3,
  cancelled: false,
  url: 'https://example.org/bookings/bkg_1',
}
const unfold = (file: string) => file.replaceAll('\r\n ', '')

describe('a calendar entry', () => {
  it('tells when and where, in UTC, with texts escaped', () => {
    const lines = unfold(calendarFile(entry)).split('\r\n')
    expect(lines).toContain('DTSTART:20261225T193000Z')
    expect(lines).toContain('DTEND:20261225T214500Z')
    expect(lines).toContain('DTSTAMP:20261121T120005Z')
    expect(lines).toContain('SUMMARY:Crouching Tiger\\; Hidden\\\\Dragon')
    expect(lines).toContain('LOCATION:Rio\\, Dalston\\, 107 Kingsland High Street\\, London E8 2PB')
    expect(lines).toContain('DESCRIPTION:Screen 2\\nSeat F12\\, F13\\nBooking K7QF3M')
    expect(lines).toContain('GEO:51.5493;-0.0755')
  })

  it('replaces itself: the same booking has the same UID, and the sequence tells which is newer', () => {
    const moved = calendarFile({ ...entry, startsAtMs: entry.startsAtMs + 3_600_000, sequence: 4 })
    expect(moved).toContain('UID:bkg_1@matinee\r\n')
    expect(calendarFile(entry)).toContain('UID:bkg_1@matinee\r\n')
    expect(moved).toContain('SEQUENCE:4\r\n')
    expect(calendarFile({ ...entry, cancelled: true })).toContain('STATUS:CANCELLED\r\n')
  })

  it('keeps every line within 75 octets, cuts no character, and lets nobody write a line of their own', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.string({ unit: 'binary' }), (title, name) => {
        fc.pre(name.isWellFormed())
        const file = calendarFile({ ...entry, movieTitle: title, theatre: { ...entry.theatre, name } })
        expect(file.endsWith('\r\n')).toBe(true)
        for (const line of file.split('\r\n')) {
          expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
          expect(line).not.toMatch(/\p{Cc}/u)
          expect(line.isWellFormed()).toBe(true)
        }
        expect(unfold(file).split('\r\n')).toHaveLength(21)
      }),
    )
  })
})
