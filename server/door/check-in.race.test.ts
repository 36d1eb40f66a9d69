import { expect, it } from 'vitest'
import * as contract from '../../contract/door.ts'
import { must } from '../platform/assert.ts'
import { openDoor } from '../testing/door.ts'
import { onBothEngines } from '../testing/harness.ts'
import { sellTickets } from '../testing/screening.ts'

const times = (count: number) => Array.from({ length: count })

onBothEngines('two doors at once', (engine) => {
  it('one of twenty scans of a ticket lets it in, the others hear when that was', async () => {
    const { test, screening, usher, codeOf } = await openDoor(engine)
    const { tickets } = await sellTickets(test, screening)
    const code = await codeOf(must(tickets[0], 'sold'))
    const answers = await Promise.all(times(20).map(() => test.call(contract.checkIn, { body: { code } }, usher)))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    for (const { status, raw } of answers) {
      if (status === 201) continue
      expect(raw.json()).toMatchObject({ code: 'already_checked_in', checkedInAt: '2026-11-21T12:00:00Z' })
    }
    const admissions = await test.database.read.selectFrom('checkIns').selectAll().execute()
    expect(admissions).toHaveLength(1)
  })

  it('a party of four comes in four times, however many scan its booking', async () => {
    const { test, screening, usher } = await openDoor(engine)
    const sale = await sellTickets(test, screening, { seats: ['A1', 'A2', 'A3', 'A4'] })
    const body = { bookingId: sale.bookingId, admit: 1 }
    const answers = await Promise.all(times(20).map(() => test.call(contract.checkIn, { body }, usher)))
    const admitted = answers.flatMap((answer) => (answer.status === 201 ? answer.body.tickets.map(({ id }) => id) : []))
    expect(new Set(admitted)).toEqual(new Set(sale.tickets.map(({ id }) => id)))
    expect(admitted).toHaveLength(4)
    for (const { status } of answers) expect([201, 409]).toContain(status)
  })

  it('a party that is scanned whole at several doors comes in once', async () => {
    const { test, screening, usher } = await openDoor(engine)
    const sale = await sellTickets(test, screening, { seats: ['A1', 'A2', 'A3', 'A4'] })
    const body = { bookingId: sale.bookingId }
    const answers = await Promise.all(times(10).map(() => test.call(contract.checkIn, { body }, usher)))
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
      201,
      ...times(9).map(() => 409),
    ])
  })

  it('a scan against its undoing leaves a ticket in or out, never both', async () => {
    const { test, screening, usher } = await openDoor(engine)
    const { tickets } = await sellTickets(test, screening)
    const { id: ticketId } = must(tickets[0], 'sold')
    await Promise.all(
      times(20).map(async (_, at) =>
        at % 2 === 0
          ? await test.call(contract.checkIn, { body: { ticketId } }, usher)
          : await test.call(contract.undoCheckIn, { params: { ticketId } }, usher),
      ),
    )
    const ticket = await test.database.read.selectFrom('tickets').select('status').executeTakeFirstOrThrow()
    const open = await test.database.read.selectFrom('checkIns').select('id').where('undoneAt', 'is', null).execute()
    expect(open).toHaveLength(ticket.status === 'used' ? 1 : 0)
  })
})
