import { expect, test } from 'vitest'
import type { Booking } from '../../contract/bookings.ts'
import { cancelBooking } from '../../contract/bookings.ts'
import { refundPayment } from '../../contract/payments.ts'
import { putStaff } from '../../contract/venues.ts'
import { buySeats, readBooking } from '../testing/buying.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import { makeShowtime } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'
import type { SignedIn } from '../testing/sign-in.ts'

onBothEngines('a refund by staff', (engine) => {
  test('ends at the theatre’s limit, however many steps it takes; the owner’s does not', async () => {
    const app = await startApp(engine)
    const owner = await signIn(app, 'owner')
    const clerk = await signIn(app, 'staff')
    const made = await makeShowtime(app, { ownerId: owner.userId, settings: { staffRefundLimit: 500 } })
    await app.call(putStaff, { params: { id: made.theatreId, userId: clerk.userId } }, owner)
    const booking = await buySeats(app, made.showtimeId, ['A1'])
    const params = { id: booking.payments[0]?.id }
    const refund = async (as: SignedIn, amount: number) => {
      const answer = await app.call(refundPayment, { params, body: { amount: { amount, currency: 'GBP' } } }, as)
      return answer.status < 400 ? answer.status : answer.problem.code
    }
    expect(await refund(clerk, 501)).toBe('forbidden')
    expect(await refund(clerk, 300)).toBe(200)
    expect(await refund(clerk, 201)).toBe('forbidden')
    expect(await refund(clerk, 200)).toBe(200)
    expect(await refund(clerk, 1)).toBe('forbidden')
    expect(await refund(owner, 750)).toBe(200)
    expect(await refund(owner, 1)).toBe('refund_exceeds_payment')
    expect(await readBooking(app, booking)).toMatchObject({ status: 'confirmed', refunded: { amount: 1250 } })
  })

  test('by way of a cancellation ends at the same limit, but for what the buyer may claim', async () => {
    const app = await startApp(engine)
    const owner = await signIn(app, 'owner')
    const clerk = await signIn(app, 'staff')
    const settings = { staffRefundLimit: 1300, refundSharePercent: 50 }
    const made = await makeShowtime(app, { ownerId: owner.userId, settings })
    await app.call(putStaff, { params: { id: made.theatreId, userId: clerk.userId } }, owner)
    const one = await buySeats(app, made.showtimeId, ['A1'])
    const many = await buySeats(app, made.showtimeId, ['B1', 'B2', 'B3'])
    const cancel = async (as: SignedIn, booking: Booking, tickets?: readonly string[]) => {
      const answer = await app.call(cancelBooking, { params: { id: booking.id }, body: { tickets } }, as)
      return answer.status < 400 ? answer.body.refunded.amount : answer.problem.code
    }
    expect(await cancel(clerk, one)).toBe(1250)
    expect(await cancel(clerk, many)).toBe('forbidden')
    expect(await cancel(clerk, many, [many.tickets[0]?.id ?? ''])).toBe(1250)
    expect(await cancel(clerk, many, [many.tickets[1]?.id ?? ''])).toBe('forbidden')
    expect(await cancel(owner, many, [many.tickets[1]?.id ?? ''])).toBe(2500)
  })

  test('is all that the buyer may claim, whatever the limit', async () => {
    const app = await startApp(engine)
    const clerk = await signIn(app, 'staff')
    const made = await makeShowtime(app, { settings: { staffRefundLimit: 0 } })
    await app.call(putStaff, { params: { id: made.theatreId, userId: clerk.userId } }, await signIn(app, 'admin'))
    const booking = await buySeats(app, made.showtimeId, ['A1'])
    const cancelled = await app.call(cancelBooking, { params: { id: booking.id }, body: {} }, clerk)
    expect(cancelled.body).toMatchObject({ status: 'cancelled', refunded: { amount: 1250 } })
  })

  test('of another theatre’s payment is refused like one of a payment that is not there', async () => {
    const app = await startApp(engine)
    const clerk = await signIn(app, 'staff')
    const { showtimeId } = await makeShowtime(app)
    const booking = await buySeats(app, showtimeId, ['A1'])
    const answer = await app.call(refundPayment, { params: { id: booking.payments[0]?.id }, body: {} }, clerk)
    expect(answer.problem.code).toBe('not_found')
  })
})
