import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { cancelBooking } from '../../contract/bookings.ts'
import * as contract from '../../contract/door.ts'
import { lockTickets } from '../bookings/store.ts'
import type { Database } from '../database/database.ts'
import { must } from '../platform/assert.ts'
import { openDoor } from '../testing/door.ts'
import { onBothEngines } from '../testing/harness.ts'
import { sellTickets } from '../testing/screening.ts'
import { signIn } from '../testing/sign-in.ts'

/** Whether somebody waits in this database for what somebody else has locked (PostgreSQL). */
async function isAnybodyWaiting({ read }: Database): Promise<boolean> {
  const { rows } = await sql`SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'`.execute(read)
  return rows.length > 0
}

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
  it('a ticket that is being cancelled lets nobody in, however long that takes', async () => {
    const { test, screening, usher } = await openDoor(engine)
    const { database } = test
    const { bookingId, tickets } = await sellTickets(test, screening)
    const body = { ticketId: tickets[0]?.id }
    const scanned = await database.write(async (tx) => {
      await lockTickets(tx, bookingId)
      const scan = test.call(contract.checkIn, { body }, usher)
      let isSettled = false
      void scan.finally(() => (isSettled = true))
      // SQLite has one writer: there the scan waits for its turn.
      while (engine === 'postgres' && !isSettled && !(await isAnybodyWaiting(database))) continue
      await tx.query.updateTable('tickets').set({ status: 'void', voidedAt: tx.nowMs }).execute()
      return { scan }
    })
    expect((await scanned.scan).problem).toMatchObject({ status: 409, code: 'booking_cancelled' })
    expect(await database.read.selectFrom('checkIns').select('id').execute()).toEqual([])
  })

  it('a scan against a cancellation: let in or given back, never both', async () => {
    const { test, screening, usher } = await openDoor(engine)
    const admin = await signIn(test, 'admin')
    const sales = []
    for (const seat of ['A1', 'A2', 'A3', 'A4', 'A5', 'A6', 'A7', 'A8']) {
      sales.push(await sellTickets(test, screening, { seats: [seat] }))
    }
    const answers = await Promise.all(
      sales.flatMap(({ bookingId, tickets }) => [
        test.call(cancelBooking, { params: { id: bookingId }, body: {} }, admin),
        test.call(contract.checkIn, { body: { ticketId: tickets[0]?.id } }, usher),
      ]),
    )
    for (const [at] of sales.entries()) {
      const both = answers.slice(2 * at, 2 * at + 2).map(({ status }) => status < 300)
      expect(both.filter(Boolean)).toHaveLength(1)
    }
  })
})
