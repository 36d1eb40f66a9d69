import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseTicketCode } from '../../contract/ticket-code.ts'
import { makeTicketCode, readTicketCode, showtimeTagOf, ticketSigningKeyOf } from './code.ts'

const key = ticketSigningKeyOf(generateKeyPairSync('ed25519').privateKey)
const older = ticketSigningKeyOf(generateKeyPairSync('ed25519').privateKey)
const stranger = ticketSigningKeyOf(generateKeyPairSync('ed25519').privateKey)
const house = [key, older]
const ticket = {
  id: 'tkt_zzzzzzzzz000k9zq3x7d8m4n5p6w',
  showtimeId: 'sho_zzzzzzzzz000k9zq3x7d8m4n5p6x',
  codeRevision: 1,
}
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

const anyTicket = fc.record({
  id: fc.stringMatching(/^[0-9a-z]{1,36}$/).map((digits) => `tkt_${digits}`),
  showtimeId: fc.string({ minLength: 1, maxLength: 64 }),
  codeRevision: fc.integer({ min: 1, max: 65_535 }),
})

describe('a ticket code', () => {
  it('says again what was signed, for every ticket', () => {
    fc.assert(
      fc.property(anyTicket, (some) => {
        expect(readTicketCode(house, makeTicketCode(key, some))).toEqual({
          ticketId: some.id,
          showtimeTag: showtimeTagOf(some.showtimeId),
          codeRevision: some.codeRevision,
          keyTag: key.keyTag,
        })
      }),
    )
  })

  it('is one text per ticket, and another for another revision, showtime or key', () => {
    const code = makeTicketCode(key, ticket)
    expect(makeTicketCode(key, ticket)).toBe(code)
    expect(makeTicketCode(key, { ...ticket, codeRevision: 2 })).not.toBe(code)
    expect(makeTicketCode(key, { ...ticket, showtimeId: 'sho_other' })).not.toBe(code)
    expect(makeTicketCode(older, ticket)).not.toBe(code)
  })

  it('fits a QR code of 41 × 41 modules at error level M in alphanumeric mode', () => {
    const code = makeTicketCode(key, ticket)
    expect(code).toMatch(/^[A-Z2-7]+$/)
    expect(code.length).toBeLessThanOrEqual(154)
  })

  it('opens nothing without the key that made it', () => {
    expect(readTicketCode([older, stranger], makeTicketCode(key, ticket))).toBeUndefined()
    expect(readTicketCode(house, makeTicketCode(stranger, ticket))).toBeUndefined()
    expect(readTicketCode([], makeTicketCode(key, ticket))).toBeUndefined()
  })

  it('still opens the door after the house took a new key', () => {
    expect(readTicketCode(house, makeTicketCode(older, ticket))?.ticketId).toBe(ticket.id)
  })

  it('is told apart by signature when two keys share a tag', () => {
    const twin = { ...stranger, keyTag: key.keyTag }
    expect(readTicketCode([twin, key], makeTicketCode(key, ticket))?.ticketId).toBe(ticket.id)
    expect(readTicketCode([twin], makeTicketCode(key, ticket))).toBeUndefined()
  })

  it('is refused at every place where one letter was changed, and with any letter', () => {
    const code = makeTicketCode(key, ticket)
    for (let at = 0; at < code.length; at += 1) {
      for (const letter of alphabet + 'a018= ') {
        if (letter === code[at]) continue
        const changed = code.slice(0, at) + letter + code.slice(at + 1)
        expect(readTicketCode(house, changed), changed).toBeUndefined()
      }
    }
  })

  it('is refused after any of 1,000 mutations', () => {
    const code = makeTicketCode(key, ticket)
    const place = fc.nat({ max: code.length })
    const mutation = fc.oneof(
      fc.tuple(place, place).map(([a, b]) => code.slice(0, Math.min(a, b)) + code.slice(Math.max(a, b))),
      fc
        .tuple(place, fc.string({ minLength: 1, maxLength: 4 }))
        .map(([at, text]) => code.slice(0, at) + text + code.slice(at)),
      fc.tuple(place, place).map(([a, b]) => code.slice(a, a + b) + code),
      fc.array(fc.tuple(fc.nat({ max: code.length - 1 }), fc.nat({ max: 31 })), { minLength: 1 }).map((changes) => {
        const letters = [...code]
        for (const [at, value] of changes) letters[at] = alphabet.charAt(value)
        return letters.join('')
      }),
      fc.constantFrom(code.toLowerCase(), ` ${code}`, `${code}\n`, `${code}A`, `${code}======`, code + code, ''),
      fc.string({ maxLength: 300 }),
    )
    fc.assert(
      fc.property(mutation, (mutated) => {
        fc.pre(mutated !== code)
        expect(readTicketCode(house, mutated)).toBeUndefined()
      }),
      { numRuns: 2_000 },
    )
  })

  it('cannot borrow the signature of another ticket', () => {
    const other = makeTicketCode(key, { ...ticket, id: 'tkt_zzzzzzzzz000k9zq3x7d8m4n5p6y' })
    const code = makeTicketCode(key, ticket)
    for (let at = 1; at < code.length; at += 1) {
      const crossed = code.slice(0, at) + other.slice(at)
      if (crossed !== code && crossed !== other) expect(readTicketCode(house, crossed)).toBeUndefined()
    }
  })

  it('is not even taken apart when it is not one', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 120 }), (text) => {
        expect(parseTicketCode(text)).toBeUndefined()
      }),
    )
  })

  it('refuses to be made for what it cannot carry', () => {
    expect(() => makeTicketCode(key, { ...ticket, id: 'bkg_1' })).toThrow(RangeError)
    expect(() => makeTicketCode(key, { ...ticket, codeRevision: 0 })).toThrow(RangeError)
    expect(() => makeTicketCode(key, { ...ticket, codeRevision: 65_536 })).toThrow(RangeError)
  })
})
