import { expect, it } from 'vitest'
import { deleteMe, exportMe, login, resendVerification, verifyEmail } from '../../contract/accounts.ts'
import * as bookings from '../../contract/bookings.ts'
import { auditDatabase } from '../audit/audit.ts'
import { bookSeats, buySeats, guestCustomer, payBooking, readBooking } from '../testing/buying.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import type { TestApp } from '../testing/harness.ts'
import { mailedToken } from '../testing/mail.ts'
import { makeShowtime } from '../testing/showtimes.ts'
import { signIn, testPassword } from '../testing/sign-in.ts'
import type { SignedIn } from '../testing/sign-in.ts'

const mine = async (test: TestApp, person: SignedIn) =>
  (await test.call(bookings.listBookings, {}, person)).body.data.map(({ id }) => id)

onBothEngines('bookings and people', (engine) => {
  it('made as a guest join the account once its email is proved, and not a minute before', async () => {
    const test = await startApp(engine)
    const { showtimeId } = await makeShowtime(test)
    const bought = await buySeats(test, showtimeId, ['C4'])
    const ada = await signIn(test, 'customer', { email: guestCustomer.email.toUpperCase(), emailVerified: false })
    expect(await mine(test, ada)).toEqual([])
    await test.call(login, { body: { email: ada.email, password: testPassword } })
    expect(await mine(test, ada)).toEqual([])
    await test.call(resendVerification, {}, ada)
    const token = await mailedToken(test, 'mail.verify-email', ada.email)
    await test.call(verifyEmail, { body: { token } })
    expect(await mine(test, ada)).toEqual([bought.id])
    const later = await buySeats(test, showtimeId, ['C5'])
    await test.call(login, { body: { email: ada.email, password: testPassword } })
    expect((await mine(test, ada)).toSorted()).toEqual([bought.id, later.id].toSorted())
  })

  it('never leave an account for another', async () => {
    const test = await startApp(engine)
    const { showtimeId } = await makeShowtime(test)
    const grace = await signIn(test)
    const booked = await bookSeats(test, showtimeId, ['C4'], { as: grace })
    const ada = await signIn(test, 'customer', { email: guestCustomer.email })
    await test.call(login, { body: { email: ada.email, password: testPassword } })
    expect(await mine(test, ada)).toEqual([])
    expect(await mine(test, grace)).toEqual([booked.id])
  })

  it('are exported with the rest, and lose whom they were for when the account goes; the money stays', async () => {
    const test = await startApp(engine)
    const { showtimeId } = await makeShowtime(test)
    const ada = await signIn(test)
    const customer = { name: 'Augusta Ada King-Noel', email: 'countess@example.com', phone: '+44 20 7946 0018' }
    const booked = await bookSeats(test, showtimeId, ['C4', 'C5'], { as: ada, body: { customer } })
    await payBooking(test, booked)
    const exported = (await test.call(exportMe, {}, ada)).body
    expect(exported).toMatchObject({
      bookings: [{ id: booked.id, reference: booked.reference, customer, total: booked.total }],
    })
    const before = await readBooking(test, booked)
    await test.call(deleteMe, {}, ada)
    const after = await readBooking(test, booked)
    expect(after).toMatchObject({ status: 'confirmed', total: before.total, paid: before.paid })
    expect(after.customer).toEqual({ name: null, email: null, phone: null, locale: null })
    for (const table of ['users', 'sessions', 'bookings', 'holds', 'payments', 'outbox'] as const) {
      const rows = JSON.stringify(await test.database.read.selectFrom(table).selectAll().execute())
      for (const value of ['King-Noel', 'countess', '7946', ada.email, ada.name]) {
        expect(rows, `${table} holds ${value}`).not.toContain(value)
      }
    }
  })

  it('whose account is gone belong to nobody once the house writes down somebody else', async () => {
    const test = await startApp(engine)
    const { showtimeId } = await makeShowtime(test)
    const [ada, admin] = [await signIn(test), await signIn(test, 'admin')]
    const booked = await bookSeats(test, showtimeId, ['D1'], { as: ada })
    await test.call(deleteMe, {}, ada)
    const customer = { name: 'Grace Example', email: 'grace@example.com' }
    const params = { id: booked.id }
    expect((await test.call(bookings.patchBooking, { params, body: { notes: 'calls back' } }, admin)).body.userId).toBe(
      ada.userId,
    )
    expect((await test.call(bookings.patchBooking, { params, body: { customer } }, admin)).body).toMatchObject({
      customer,
      userId: null,
    })
    expect((await auditDatabase(test.database, test.clock.now())).sound).toBe(true)
  })
})
