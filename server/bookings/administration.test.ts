import { beforeAll, describe, expect, test } from 'vitest'
import { listAllBookings, listAllPayments, readBookingStory } from '../../contract/administration.ts'
import { listBookings } from '../../contract/bookings.ts'
import { checkIn } from '../../contract/door.ts'
import { refundPayment } from '../../contract/payments.ts'
import { bookSeats, buySeats } from '../testing/buying.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import type { TestApp } from '../testing/harness.ts'
import { makeShowtime } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'
import type { SignedIn } from '../testing/sign-in.ts'

onBothEngines('what managers read', (engine) => {
  let app: TestApp
  let admin: SignedIn
  let owner: SignedIn
  let stranger: SignedIn
  let showtime: { showtimeId: string; theatreId: string }
  let elsewhere: { showtimeId: string; theatreId: string }

  beforeAll(async () => {
    app = await startApp(engine, { environment: { MAX_HOLDS_PER_CLIENT: '0' } })
    admin = await signIn(app, 'admin')
    owner = await signIn(app, 'owner')
    stranger = await signIn(app, 'owner')
    showtime = await makeShowtime(app, { ownerId: owner.userId })
    elsewhere = await makeShowtime(app, { ownerId: stranger.userId })
  })

  describe('bookings', () => {
    test('an owner sees those of its theatres alone, an administrator all', async () => {
      const mine = await buySeats(app, showtime.showtimeId, ['A1'])
      const theirs = await buySeats(app, elsewhere.showtimeId, ['A1'])
      const ids = async (as: SignedIn, query = {}) =>
        (await app.call(listAllBookings, { query }, as)).body.data.map(({ id }) => id)
      expect(await ids(owner)).toEqual([mine.id])
      expect(await ids(admin)).toEqual([theirs.id, mine.id])
      expect(await ids(admin, { theatreId: showtime.theatreId })).toEqual([mine.id])
      expect(await ids(admin, { showtimeId: elsewhere.showtimeId, status: 'confirmed' })).toEqual([theirs.id])
      expect(await ids(admin, { q: mine.reference.toLowerCase() })).toEqual([mine.id])
      expect(await ids(admin, { userId: owner.userId })).toEqual([])
    })

    test('another’s theatre is 403, one that is not there 404, and staff and customers have no business here', async () => {
      const ask = async (as: SignedIn, theatreId: string) =>
        (await app.call(listAllBookings, { query: { theatreId } }, as)).status
      expect(await ask(stranger, showtime.theatreId)).toBe(403)
      expect(await ask(owner, 'thr_nowhere')).toBe(404)
      for (const role of ['staff', 'customer'] as const) {
        const caller = await signIn(app, role)
        expect((await app.call(listAllBookings, {}, caller)).status).toBe(403)
        expect((await app.call(listAllPayments, {}, caller)).status).toBe(403)
      }
      expect((await app.call(listAllBookings)).status).toBe(401)
    })

    test('a theatre that still names somebody who is no owner any more tells them nothing', async () => {
      const former = await signIn(app, 'staff')
      const { theatreId, showtimeId } = await makeShowtime(app, { ownerId: former.userId })
      await buySeats(app, showtimeId, ['A1'])
      expect((await app.call(listBookings, { query: { theatreId } }, former)).status).toBe(403)
      expect((await app.call(listBookings, { query: { q: 'ada' } }, former)).body.data).toEqual([])
    })

    test('a day takes in all its hours, an instant ends before itself', async () => {
      const day = '2026-11-21'
      const count = async (query: object) =>
        (await app.call(listAllBookings, { query: { theatreId: showtime.theatreId, ...query } }, owner)).body.data
          .length
      const all = await count({})
      expect(all).toBeGreaterThan(0)
      expect(await count({ from: day, to: day })).toBe(all)
      expect(await count({ to: '2026-11-20' })).toBe(0)
      expect(await count({ to: '2026-11-21T12:00Z' })).toBe(0)
      expect(await count({ from: '2026-11-21T12:00Z' })).toBe(all)
      const { problem } = await app.call(listAllBookings, { query: { from: 'yesterday' } }, owner)
      expect(problem).toMatchObject({ code: 'validation_failed', errors: [{ path: '/from' }] })
    })
  })

  test('a booking tells its whole story: hold, money, what was sent, who was let in', async () => {
    const booking = await buySeats(app, showtime.showtimeId, ['B1', 'B2'])
    const [payment] = booking.payments
    const amount = { amount: 300, currency: 'GBP' }
    await app.call(refundPayment, { params: { id: payment?.id }, body: { amount, reason: 'a cold hall' } }, owner)
    await app.call(checkIn, { body: { ticketId: booking.tickets[0]?.id, showtimeId: showtime.showtimeId } }, owner)
    await app.app.house.outbox.runOnce()
    const { body } = await app.call(readBookingStory, { params: { id: booking.id } }, owner)
    expect(body).toMatchObject({
      id: booking.id,
      holds: [{ status: 'booked', seats: ['B1', 'B2'], count: 2, channel: 'web' }],
      payments: [{ status: 'partially_refunded', refunds: [{ amount, reason: 'a cold hall' }] }],
      scans: [{ ticketId: booking.tickets[0]?.id, outcome: 'admitted', by: owner.userId, undoneAt: null }],
    })
    expect(body.mails.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['booking.confirmed', 'payment.capture', 'payment.refund']),
    )
    expect((await app.call(readBookingStory, { params: { id: booking.id } }, stranger)).status).toBe(404)
    expect((await app.call(readBookingStory, { params: { id: booking.id } }, admin)).status).toBe(200)
  })

  test('payments are found by theatre, booking, status and tender, page by page', async () => {
    const booking = await buySeats(app, showtime.showtimeId, ['C1'])
    await bookSeats(app, showtime.showtimeId, ['C2'])
    const list = async (query: object, as = owner) => (await app.call(listAllPayments, { query }, as)).body
    const { data } = await list({ bookingId: booking.id, status: 'succeeded' })
    expect(data).toMatchObject([{ bookingReference: booking.reference, theatreId: showtime.theatreId }])
    expect((await list({ bookingId: booking.id }, stranger)).data).toEqual([])
    expect((await list({ tender: 'cash' })).data).toEqual([])
    const all = (await list({ limit: 100 }, admin)).data.map(({ id }) => id)
    const paged: string[] = []
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await list({ limit: 1, cursor }, admin)
      paged.push(...page.data.map(({ id }) => id))
      cursor = page.nextCursor
    }
    expect(paged).toEqual(all)
  })
})
