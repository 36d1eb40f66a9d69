import { expect, it } from 'vitest'
import * as contract from '../../contract/door.ts'
import { must } from '../platform/assert.ts'
import { openDoor } from '../testing/door.ts'
import type { OpenDoor } from '../testing/door.ts'
import { onBothEngines } from '../testing/harness.ts'
import { makeScreening, sellTickets } from '../testing/screening.ts'

const at = '2026-11-21T11:50:00Z'

async function soldCodes({ test, screening, codeOf }: OpenDoor, seats: readonly string[]) {
  const sale = await sellTickets(test, screening, { seats })
  return { ...sale, codes: await Promise.all(sale.tickets.map(codeOf)) }
}

onBothEngines('scans made without network', (engine) => {
  it('count once, however often they are reported', async () => {
    const door = await openDoor(engine)
    const { test, usher } = door
    test.clock.advance(3_600_000)
    const { codes, tickets } = await soldCodes(door, ['A1', 'A2'])
    test.clock.advance(3_600_000)
    const scans = codes.map((code, index) => ({ id: `scan-${index}`, code, at: '2026-11-21T13:30:00Z' }))
    const reports = [1, 2, 3].map(() => ({ body: { scans } }))
    const answers = []
    for (const report of reports) answers.push((await test.call(contract.reportScans, report, usher)).body)
    expect(answers[0]).toEqual({
      accepted: tickets.map(({ id, seatId }, index) => ({
        id: `scan-${index}`,
        ticketId: id,
        seat: seatId,
        checkedInAt: '2026-11-21T13:30:00Z',
      })),
      conflicts: [],
    })
    expect(answers[1]).toEqual(answers[0])
    expect(answers[2]).toEqual(answers[0])
    expect(await test.database.read.selectFrom('checkIns').selectAll().execute()).toHaveLength(2)
  })

  it('list what a live scan would have refused, each with its reason', async () => {
    const door = await openDoor(engine)
    const { test, screening, usher, codeOf } = door
    const { codes, tickets } = await soldCodes(door, ['A1', 'A2', 'A3'])
    const cancelled = await sellTickets(test, screening, { status: 'cancelled', seats: ['A4'] })
    const foreign = await sellTickets(test, await makeScreening(test), { seats: ['A1'] })
    await test.call(contract.checkIn, { body: { ticketId: must(tickets[0], 'sold').id } }, usher)
    await test.database.write(({ query }) =>
      query.updateTable('tickets').set({ codeRevision: 2 }).where('id', '=', must(tickets[1], 'sold').id).execute(),
    )
    const scans = [
      { id: 'used', code: must(codes[0], 'sold'), at },
      { id: 'replaced', code: must(codes[1], 'sold'), at },
      { id: 'good', code: must(codes[2], 'sold'), at },
      { id: 'twice', code: must(codes[2], 'sold'), at },
      { id: 'cancelled', code: await codeOf(must(cancelled.tickets[0], 'sold')), at },
      { id: 'foreign', code: await codeOf(must(foreign.tickets[0], 'sold')), at },
      { id: 'forged', code: 'FORGED', at },
    ]
    const report = async () => (await test.call(contract.reportScans, { body: { scans } }, usher)).body
    const told = await report()
    expect(told.accepted.map(({ id }) => id)).toEqual(['good'])
    expect(told.conflicts.map(({ id, code }) => [id, code])).toEqual([
      ['used', 'already_checked_in'],
      ['replaced', 'invalid_code'],
      ['twice', 'already_checked_in'],
      ['cancelled', 'booking_cancelled'],
      ['foreign', 'not_found'],
      ['forged', 'invalid_code'],
    ])
    expect(told.conflicts[0]).toMatchObject({ seat: 'A1', checkedInAt: '2026-11-21T12:00:00Z' })
    const again = await report()
    expect(again.accepted).toEqual(told.accepted)
    expect(again.conflicts.map(({ id, code }) => [id, code])).toEqual(told.conflicts.map(({ id, code }) => [id, code]))
  })

  it('name the rest of a party by its tickets; another house’s ticket is as good as none', async () => {
    const door = await openDoor(engine)
    const { test, usher } = door
    const { codes, tickets } = await soldCodes(door, ['A1', 'A2'])
    const foreign = await sellTickets(test, await makeScreening(test), { seats: ['A1'] })
    const party = must(tickets[1], 'sold').id
    const scans = [
      { id: 'first', code: must(codes[0], 'sold'), at },
      { id: 'party', ticketId: party, at },
      { id: 'again', ticketId: party, at },
      { id: 'foreign', ticketId: must(foreign.tickets[0], 'sold').id, at },
    ]
    const { body } = await test.call(contract.reportScans, { body: { scans } }, usher)
    expect(body.accepted.map(({ id, ticketId }) => [id, ticketId])).toEqual([
      ['first', must(tickets[0], 'sold').id],
      ['party', party],
    ])
    expect(body.conflicts.map(({ id, code, ticketId }) => [id, code, ticketId])).toEqual([
      ['again', 'already_checked_in', party],
      ['foreign', 'not_found', null],
    ])
    expect((await test.call(contract.reportScans, { body: { scans } }, usher)).body).toEqual(body)
  })

  it('name their ticket once', async () => {
    const { test, usher } = await openDoor(engine)
    const scans = [
      { id: 'twice', code: 'X', ticketId: 'tkt_0000000000000000', at },
      { id: 'never', at },
    ]
    const refused = await test.call(contract.reportScans, { body: { scans } }, usher)
    expect(refused.problem).toMatchObject({ status: 400, errors: [{ path: '/scans/0' }, { path: '/scans/1' }] })
  })

  it('do not undo an undoing when they are reported again', async () => {
    const door = await openDoor(engine)
    const { test, usher } = door
    const { codes, tickets } = await soldCodes(door, ['A1'])
    const body = { scans: [{ id: 's1', code: must(codes[0], 'sold'), at }] }
    await test.call(contract.reportScans, { body }, usher)
    await test.call(contract.undoCheckIn, { params: { ticketId: must(tickets[0], 'sold').id } }, usher)
    await test.call(contract.reportScans, { body }, usher)
    const ticket = await test.database.read.selectFrom('tickets').select('status').executeTakeFirstOrThrow()
    expect(ticket.status).toBe('valid')
  })

  it('are never kept before the sale nor after now, whatever the device believes', async () => {
    const door = await openDoor(engine)
    const { test, usher } = door
    const { codes } = await soldCodes(door, ['A1', 'A2'])
    test.clock.advance(60_000)
    const scans = [
      { id: 'past', code: must(codes[0], 'sold'), at: '1970-01-01T00:00:00Z' },
      { id: 'future', code: must(codes[1], 'sold'), at: '2099-01-01T00:00:00Z' },
    ]
    const { body } = await test.call(contract.reportScans, { body: { scans } }, usher)
    expect(body.accepted.map(({ checkedInAt }) => checkedInAt)).toEqual([
      '2026-11-21T12:00:00Z',
      '2026-11-21T12:01:00Z',
    ])
  })

  it('let one of many phones win a ticket', async () => {
    const door = await openDoor(engine)
    const { test, usher } = door
    const { codes } = await soldCodes(door, ['A1', 'A2', 'A3', 'A4', 'A5'])
    const answers = await Promise.all(
      [1, 2, 3, 4, 5, 6, 7, 8].map((phone) => {
        const scans = codes.map((code, index) => ({ id: `${phone}-${index}`, code, at }))
        if (phone % 2 === 0) scans.reverse()
        return test.call(contract.reportScans, { body: { scans } }, usher)
      }),
    )
    expect(answers.flatMap(({ body }) => body.accepted)).toHaveLength(5)
    expect(answers.flatMap(({ body }) => body.conflicts)).toHaveLength(35)
  })

  it('are refused as a whole when a time cannot be read, or too many come at once', async () => {
    const { test, usher } = await openDoor(engine)
    const bad = { scans: [{ id: 'a', code: 'X', at: 'yesterday' }] }
    const refused = await test.call(contract.reportScans, { body: bad }, usher)
    expect(refused.problem).toMatchObject({ status: 400, errors: [{ path: '/scans/0/at' }] })
    const many = { scans: Array.from({ length: 501 }, (_, index) => ({ id: `${index}`, code: 'X', at })) }
    expect((await test.call(contract.reportScans, { body: many }, usher)).status).toBe(400)
    expect((await test.call(contract.reportScans, { body: { scans: [] } }, usher)).status).toBe(400)
  })

  it('are taken in five hundred at a time', async () => {
    const door = await openDoor(engine)
    const { test, usher } = door
    const { codes } = await soldCodes(
      door,
      Array.from({ length: 500 }, (_, index) => `A${index}`),
    )
    const scans = codes.map((code, index) => ({ id: `${index}`, code, at }))
    const { body } = await test.call(contract.reportScans, { body: { scans } }, usher)
    expect(body.accepted).toHaveLength(500)
  })
})
