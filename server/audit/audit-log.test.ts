import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import { listAuditLog } from '../../contract/administration.ts'
import { cancelBooking, createBooking, patchBooking } from '../../contract/bookings.ts'
import { createMovie, deleteMovie, updateMovie } from '../../contract/catalogue.ts'
import { checkIn, undoCheckIn } from '../../contract/door.ts'
import { blockSeats } from '../../contract/holds.ts'
import { createPayment, refundPayment } from '../../contract/payments.ts'
import { cancelShowtime, updateShowtime } from '../../contract/showtimes.ts'
import { updateUser } from '../../contract/users.ts'
import { inviteStaff, updateSettings, updateTheatre } from '../../contract/venues.ts'
import type { Database } from '../database/database.ts'
import { bookSeats, buySeats } from '../testing/buying.ts'
import { crowd } from '../testing/crowd.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import type { TestApp } from '../testing/harness.ts'
import { makeShowtime } from '../testing/showtimes.ts'
import type { MadeShowtime } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'
import type { SignedIn } from '../testing/sign-in.ts'
import { checkAuditChain } from './check-chain.ts'

const checkChain = async (database: Database) => await database.snapshot((query) => checkAuditChain({ query }))

onBothEngines('the audit log', (engine) => {
  let app: TestApp
  let admin: SignedIn
  let owner: SignedIn
  let made: MadeShowtime

  beforeAll(async () => {
    app = await startApp(engine, { environment: { MAX_HOLDS_PER_CLIENT: '0' } })
    admin = await signIn(app, 'admin')
    owner = await signIn(app, 'owner')
    made = await makeShowtime(app, { ownerId: owner.userId })
  })

  const log = async (query: object = {}, as = admin) => (await app.call(listAuditLog, { query }, as)).body.data
  const newest = async () => (await log({ limit: 1 }))[0]

  test('tells who changed what and when, before and after', async () => {
    const params = { id: made.theatreId }
    await app.call(updateTheatre, { params, body: { name: 'The Rialto' } }, owner)
    expect(await newest()).toMatchObject({
      at: '2026-11-21T12:00:00Z',
      actor: { userId: owner.userId, role: 'owner' },
      action: 'updateTheatre',
      subjectId: made.theatreId,
      theatreId: made.theatreId,
      request: { id: made.theatreId, body: { name: 'The Rialto' } },
      before: { name: 'Rialto', revision: 1 },
      after: { name: 'The Rialto', revision: 2 },
    })
    await app.call(updateSettings, { params, body: { refundUntilMinutes: 30 } }, owner)
    expect(await newest()).toMatchObject({ before: { settings: {} }, after: { settings: { refundUntilMinutes: 30 } } })
  })

  test('what came has no before, what went no after', async () => {
    const { body } = await app.call(createMovie, { body: { title: 'M', runtimeMinutes: 110 } }, owner)
    expect(await newest()).toMatchObject({
      action: 'createMovie',
      subjectId: body.id,
      before: null,
      after: { title: 'M' },
    })
    await app.call(updateMovie, { params: { id: body.id }, body: { title: 'M (1931)' } }, owner)
    expect(await newest()).toMatchObject({ before: { title: 'M' }, after: { title: 'M (1931)' } })
    await app.call(deleteMovie, { params: { id: body.id } }, owner)
    expect(await newest()).toMatchObject({ action: 'deleteMovie', before: { title: 'M (1931)' }, after: null })
  })

  test('every kind of act of the house is there, in its theatre', async () => {
    const { showtimeId } = made
    const customer = { name: 'Ada Example', email: 'ada@example.com' }
    const sale = await app.call(createBooking, { body: { showtimeId, seats: ['A1', 'A2'], customer } }, owner)
    const bookingId = sale.body.id
    const paid = { bookingId, provider: 'counter', tender: 'cash' }
    const payment = await app.call(createPayment, { body: paid }, owner)
    const money = { amount: 100, currency: 'GBP' }
    await app.call(refundPayment, { params: { id: payment.body.id }, body: { amount: money } }, owner)
    await app.call(patchBooking, { params: { id: bookingId }, body: { notes: 'by the aisle' } }, owner)
    const ticketId = sale.body.tickets[0]?.id
    await app.call(checkIn, { body: { ticketId, showtimeId } }, owner)
    await app.call(undoCheckIn, { params: { ticketId } }, owner)
    await app.call(blockSeats, { params: { id: showtimeId }, body: { seats: ['E8'] } }, owner)
    await app.call(inviteStaff, { params: { id: made.theatreId }, body: { email: 'new@example.com' } }, owner)
    await app.call(updateShowtime, { params: { id: showtimeId }, body: { salesPaused: true } }, owner)
    await app.call(cancelBooking, { params: { id: bookingId }, body: {} }, owner)
    await app.call(cancelShowtime, { params: { id: showtimeId }, body: { reason: 'no heating' } }, owner)
    const entries = await log({ limit: 11 }, owner)
    const acts = entries.map(({ action, subjectId }) => [action, subjectId])
    expect(acts.toReversed()).toEqual([
      ['createBooking', bookingId],
      ['createPayment', payment.body.id],
      ['refundPayment', payment.body.id],
      ['patchBooking', bookingId],
      ['checkIn', ticketId],
      ['undoCheckIn', ticketId],
      ['blockSeats', showtimeId],
      ['inviteStaff', made.theatreId],
      ['updateShowtime', showtimeId],
      ['cancelBooking', bookingId],
      ['cancelShowtime', showtimeId],
    ])
    expect(new Set(entries.map(({ theatreId }) => theatreId))).toEqual(new Set([made.theatreId]))
    expect(entries[8]).toMatchObject({
      before: { refunded: 0 },
      after: { refunded: 100, status: 'partially_refunded' },
    })
    const text = JSON.stringify(entries)
    for (const personal of ['Ada Example', 'ada@example.com', 'new@example.com']) expect(text).not.toContain(personal)
  })

  test('an administrator’s acts on accounts are there, without anything that opens one', async () => {
    const person = await signIn(app, 'customer')
    await app.call(updateUser, { params: { id: person.userId }, body: { role: 'staff' } }, admin)
    expect(await newest()).toMatchObject({
      action: 'updateUser',
      subjectId: person.userId,
      before: { role: 'customer' },
      after: { role: 'staff' },
    })
    expect(JSON.stringify(await newest())).not.toMatch(/argon2|passwordHash/)
  })

  test('what customers do, what is refused and what is only repeated is not there', async () => {
    const { showtimeId, theatreId } = await makeShowtime(app, { ownerId: owner.userId })
    const before = (await log({ limit: 100 })).length
    await buySeats(app, showtimeId, ['A1'])
    await app.call(updateTheatre, { params: { id: theatreId }, body: { name: '' } }, owner)
    await app.call(blockSeats, { params: { id: showtimeId }, body: { seats: ['A1'] } }, owner)
    expect(await log({ limit: 100 })).toHaveLength(before)
    const keyed = { ...owner, headers: { 'idempotency-key': 'once' } }
    const body = { title: 'Once', runtimeMinutes: 90 }
    await app.call(createMovie, { body }, keyed)
    await app.call(createMovie, { body }, keyed)
    expect(await log({ limit: 100 })).toHaveLength(before + 1)
  })

  test('owners read what was done in their theatres; filters and pages hold', async () => {
    const stranger = await signIn(app, 'owner')
    expect(await log({}, stranger)).toEqual([])
    expect((await app.call(listAuditLog, { query: { theatreId: made.theatreId } }, stranger)).status).toBe(403)
    expect((await app.call(listAuditLog, {}, await signIn(app, 'staff'))).status).toBe(403)
    expect(await log({ action: 'cancelShowtime', subjectId: made.showtimeId, actorId: owner.userId })).toHaveLength(1)
    expect(await log({ to: '2026-11-20' })).toEqual([])
    const ids: number[] = []
    for (let cursor: string | null | undefined; cursor !== null;) {
      const { body } = await app.call(listAuditLog, { query: { limit: 3, cursor } }, admin)
      ids.push(...body.data.map(({ id }) => Number(id)))
      cursor = body.nextCursor
    }
    expect(ids).toEqual(ids.map((_id, at) => ids.length - at))
  })

  test('many acts at once make one chain', async () => {
    await crowd(20, async (index) => {
      const body = { title: `Film ${index}`, runtimeMinutes: 90 }
      return await app.call(createMovie, { body }, index % 2 === 0 ? admin : owner)
    })
    const finding = await checkChain(app.database)
    expect(finding.violations).toEqual([])
    expect(finding.rows).toBeGreaterThan(30)
  })

  test('nobody changes or removes an entry, and whoever does it with the database’s own means is found out', async () => {
    const run = async (statement: string) => await app.database.write(({ query }) => sql.raw(statement).execute(query))
    await expect(run("UPDATE audit_log SET actor_id = 'usr_somebody' WHERE sequence = 2")).rejects.toThrow(
      'append only',
    )
    await expect(run('DELETE FROM audit_log WHERE sequence = 2')).rejects.toThrow('append only')
    for (const name of engine === 'sqlite' ? ['no_update', 'no_delete'] : ['no_change']) {
      await run(`DROP TRIGGER audit_log_${name}${engine === 'postgres' ? ' ON audit_log' : ''}`)
    }
    await run("UPDATE audit_log SET actor_id = 'usr_somebody' WHERE sequence = 2")
    expect((await checkChain(app.database)).violations).toEqual(['Entry 2 of the audit log was changed'])
    await run('DELETE FROM audit_log WHERE sequence = 2')
    expect((await checkChain(app.database)).violations).toEqual(['Before entry 3 of the audit log some are missing'])
  })

  test('a booking that is not paid yet is told of too', async () => {
    const { showtimeId } = await makeShowtime(app, { ownerId: owner.userId })
    const booking = await bookSeats(app, showtimeId, ['B1'], { as: owner })
    expect(await newest()).toMatchObject({ action: 'createBooking', subjectId: booking.id })
  })
})
