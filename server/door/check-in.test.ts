import { expect, it } from 'vitest'
import * as contract from '../../contract/door.ts'
import type { TicketRow } from '../database/tables/money.ts'
import { must } from '../platform/assert.ts'
import { openDoor } from '../testing/door.ts'
import { onBothEngines } from '../testing/harness.ts'
import { makeScreening, sellTickets } from '../testing/screening.ts'
import { signIn } from '../testing/sign-in.ts'

const minuteMs = 60_000
const first = (tickets: readonly TicketRow[]) => must(tickets[0], 'there is a ticket')

onBothEngines('checking in', (engine) => {
  it('lets a ticket in by its code and shows whom, where and when', async () => {
    const { test, screening, usher, codeOf } = await openDoor(engine)
    const sale = await sellTickets(test, screening, { seats: ['F12', 'F13'] })
    const code = await codeOf(first(sale.tickets))
    const { status, body } = await test.call(contract.checkIn, { body: { code } }, usher)
    expect(status).toBe(201)
    expect(body).toMatchObject({
      ticket: { id: first(sale.tickets).id, seat: 'F12', row: 'F', number: '12', status: 'used' },
      booking: { reference: sale.reference, customerName: 'Ada Lovelace', ticketCount: 2, checkedInCount: 1 },
      showtime: { movieTitle: 'Metropolis', auditoriumName: 'Screen 2', localStartsAt: '2026-11-21T12:30' },
      seat: 'F12',
      checkedInAt: '2026-11-21T12:00:00Z',
    })
    expect(body.tickets).toHaveLength(1)
  })

  it('tells when a ticket was used first', async () => {
    const { test, screening, usher, codeOf } = await openDoor(engine)
    const sale = await sellTickets(test, screening)
    const code = await codeOf(first(sale.tickets))
    await test.call(contract.checkIn, { body: { code } }, usher)
    test.clock.advance(5 * minuteMs)
    const again = await test.call(contract.checkIn, { body: { code } }, usher)
    expect(again.problem).toMatchObject({
      status: 409,
      code: 'already_checked_in',
      checkedInAt: '2026-11-21T12:00:00Z',
      seat: 'F12',
    })
  })

  it('answers the same scan again when its answer was lost on the way', async () => {
    const { test, screening, usher } = await openDoor(engine)
    const { tickets } = await sellTickets(test, screening)
    const scan = { body: { ticketId: first(tickets).id } }
    const as = { ...usher, headers: { 'idempotency-key': 'scan-1' } }
    const once = await test.call(contract.checkIn, scan, as)
    const again = await test.call(contract.checkIn, scan, as)
    expect(again.body).toEqual(once.body)
    expect(again.headers['idempotency-replayed']).toBe('true')
  })

  it('judges validity before use: a cancelled ticket is cancelled, used or not', async () => {
    const { test, screening, usher, codeOf } = await openDoor(engine)
    const cancelled = await sellTickets(test, screening, { status: 'cancelled' })
    const byCode = await test.call(contract.checkIn, { body: { code: await codeOf(first(cancelled.tickets)) } }, usher)
    expect(byCode.problem).toMatchObject({ status: 409, code: 'booking_cancelled' })
    const byBooking = await test.call(contract.checkIn, { body: { bookingId: cancelled.bookingId } }, usher)
    expect(byBooking.problem.code).toBe('booking_cancelled')

    const sale = await sellTickets(test, screening, { seats: ['A1', 'A2'] })
    const ticketId = first(sale.tickets).id
    await test.database.write(({ query }) =>
      query.updateTable('tickets').set({ status: 'void', voidedAt: 1 }).where('id', '=', ticketId).execute(),
    )
    const single = await test.call(contract.checkIn, { body: { ticketId } }, usher)
    expect(single.problem.code).toBe('booking_cancelled')
    const other = await test.call(contract.checkIn, { body: { bookingId: sale.bookingId } }, usher)
    expect(other.body.tickets.map(({ seat }) => seat)).toEqual(['A2'])
  })

  it('does not let in what is not paid', async () => {
    const { test, screening, usher } = await openDoor(engine)
    for (const status of ['pending', 'expired'] as const) {
      const sale = await sellTickets(test, screening, { status })
      const refused = await test.call(contract.checkIn, { body: { ticketId: first(sale.tickets).id } }, usher)
      expect(refused.problem).toMatchObject({ status: 409, code: 'booking_not_confirmed' })
    }
  })

  it('tells the wrong showtime from the wrong hour, and where people should go', async () => {
    const { test, screening, usher, codeOf } = await openDoor(engine)
    const later = await makeScreening(test, {
      beside: screening,
      startsAt: test.clock.now() + 180 * minuteMs,
      movieTitle: 'Nosferatu',
    })
    const sale = await sellTickets(test, later)
    const code = await codeOf(first(sale.tickets))
    const place = {
      showtime: { movieTitle: 'Nosferatu', auditoriumName: 'Screen 2', localStartsAt: '2026-11-21T15:00' },
      seat: 'F12',
    }
    const wrong = await test.call(contract.checkIn, { body: { code, showtimeId: screening.showtimeId } }, usher)
    expect(wrong.problem).toMatchObject({ status: 409, code: 'wrong_showtime', ...place })
    const early = await test.call(contract.checkIn, { body: { code } }, usher)
    expect(early.problem).toMatchObject({ status: 409, code: 'not_now', ...place })
  })

  it('opens by itself from the doors to the end, and at any hour for a door that names the showtime', async () => {
    const { test, screening, usher } = await openDoor(engine, {
      startsAt: Date.UTC(2026, 10, 21, 13),
      settings: { doorsOpenMinutes: 45 },
    })
    const seats = ['A1', 'A2', 'A3', 'A4']
    const { tickets } = await sellTickets(test, screening, { seats })
    const scan = (at: number, showtimeId?: string) =>
      test.call(contract.checkIn, { body: { ticketId: must(tickets[at], 'sold').id, showtimeId } }, usher)
    test.clock.set(Date.UTC(2026, 10, 21, 12, 15) - 1)
    expect((await scan(0)).problem.code).toBe('not_now')
    test.clock.set(Date.UTC(2026, 10, 21, 12, 15))
    expect((await scan(0)).status).toBe(201)
    test.clock.set(Date.UTC(2026, 10, 21, 15) - 1)
    expect((await scan(1)).status).toBe(201)
    test.clock.set(Date.UTC(2026, 10, 21, 15))
    expect((await scan(2)).problem.code).toBe('not_now')
    expect((await scan(2, screening.showtimeId)).status).toBe(201)
  })

  it('refuses what is not a code, and codes that were replaced', async () => {
    const { test, screening, usher, codeOf } = await openDoor(engine)
    const { tickets } = await sellTickets(test, screening)
    const code = await codeOf(first(tickets))
    const forged = `${code.slice(0, -1)}${code.endsWith('A') ? 'B' : 'A'}`
    for (const wrong of ['K7QF3M', forged, code.toLowerCase(), 'x'.repeat(1000)]) {
      const refused = await test.call(contract.checkIn, { body: { code: wrong } }, usher)
      expect(refused.problem).toMatchObject({ status: 400, code: 'invalid_code' })
    }
    await test.database.write(({ query }) => query.updateTable('tickets').set({ codeRevision: 2 }).execute())
    expect((await test.call(contract.checkIn, { body: { code } }, usher)).problem.code).toBe('invalid_code')
    const renewed = await codeOf({ ...first(tickets), codeRevision: 2 })
    expect((await test.call(contract.checkIn, { body: { code: renewed } }, usher)).status).toBe(201)
  })

  it('wants one thing to go by', async () => {
    const { test, usher } = await openDoor(engine)
    for (const body of [{}, { ticketId: 'tkt_1', bookingId: 'bkg_1' }, { ticketId: 'tkt_1', admit: 0 }]) {
      expect((await test.call(contract.checkIn, { body }, usher)).problem.code).toBe('validation_failed')
    }
  })

  it('asks for a proof where the ticket type needs one: the usual ones, and those of the theatre', async () => {
    const { test, screening, usher } = await openDoor(engine)
    const now = test.clock.now()
    await test.database.write(({ query }) =>
      query
        .insertInto('ticketTypes')
        .values({
          id: 'tty_1',
          theatreId: screening.theatreId,
          key: 'carer',
          name: 'Carer',
          proof: 'Carer card',
          maxPerBooking: null,
          requires: null,
          channels: null,
          createdAt: now,
          updatedAt: now,
        })
        .execute(),
    )
    const seats = ['A1', 'A2', 'A3']
    const sale = await sellTickets(test, screening, { seats, ticketTypes: ['adult', 'student', 'carer'] })
    const { body } = await test.call(contract.checkIn, { body: { bookingId: sale.bookingId } }, usher)
    expect(body.proof).toEqual(['Student card', 'Carer card'])
    const adult = await sellTickets(test, screening, { seats: ['B1'] })
    const plain = await test.call(contract.checkIn, { body: { ticketId: first(adult.tickets).id } }, usher)
    expect(plain.body.proof).toBeUndefined()
  })
})

onBothEngines('a party at the door', (engine) => {
  it('comes in with one code, in as many turns as it likes', async () => {
    const { test, screening, usher, codeOf } = await openDoor(engine)
    const sale = await sellTickets(test, screening, { seats: ['A1', 'A2', 'A3', 'A4'] })
    const code = await codeOf(must(sale.tickets[2], 'sold'))
    const some = await test.call(contract.checkIn, { body: { code, admit: 2 } }, usher)
    expect(some.body.tickets.map(({ seat }) => seat)).toEqual(['A3', 'A1'])
    expect(some.body.booking).toMatchObject({ ticketCount: 4, checkedInCount: 2 })
    const tooMany = await test.call(contract.checkIn, { body: { bookingId: sale.bookingId, admit: 3 } }, usher)
    expect(tooMany.problem).toMatchObject({ code: 'already_checked_in', remaining: 2 })
    const rest = await test.call(contract.checkIn, { body: { bookingId: sale.bookingId } }, usher)
    expect(rest.body.tickets.map(({ seat }) => seat)).toEqual(['A2', 'A4'])
    const nobody = await test.call(contract.checkIn, { body: { bookingId: sale.bookingId } }, usher)
    expect(nobody.problem).toMatchObject({ code: 'already_checked_in', remaining: 0 })
    const never = await test.call(contract.checkIn, { body: { bookingId: sale.bookingId, admit: 5 } }, usher)
    expect(never.problem).toMatchObject({ status: 400, code: 'validation_failed' })
  })

  it('leaves nobody half in: all that are asked for come in or none', async () => {
    const { test, screening, usher } = await openDoor(engine)
    const sale = await sellTickets(test, screening, { seats: ['A1', 'A2', 'A3'] })
    await test.call(contract.checkIn, { body: { ticketId: first(sale.tickets).id } }, usher)
    await test.call(contract.checkIn, { body: { bookingId: sale.bookingId, admit: 3 } }, usher)
    const used = await test.database.read.selectFrom('tickets').select('id').where('status', '=', 'used').execute()
    expect(used).toEqual([{ id: first(sale.tickets).id }])
  })
})

onBothEngines('who works the door', (engine) => {
  it("is the theatre's staff, its owner and admins; to others the ticket is not there", async () => {
    const { test, usher, stranger } = await openDoor(engine)
    const [owner, admin] = [await signIn(test, 'owner'), await signIn(test, 'admin')]
    const [otherOwner, customer] = [await signIn(test, 'owner'), await signIn(test, 'customer')]
    const screening = await makeScreening(test, { ownerId: owner.userId })
    const { tickets } = await sellTickets(test, screening, { seats: ['A1', 'A2'] })
    const scan = async (at: number, as?: { token: string }) =>
      (await test.call(contract.checkIn, { body: { ticketId: must(tickets[at], 'sold').id } }, as)).status
    expect(await scan(0, stranger)).toBe(404)
    expect(await scan(0, usher)).toBe(404)
    expect(await scan(0, otherOwner)).toBe(404)
    expect(await scan(0, customer)).toBe(403)
    expect(await scan(0)).toBe(401)
    expect(await scan(0, owner)).toBe(201)
    expect(await scan(1, admin)).toBe(201)
  })
})

onBothEngines('undoing a check-in', (engine) => {
  it('lets the ticket be used again, and keeps the record of both', async () => {
    const { test, screening, usher } = await openDoor(engine)
    const { tickets } = await sellTickets(test, screening)
    const { id: ticketId } = first(tickets)
    const scan = () => test.call(contract.checkIn, { body: { ticketId } }, usher)
    const undo = () => test.call(contract.undoCheckIn, { params: { ticketId } }, usher)
    expect((await undo()).status).toBe(204)
    expect((await scan()).status).toBe(201)
    expect((await undo()).status).toBe(204)
    expect((await undo()).status).toBe(204)
    expect((await scan()).status).toBe(201)
    const kept = await test.database.read.selectFrom('checkIns').select(['outcome', 'undoneBy']).orderBy('id').execute()
    expect(kept).toEqual([
      { outcome: 'admitted', undoneBy: usher.userId },
      { outcome: 'admitted', undoneBy: null },
    ])
  })

  it('is for those who work there', async () => {
    const { test, screening, usher, stranger } = await openDoor(engine)
    const { tickets } = await sellTickets(test, screening)
    const params = { ticketId: first(tickets).id }
    await test.call(contract.checkIn, { body: params }, usher)
    expect((await test.call(contract.undoCheckIn, { params }, stranger)).status).toBe(404)
    expect((await test.call(contract.undoCheckIn, { params: { ticketId: 'tkt_none' } }, usher)).status).toBe(404)
    expect((await test.call(contract.undoCheckIn, { params }, await signIn(test))).status).toBe(403)
  })
})
