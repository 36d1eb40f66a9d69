import { describe, expect, it } from 'vitest'
import { ticketLocaleOf } from './model.ts'
import { longStart, moneyText, percentText, weekdayOf } from './words.ts'

const christmas = Date.UTC(2026, 11, 25, 19, 30)

describe('the words of a ticket', () => {
  it("tells the start on the theatre's wall, in full", () => {
    expect(longStart(christmas, 'Europe/London', 'en')).toBe('Friday 25 December 2026, 19:30')
    expect(longStart(christmas, 'America/New_York', 'en')).toBe('Friday 25 December 2026, 14:30')
    expect(longStart(christmas, 'Europe/Zurich', 'de')).toBe('Freitag, 25. Dezember 2026, 20:30')
    expect(longStart(christmas, 'Asia/Tokyo', 'fr')).toBe('samedi 26 décembre 2026, 04:30')
    expect(longStart(Date.UTC(2026, 11, 26, 0, 0), 'Europe/London', 'es')).toBe(
      'sábado, 26 de diciembre de 2026, 00:00',
    )
  })

  it('names the night that a screening after midnight belongs to', () => {
    expect(weekdayOf('2026-12-25', 'en')).toBe('Friday')
    expect(weekdayOf('2026-12-25', 'de')).toBe('Freitag')
  })

  it('writes money with the digits of its currency', () => {
    expect(moneyText(1250, 'GBP', 'en')).toBe('£12.50')
    expect(moneyText(1250, 'JPY', 'en')).toBe('¥1,250')
    expect(moneyText(1250, 'KWD', 'en')).toContain('1.250')
    expect(moneyText(-1250, 'EUR', 'de').replace(/\s/gu, ' ')).toBe('-12,50 €')
    expect(percentText(7.7, 'de').replace(/\s/gu, ' ')).toBe('7,7 %')
  })

  it("takes the customer's language where it is one of ours", () => {
    expect([ticketLocaleOf('de-AT'), ticketLocaleOf('fr'), ticketLocaleOf('pt-BR'), ticketLocaleOf(null)]).toEqual([
      'de',
      'fr',
      'en',
      'en',
    ])
  })
})
