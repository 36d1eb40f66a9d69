import { expect, test } from 'vitest'
import { ticketCodePayload, writeTicketCode } from '../../contract/ticket-code.ts'
import { readShared, sharedAddress } from './share.ts'

const payload = ticketCodePayload({
  keyTag: '0a1b',
  showtimeTag: '0123456789abcdef',
  codeRevision: 1,
  ticketId: 'tkt_1m7za0q2p000vnxy0efcntxeqm0m',
})
const code = writeTicketCode(payload, new Uint8Array(64).fill(7))
const ticket = { showtimeId: 'sho_1', seat: 'F/12', ticketType: 'adult', code }

test('a shared ticket comes out of its address as it went in, and never leaves the browser in a request', () => {
  const address = sharedAddress(ticket)
  expect(address.split('#')[0]).toBe('/ticket')
  expect(readShared(address.slice(address.indexOf('#')))).toEqual(ticket)
  const standing = { ...ticket, seat: null }
  expect(readShared(sharedAddress(standing).replace('/ticket', ''))).toEqual(standing)
})

test('half an address, or another one, is no ticket', () => {
  const hash = sharedAddress(ticket).replace('/ticket', '')
  for (const bad of ['', '#', '#sho_1/F12', hash.slice(0, -3), `${hash}/more`, '#%E0%A4%A/a/b/c']) {
    expect(readShared(bad)).toBeNull()
  }
})
