import { createPublicKey, verify } from 'node:crypto'
import { expect, it } from 'vitest'
import { parseTicketCode } from '../../contract/ticket-code.ts'
import * as contract from '../../contract/door.ts'
import type { DoorPack } from '../../contract/door.ts'
import { must } from '../platform/assert.ts'
import { openDoor } from '../testing/door.ts'
import { onBothEngines } from '../testing/harness.ts'
import { makeScreening, sellTickets } from '../testing/screening.ts'
import { signIn } from '../testing/sign-in.ts'

onBothEngines('the manifest', (engine) => {
  it('lists who is expected by row and seat, and who is in', async () => {
    const { test, screening, usher } = await openDoor(engine)
    await sellTickets(test, screening, { seats: ['F10', 'F9'], customerName: 'Grace Hopper' })
    const sale = await sellTickets(test, screening, { seats: ['A1'], ticketTypes: ['student'] })
    await sellTickets(test, screening, { seats: ['B1'], status: 'cancelled' })
    await sellTickets(test, screening, { seats: ['B2'], status: 'pending' })
    await test.call(contract.checkIn, { body: { bookingId: sale.bookingId } }, usher)
    const { body } = await test.call(contract.getManifest, { params: { id: screening.showtimeId } }, usher)
    expect(body.counts).toEqual({ sold: 3, checkedIn: 1, expected: 2 })
    expect(body.tickets.map(({ seat, customerName, status, proof }) => [seat, customerName, status, proof])).toEqual([
      ['A1', 'Ada Lovelace', 'used', 'Student card'],
      ['F9', 'Grace Hopper', 'valid', null],
      ['F10', 'Grace Hopper', 'valid', null],
    ])
  })

  it('is for those who work there', async () => {
    const { test, screening, stranger } = await openDoor(engine)
    const hidden = await makeScreening(test, { visibility: 'private' })
    const admin = await signIn(test, 'admin')
    const read = async (id: string, as?: { token: string }) =>
      (await test.call(contract.getManifest, { params: { id } }, as)).status
    expect(await read(screening.showtimeId, stranger)).toBe(403)
    expect(await read(hidden.showtimeId, stranger)).toBe(404)
    expect(await read('sho_none', stranger)).toBe(404)
    expect(await read(screening.showtimeId, await signIn(test))).toBe(403)
    expect(await read(screening.showtimeId)).toBe(401)
    expect(await read(hidden.showtimeId, admin)).toBe(200)
  })
})

onBothEngines('the door pack', (engine) => {
  it('lets a phone judge codes by itself: good ones, cancelled ones, sold since, of another showtime, forged', async () => {
    const { test, screening, usher, codeOf } = await openDoor(engine)
    const sold = await sellTickets(test, screening, { seats: ['A1'] })
    const cancelled = await sellTickets(test, screening, { seats: ['A2'], status: 'cancelled' })
    await sellTickets(test, screening, { seats: ['A3'], status: 'expired' })
    const { body: pack } = await test.call(contract.getDoorPack, { params: { id: screening.showtimeId } }, usher)
    const since = await sellTickets(test, screening, { seats: ['A4'] })
    const elsewhere = await sellTickets(test, await makeScreening(test, { beside: screening }), { seats: ['A1'] })

    expect(pack.asOf).toBe('2026-11-21T12:00:00Z')
    expect(pack.tickets).toMatchObject([{ id: sold.tickets[0]?.id, seat: 'A1', codeRevision: 1, checkedInAt: null }])
    expect(pack.revoked).toEqual(cancelled.tickets.map(({ id }) => id))
    expect(JSON.stringify(pack)).not.toContain('Lovelace')

    const judged = async (sale: typeof sold) => judgeOffline(pack, await codeOf(must(sale.tickets[0], 'sold')))
    expect(await judged(sold)).toBe('admit')
    expect(await judged(cancelled)).toBe('revoked')
    expect(await judged(since)).toBe('sold since')
    expect(await judged(elsewhere)).toBe('wrong showtime')
    const old = must(sold.tickets[0], 'sold')
    expect(
      judgeOffline({ ...pack, tickets: pack.tickets.map((t) => ({ ...t, codeRevision: 2 })) }, await codeOf(old)),
    ).toBe('replaced')
    expect(judgeOffline({ ...pack, publicKeys: [] }, await codeOf(old))).toBe('forged')
  })
})

/** What a phone does without network, by what the pack and the contract's `ticket-code.ts` say. */
function judgeOffline(pack: DoorPack, code: string): string {
  const parsed = parseTicketCode(code)
  const known = parsed && pack.publicKeys.find(({ keyTag }) => keyTag === parsed.keyTag)
  if (!known) return 'forged'
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: known.publicKey }
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  if (!verify(null, parsed.signed, key, parsed.signature)) return 'forged'
  if (parsed.showtimeTag !== pack.showtimeTag) return 'wrong showtime'
  if (pack.revoked.includes(parsed.ticketId)) return 'revoked'
  const ticket = pack.tickets.find(({ id }) => id === parsed.ticketId)
  if (!ticket) return 'sold since'
  return parsed.codeRevision < ticket.codeRevision ? 'replaced' : 'admit'
}
