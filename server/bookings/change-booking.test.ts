import { expect, it } from 'vitest'
import * as bookings from '../../contract/bookings.ts'
import { getDoorPack } from '../../contract/door.ts'
import * as holds from '../../contract/holds.ts'
import { cancelShowtime, getShowtime, moveShowtime } from '../../contract/showtimes.ts'
import type { Engine } from '../database/database.ts'
import { bookSeats, buySeats, holdSeats, readBooking } from '../testing/buying.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import type { TestApp } from '../testing/harness.ts'
import { auditProblems } from '../testing/ledger-check.ts'
import { laterShowtime, makeShowtime, plainLayout } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'

async function stage(engine: Engine) {
  const test = await startApp(engine, { environment: { MAX_HOLDS_PER_CLIENT: '0' } })
  const made = await makeShowtime(test)
  const admin = await signIn(test, 'admin')
  return { test, made, admin }
}

async function countsOf(test: TestApp, showtimeId: string) {
  return (await test.call(holds.readSeatMap, { params: { id: showtimeId } })).body.counts
}

onBothEngines('changing a booking', (engine) => {
  it('exchanges it for another showtime: new seats, old ones free, the difference settled, old codes dead', async () => {
    const { test, made, admin } = await stage(engine)
    const cheaper = await laterShowtime(test, made, 1000)
    const booking = await buySeats(test, made.showtimeId, ['A1', 'A2'])
    const as = { accessToken: booking.accessToken }
    const exchange = (showtimeId: string, seats: string[]) =>
      test.call(bookings.exchangeBooking, { params: { id: booking.id }, body: { showtimeId, seats } }, as)
    await holdSeats(test, cheaper, ['B1'])
    expect((await exchange(cheaper, ['B1', 'B2'])).problem).toMatchObject({ code: 'seats_unavailable', seats: ['B1'] })
    expect((await exchange(cheaper, ['B2'])).status).toBe(400)
    const moved = await exchange(cheaper, ['B2', 'B3'])
    expect(moved.body).toMatchObject({
      status: 'confirmed',
      showtimeId: cheaper,
      total: { amount: 2000 },
      paid: { amount: 2500 },
      refunded: { amount: 500 },
    })
    expect(moved.body.tickets.map(({ seat }) => seat)).toEqual(['B2', 'B3'])
    expect(moved.body.tickets[0]?.code).not.toBe(booking.tickets[0]?.code)
    expect((await countsOf(test, made.showtimeId)).available).toBe(40)
    expect(await countsOf(test, cheaper)).toMatchObject({ booked: 2, held: 1 })
    const left = await test.call(getDoorPack, { params: { id: made.showtimeId } }, admin)
    expect(left.body.revoked).toEqual(booking.tickets.map(({ id }) => id))
    const back = await exchange(made.showtimeId, ['C1', 'C2'])
    expect(back.body).toMatchObject({ total: { amount: 2500 }, paid: { amount: 3000 }, refunded: { amount: 500 } })
    await test.app.house.outbox.runOnce()
    expect((await readBooking(test, booking)).payments.map(({ status }) => status)).toEqual([
      'partially_refunded',
      'succeeded',
    ])
  })

  it('exchanges what is left of a booking; the ticket that was cancelled before stays where it was', async () => {
    const { test, made } = await stage(engine)
    const later = await laterShowtime(test, made, 1500)
    const booking = await buySeats(test, made.showtimeId, ['A1', 'A2'])
    const [as, params] = [{ accessToken: booking.accessToken }, { id: booking.id }]
    await test.call(bookings.cancelBooking, { params, body: { tickets: [booking.tickets[0]?.id] } }, as)
    const body = { showtimeId: later, seats: ['C1'] }
    const exchanged = (await test.call(bookings.exchangeBooking, { params, body }, as)).body
    expect(exchanged).toMatchObject({ status: 'confirmed', showtimeId: later })
    expect(exchanged.tickets.map(({ seat, status }) => [seat, status])).toEqual([
      ['A1', 'void'],
      ['C1', 'valid'],
    ])
    expect(await auditProblems(test.database, test.clock.now())).toEqual([])
  })

  it('rehearses an exchange and a cancellation: what it would cost or give back, and nothing has happened', async () => {
    const { test, made } = await stage(engine)
    const cheaper = await laterShowtime(test, made, 1000)
    const booking = await buySeats(test, made.showtimeId, ['A1', 'A2'])
    const as = { accessToken: booking.accessToken, headers: { 'idempotency-key': 'once' } }
    const exchange = (dryRun: boolean, seats: string[]) =>
      test.call(
        bookings.exchangeBooking,
        { params: { id: booking.id }, body: { showtimeId: cheaper, seats, dryRun } },
        as,
      )
    const rehearsed = await exchange(true, ['B2', 'B3'])
    expect(rehearsed.body).toMatchObject({ total: { amount: 2000 }, paid: { amount: 2500 }, refunded: { amount: 500 } })
    expect(rehearsed.body.tickets.map(({ seat, code, qrUrl }) => [seat, code, qrUrl])).toEqual([
      ['B2', undefined, undefined],
      ['B3', undefined, undefined],
    ])
    await holdSeats(test, cheaper, ['B1'])
    expect((await exchange(true, ['B1', 'B2'])).problem).toMatchObject({ code: 'seats_unavailable', seats: ['B1'] })
    const cancel = (dryRun: boolean) => {
      const tickets = booking.tickets.slice(0, 1).map(({ id }) => id)
      return test.call(bookings.cancelBooking, { params: { id: booking.id }, body: { tickets, dryRun } }, as)
    }
    expect((await cancel(true)).body).toMatchObject({ status: 'confirmed', refunded: { amount: 1250 } })
    expect(await readBooking(test, booking)).toEqual(booking)
    expect(await countsOf(test, cheaper)).toMatchObject({ booked: 0, held: 1 })
    expect((await countsOf(test, made.showtimeId)).booked).toBe(2)
    // A rehearsal uses no key up and says exactly what the deed then does.
    const done = await exchange(false, ['B2', 'B3'])
    expect(done.body).toMatchObject({ paid: rehearsed.body.paid, refunded: rehearsed.body.refunded })
  })

  it('exchanges nothing for a showtime in another theatre: the money stays where it was taken', async () => {
    const { test, made } = await stage(engine)
    const foreign = await makeShowtime(test, { ownerId: (await signIn(test, 'owner')).userId })
    await test.database.write(({ query }) =>
      query.updateTable('showtimes').set({ movieId: made.movieId }).where('id', '=', foreign.showtimeId).execute(),
    )
    const booking = await buySeats(test, made.showtimeId, ['A1'])
    const input = { params: { id: booking.id }, body: { showtimeId: foreign.showtimeId, seats: ['B1'] } }
    const refused = await test.call(bookings.exchangeBooking, input, { accessToken: booking.accessToken })
    expect(refused.problem).toMatchObject({ status: 400, errors: [{ path: '/showtimeId' }] })
    expect((await countsOf(test, foreign.showtimeId)).available).toBe(40)
    expect(await readBooking(test, booking)).toEqual(booking)
  })

  it('seats people elsewhere, or lets two change places, all or none', async () => {
    const { test, made, admin } = await stage(engine)
    const booking = await buySeats(test, made.showtimeId, ['A1', 'A2'])
    await buySeats(test, made.showtimeId, ['A3'])
    const change = (moves: object[], as: object = admin) =>
      test.call(bookings.changeSeats, { params: { id: booking.id }, body: { moves } }, as)
    expect((await change([{ from: 'A1', to: 'A3' }])).problem).toMatchObject({
      code: 'seats_unavailable',
      seats: ['A3'],
    })
    expect((await change([{ from: 'A1', to: 'B1' }], { accessToken: booking.accessToken })).status).toBe(401)
    const swapped = await change([
      { from: 'A1', to: 'A2' },
      { from: 'A2', to: 'A1' },
    ])
    expect(swapped.body.tickets.map(({ seat }) => seat)).toEqual(['A2', 'A1'])
    const moved = await change([{ from: 'A1', to: 'C5' }])
    expect(moved.body.tickets.map(({ seat }) => seat)).toEqual(['A2', 'C5'])
    expect(await countsOf(test, made.showtimeId)).toMatchObject({ booked: 3, available: 37 })
  })

  it('corrects the customer and keeps notes for the house alone', async () => {
    const { test, made, admin } = await stage(engine)
    const booking = await buySeats(test, made.showtimeId, ['A1'])
    const body = { customer: { email: 'ada.right@example.com' }, notes: 'Sat in the wrong row' }
    const patched = await test.call(bookings.patchBooking, { params: { id: booking.id }, body }, admin)
    expect(patched.body).toMatchObject({ customer: { email: 'ada.right@example.com' }, notes: 'Sat in the wrong row' })
    expect((await readBooking(test, booking)).notes).toBeUndefined()
    const found = await test.call(bookings.lookUpBooking, {
      body: { reference: booking.reference.toLowerCase(), email: 'Ada.Right@example.com' },
    })
    expect(found.body.accessToken).toBe(booking.accessToken)
    const wrong = { body: { reference: booking.reference, email: 'eve@example.com' } }
    expect((await test.call(bookings.lookUpBooking, wrong)).status).toBe(404)
  })

  it('mails the tickets again five times an hour, and no more', async () => {
    const { test, made, admin } = await stage(engine)
    const booking = await buySeats(test, made.showtimeId, ['A1'])
    const resend = async (as: object) =>
      (await test.call(bookings.resendBooking, { params: { id: booking.id } }, as)).status
    for (let sent = 0; sent < 5; sent += 1) expect(await resend({ accessToken: booking.accessToken })).toBe(202)
    expect(await resend({ accessToken: booking.accessToken })).toBe(429)
    expect(await resend(admin)).toBe(429)
    test.clock.advance(12 * 60_000)
    expect(await resend(admin)).toBe(202)
  })

  it('ends every booking of a cancelled showtime and gives all the money back, in one step', async () => {
    const { test, made, admin } = await stage(engine)
    const paid = await buySeats(test, made.showtimeId, ['A1', 'A2'])
    const pending = await bookSeats(test, made.showtimeId, ['B1'])
    await holdSeats(test, made.showtimeId, ['C1'])
    const cancel = () =>
      test.call(cancelShowtime, { params: { id: made.showtimeId }, body: { reason: 'The projector broke' } }, admin)
    expect((await cancel()).body).toEqual({ refundsStarted: 1, dueAtCounter: 0 })
    expect(await readBooking(test, paid)).toMatchObject({ status: 'cancelled', refunded: { amount: 2500 } })
    expect((await readBooking(test, pending)).status).toBe('cancelled')
    expect((await countsOf(test, made.showtimeId)).available).toBe(40)
    expect((await cancel()).problem.code).toBe('showtime_cancelled')
    const late = await test.call(holds.placeHold, { params: { id: made.showtimeId }, body: { seats: ['A1'] } })
    expect(late.problem.code).toBe('showtime_cancelled')
  })

  it('moves a showtime to another hall: equal seats stay, parties sit together, a dry run changes nothing', async () => {
    const { test, made, admin } = await stage(engine)
    const other = await makeShowtime(test, { layout: plainLayout(3, 6), startsInMs: 240 * 3600_000 })
    const { showtimeId } = made
    await test.database.write(async (tx) => {
      await tx.query
        .updateTable('auditoriums')
        .set({ theatreId: made.theatreId })
        .where('id', '=', other.auditoriumId)
        .execute()
    })
    const stays = await buySeats(test, showtimeId, ['A1', 'A2'])
    const moves = await buySeats(test, showtimeId, ['E7', 'E8'])
    const move = (dryRun: boolean) =>
      test.call(moveShowtime, { params: { id: showtimeId }, body: { auditoriumId: other.auditoriumId, dryRun } }, admin)
    const plan = await move(true)
    expect(plan.body.withoutEqualSeat).toEqual([])
    expect(plan.body.moves.map(({ from }) => from).toSorted()).toEqual(['E7', 'E8'])
    expect((await readBooking(test, moves)).tickets.map(({ seat }) => seat)).toEqual(['E7', 'E8'])
    const gone = await holdSeats(test, showtimeId, ['E1'])
    expect((await move(false)).body.moves).toEqual(plan.body.moves)
    const released = await test.call(holds.readHold, { params: { id: gone.id } }, { accessToken: gone.token })
    expect(released.status).toBe(404)
    const { holdId } = await test.database.read
      .selectFrom('bookings')
      .select('holdId')
      .where('id', '=', moves.id)
      .executeTakeFirstOrThrow()
    const booked = await test.call(holds.readHold, { params: { id: holdId } }, admin)
    expect(booked.body).toMatchObject({ seats: ['E7', 'E8'], bookingId: moves.id })
    expect((await readBooking(test, stays)).tickets.map(({ seat }) => seat)).toEqual(['A1', 'A2'])
    const seated = (await readBooking(test, moves)).tickets.map(({ seat }) => seat)
    expect(new Set(seated)).toEqual(new Set(plan.body.moves.map(({ to }) => to)))
    expect(await countsOf(test, showtimeId)).toEqual({ available: 14, held: 0, booked: 4, blocked: 0 })
  })

  it('moves a showtime to another hall and time at once: the guests keep seats, hear of the time, and may cancel for free', async () => {
    const { test, made, admin } = await stage(engine)
    const other = await makeShowtime(test, { beside: made, startsInMs: 96 * 3600_000 })
    const { showtimeId } = made
    const booking = await buySeats(test, showtimeId, ['A1', 'A2'])
    const params = { id: showtimeId }
    const before = (await test.call(getShowtime, { params })).body
    const later = (minutes: number) => new Date(Date.parse(before.startsAt) + minutes * 60_000).toISOString()
    const move = (startsAt: string, dryRun = false) =>
      test.call(moveShowtime, { params, body: { auditoriumId: other.auditoriumId, startsAt, dryRun } }, admin)
    const taken = (await test.call(getShowtime, { params: { id: other.showtimeId } })).body.startsAt
    expect((await move(taken)).problem.code).toBe('showtime_overlap')
    expect((await move('2026-02-30T10:00')).problem.code).toBe('validation_failed')
    expect((await move(later(90), true)).body).toMatchObject({ dryRun: true, moves: [], withoutEqualSeat: [] })
    expect((await test.call(getShowtime, { params })).body).toEqual(before)
    expect((await move(later(90))).status).toBe(200)
    const after = (await test.call(getShowtime, { params })).body
    const lasts = (showtime: typeof before) => Date.parse(showtime.endsAt) - Date.parse(showtime.startsAt)
    expect(after).toMatchObject({ auditoriumId: other.auditoriumId, availableSeats: before.capacity - 2 })
    expect(Date.parse(after.startsAt) - Date.parse(before.startsAt)).toBe(90 * 60_000)
    expect(lasts(after)).toBe(lasts(before))
    expect((await readBooking(test, booking)).tickets.map(({ seat }) => seat)).toEqual(['A1', 'A2'])
    const told = await test.database.read
      .selectFrom('outbox')
      .select(['kind'])
      .where('kind', 'like', 'showtime%')
      .execute()
    expect(told.map(({ kind }) => kind)).toEqual(['showtime_changed'])
    const row = await test.database.read
      .selectFrom('showtimes')
      .select('rescheduledAt')
      .where('id', '=', showtimeId)
      .executeTakeFirstOrThrow()
    expect(row.rescheduledAt).toBe(test.clock.now())
  })
})
