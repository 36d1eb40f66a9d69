import { expect, it } from 'vitest'
import { readOutOfOrder, setOutOfOrder } from '../../contract/auditoriums.ts'
import * as bookings from '../../contract/bookings.ts'
import { blockSeats, placeHold, readAvailability, readHold, unblockSeats } from '../../contract/holds.ts'
import { bookSeats, holdSeats } from '../testing/buying.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import type { TestApp } from '../testing/harness.ts'
import { makeShowtime } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'
import { keepOutOfOrder } from './set-out-of-order.ts'

async function availability(test: TestApp, showtimeId: string) {
  const { body } = await test.call(readAvailability, { params: { id: showtimeId } })
  if (!('held' in body)) throw new Error('This hall has seats')
  return { held: body.held, booked: body.booked, blocked: body.blocked }
}

onBothEngines('seats out of order', (engine) => {
  it('are blocked in every coming showtime, and the bookings that are hit are answered', async () => {
    const test = await startApp(engine)
    const admin = await signIn(test, 'admin')
    const { auditoriumId, showtimeId } = await makeShowtime(test)
    const booking = await bookSeats(test, showtimeId, ['A1', 'A2'])
    const hold = await holdSeats(test, showtimeId, ['B1', 'B2'])
    const params = { id: auditoriumId }
    const body = { seats: ['A2', 'B2', 'C3'], reason: 'Broken hinge' }
    const { body: answer } = await test.call(setOutOfOrder, { params, body }, admin)
    expect(answer).toEqual({
      seats: body.seats.map((seat) => ({ seat, reason: 'Broken hinge', until: null })),
      bookings: [{ bookingId: booking.id, reference: booking.reference, showtimeId, seats: ['A2'] }],
    })
    expect(await availability(test, showtimeId)).toEqual({ held: ['A1', 'A2'], booked: [], blocked: ['B2', 'C3'] })
    const ended = await test.call(readHold, { params: { id: hold.id } }, { accessToken: hold.token })
    expect(ended.problem.code).toBe('not_found')
    const wish = { params: { id: showtimeId }, body: { seats: ['C3'] } }
    expect((await test.call(placeHold, wish)).problem.code).toBe('seats_unavailable')
    const again = await test.call(setOutOfOrder, { params, body }, admin)
    expect(again.body).toEqual(answer)
    expect((await test.call(readOutOfOrder, { params }, admin)).body).toEqual({ seats: answer.seats })
  })

  it('are free again when they are no longer named, and only for showtimes after their repair', async () => {
    const test = await startApp(engine)
    const admin = await signIn(test, 'admin')
    const { auditoriumId, showtimeId } = await makeShowtime(test)
    const params = { id: auditoriumId }
    const put = async (seats: string[], until?: string) =>
      (await test.call(setOutOfOrder, { params, body: { seats, reason: 'Wet', ...(until && { until }) } }, admin)).body
    await put(['A1', 'A2'])
    await put(['A2', 'A3'])
    expect((await availability(test, showtimeId)).blocked).toEqual(['A2', 'A3'])
    await put(['A2'], '2026-11-22T10:00')
    expect((await availability(test, showtimeId)).blocked).toEqual([])
    expect((await put(['A2'], '2026-12-24T10:00')).seats).toEqual([
      { seat: 'A2', reason: 'Wet', until: '2026-12-24T10:00:00Z' },
    ])
    expect((await availability(test, showtimeId)).blocked).toEqual(['A2'])
    await put([])
    expect((await availability(test, showtimeId)).blocked).toEqual([])
  })

  it('have a reason and an end each, which are kept when another seat joins them', async () => {
    const test = await startApp(engine)
    const admin = await signIn(test, 'admin')
    const params = { id: (await makeShowtime(test)).auditoriumId }
    const put = (seats: unknown[]) =>
      test.call(setOutOfOrder, { params, body: { seats, reason: 'Torn seam', until: '2026-12-24T10:00Z' } }, admin)
    const wet = { seat: 'A1', reason: 'Wet', until: null }
    const torn = { seat: 'B2', reason: 'Torn seam', until: '2026-12-24T10:00:00Z' }
    expect((await put([wet, 'B2'])).body.seats).toEqual([wet, torn])
    expect((await put([wet, torn, 'C1'])).body.seats).toEqual([wet, torn, { ...torn, seat: 'C1' }])
    expect((await put([wet, 'A1'])).problem).toMatchObject({
      code: 'validation_failed',
      errors: [{ path: '/seats/1' }],
    })
    expect((await put([{ ...wet, until: 'soon' }])).problem).toMatchObject({ errors: [{ path: '/seats/0/until' }] })
    expect((await test.call(readOutOfOrder, { params }, admin)).body.seats).toHaveLength(3)
  })

  it('stay apart from house seats', async () => {
    const test = await startApp(engine)
    const admin = await signIn(test, 'admin')
    const { auditoriumId, showtimeId } = await makeShowtime(test)
    const broken = { params: { id: auditoriumId }, body: { seats: ['A1', 'A2'], reason: 'Wet' } }
    const house = { params: { id: showtimeId }, body: { seats: ['A2', 'A3'] } }
    await test.call(setOutOfOrder, broken, admin)
    expect((await test.call(blockSeats, house, admin)).body.blocked).toEqual(['A1', 'A2', 'A3'])
    expect((await test.call(unblockSeats, house, admin)).body.blocked).toEqual(['A1', 'A2'])
    expect((await availability(test, showtimeId)).blocked).toEqual(['A1', 'A2'])
    await test.call(setOutOfOrder, { ...broken, body: { seats: [], reason: 'Dry' } }, admin)
    expect((await availability(test, showtimeId)).blocked).toEqual([])
  })

  it('are blocked as soon as the booking that had them is gone', async () => {
    const test = await startApp(engine)
    const admin = await signIn(test, 'admin')
    const { auditoriumId, showtimeId } = await makeShowtime(test)
    const booking = await bookSeats(test, showtimeId, ['A1'])
    await test.call(setOutOfOrder, { params: { id: auditoriumId }, body: { seats: ['A1'], reason: 'Wet' } }, admin)
    expect(await keepOutOfOrder(test.database, test.clock.now())).toBe(0)
    await test.call(
      bookings.cancelBooking,
      { params: { id: booking.id }, body: {} },
      { accessToken: booking.accessToken },
    )
    expect(await keepOutOfOrder(test.database, test.clock.now())).toBe(1)
    expect((await availability(test, showtimeId)).blocked).toEqual(['A1'])
    expect(await keepOutOfOrder(test.database, test.clock.now())).toBe(0)
  })

  it('are refused when the hall has no such seat, the time does not exist, or the hall is somebody else’s', async () => {
    const test = await startApp(engine)
    const admin = await signIn(test, 'admin')
    const params = { id: (await makeShowtime(test)).auditoriumId }
    const reason = 'Wet'
    const unknown = await test.call(setOutOfOrder, { params, body: { seats: ['A1', 'Z9'], reason } }, admin)
    expect(unknown.problem).toMatchObject({ status: 400, code: 'unknown_seats', seats: ['Z9'] })
    const late = await test.call(
      setOutOfOrder,
      { params, body: { seats: [], reason, until: '2027-03-28T01:30' } },
      admin,
    )
    expect(late.problem.code).toBe('validation_failed')
    const owner = await signIn(test, 'owner')
    expect((await test.call(setOutOfOrder, { params, body: { seats: [], reason } }, owner)).problem.code).toBe(
      'forbidden',
    )
    expect((await test.call(readOutOfOrder, { params })).status).toBe(401)
    const general = await makeShowtime(test, { layout: { seating: 'general', capacity: 9 } })
    const wrong = await test.call(
      setOutOfOrder,
      { params: { id: general.auditoriumId }, body: { seats: ['A1'], reason } },
      admin,
    )
    expect(wrong.problem.code).toBe('validation_failed')
  })
})
