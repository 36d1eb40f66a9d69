import { generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { ticketCodeMessage, ticketCodePayload, writeTicketCode } from '../../contract/ticket-code.ts'
import { judgeCode, verifyByBrowser } from './judge-code.ts'
import type { KeptPack } from './judge-code.ts'
import { outcomeOf, restOf } from './outcome.ts'
import { told } from './report-waiting.ts'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const { x = '' } = publicKey.export({ format: 'jwk' })
const tonight = '0123456789abcdef'
const startsAt = '2026-11-21T20:00:00Z'
const doorsOpen = Date.parse('2026-11-21T19:30:00Z')

function codeOf(ticketId: string, more: { codeRevision?: number; showtimeTag?: string } = {}): string {
  const payload = ticketCodePayload({ keyTag: '0a1b', showtimeTag: tonight, codeRevision: 1, ...more, ticketId })
  return writeTicketCode(payload, sign(null, ticketCodeMessage(payload), privateKey))
}

function ticket(id: string, more: object = {}) {
  const booking = { bookingId: 'bkg_1', reference: 'K7QF3M', ticketType: 'adult', proof: null }
  return { id, codeRevision: 1, seat: 'F12', checkedInAt: null, ...booking, ...more }
}

const kept: KeptPack = {
  doorsOpenMinutes: 60,
  pack: {
    showtime: {
      id: 'sho_1',
      movieTitle: 'Nosferatu',
      auditoriumName: 'Hall 1',
      startsAt,
      endsAt: '2026-11-21T22:00:00Z',
      localStartsAt: '2026-11-21T20:00',
      timeZone: 'Europe/London',
    },
    showtimeTag: tonight,
    asOf: '2026-11-21T18:00:00Z',
    publicKeys: [
      { keyTag: '0a1b', publicKey: Buffer.alloc(32, 9).toString('base64url') },
      { keyTag: '0a1b', publicKey: x },
    ],
    tickets: [
      ticket('tkt_a1'),
      ticket('tkt_a2', { checkedInAt: '2026-11-21T19:05:00Z' }),
      ticket('tkt_a3', { codeRevision: 2 }),
    ],
    revoked: ['tkt_gone'],
  },
}

async function judge(code: string, more: object = {}) {
  const asked = { code, packs: [kept], letIn: new Map(), showtimeId: null, nowMs: doorsOpen, ...more }
  const judgement = await judgeCode(asked, verifyByBrowser)
  return judgement.isIn ? (judgement.ticket?.seat ?? 'sold since') : judgement.reason
}

describe('a party without a network', () => {
  const tickets = [ticket('tkt_t1'), ticket('tkt_t2'), ticket('tkt_t3', { checkedInAt: startsAt })]
  const party: KeptPack = { ...kept, pack: { ...kept.pack, tickets } }

  test('whoever is scanned brings in those of the booking whom nobody has let in', async () => {
    const asked = { code: codeOf('tkt_t1'), packs: [party], letIn: new Map(), showtimeId: null, nowMs: doorsOpen }
    const scanned = outcomeOf(await judgeCode(asked, verifyByBrowser), asked.letIn)
    expect(scanned).toMatchObject({ isIn: true, party: { bookingId: 'bkg_1', inside: 2, all: 3 } })
    const rest = restOf(party, 'bkg_1', new Map([['tkt_t1', startsAt]]))
    expect(rest).toMatchObject({ ticketIds: ['tkt_t2'], seat: 'F12', party: { inside: 3, all: 3 } })
    expect(restOf(party, 'bkg_1', new Map([...asked.letIn, ['tkt_t1', startsAt], ['tkt_t2', startsAt]]))).toBeNull()
  })

  test('the house is told of them by their tickets, and of the others by their codes', () => {
    const scan = {
      id: 's',
      showtimeId: 'sho_1',
      ticketId: 'tkt_t2',
      seat: null,
      title: '',
      at: startsAt,
      state: 'waiting',
    } as const
    expect(told({ ...scan, code: '' })).toEqual({ id: 's', at: startsAt, ticketId: 'tkt_t2' })
    expect(told({ ...scan, code: 'CODE' })).toEqual({ id: 's', at: startsAt, code: 'CODE' })
  })
})

describe('without a network', () => {
  test('a signed code of tonight lets in, listed or sold since', async () => {
    expect(await judge(codeOf('tkt_a1'))).toBe('F12')
    expect(await judge(codeOf('tkt_new'))).toBe('sold since')
  })

  test('what is cancelled, replaced or used stays out, whatever is scanned twice', async () => {
    expect(await judge(codeOf('tkt_gone'))).toBe('booking_cancelled')
    expect(await judge(codeOf('tkt_a3'))).toBe('invalid_code')
    expect(await judge(codeOf('tkt_a3', { codeRevision: 2 }))).toBe('F12')
    expect(await judge(codeOf('tkt_a2'))).toBe('already_checked_in')
    const letIn = new Map([['tkt_a1', '2026-11-21T19:31:00Z']])
    expect(await judge(codeOf('tkt_a1'), { letIn })).toBe('already_checked_in')
  })

  test('another showtime and another hour are told apart', async () => {
    expect(await judge(codeOf('tkt_a1', { showtimeTag: 'fedcba9876543210' }))).toBe('wrong_showtime')
    expect(await judge(codeOf('tkt_a1'), { showtimeId: 'sho_2' })).toBe('wrong_showtime')
    expect(await judge(codeOf('tkt_a1'), { nowMs: Date.parse('2026-11-21T18:59:59Z') })).toBe('not_now')
    expect(await judge(codeOf('tkt_a1'), { nowMs: Date.parse('2026-11-21T22:00:00Z') })).toBe('not_now')
    // Whoever works at the door of one showtime has decided that it is open.
    expect(await judge(codeOf('tkt_a1'), { nowMs: 0, showtimeId: 'sho_1' })).toBe('F12')
  })

  test('no letter of a code can be changed', async () => {
    const code = codeOf('tkt_a1')
    for (let at = 0; at < code.length; at += 1) {
      const other = code[at] === 'A' ? 'B' : 'A'
      expect(await judge(code.slice(0, at) + other + code.slice(at + 1))).toBe('invalid_code')
    }
    expect(await judge('not-a-ticket')).toBe('invalid_code')
    expect(await judge(code, { packs: [] })).toBe('invalid_code')
  })
})
