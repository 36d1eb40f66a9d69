import { expect, it } from 'vitest'
import { cancelBooking, exchangeBooking } from '../../contract/bookings.ts'
import { onlineProviders, refundPayment } from '../../contract/payments.ts'
import { findPayment } from '../payments/store.ts'
import { paymentAt } from '../payments/model.ts'
import { must } from '../platform/assert.ts'
import { onBothEngines } from '../testing/harness.ts'
import { startPaying } from '../testing/paying.ts'
import type { PayingStage } from '../testing/paying.ts'
import { makeShowtime } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'

const paid = { status: 'confirmed', paid: { amount: 1250 }, refunded: { amount: 0 } }

/** What every provider must do: whoever writes another one adds its name, and a double of it. */
for (const name of onlineProviders) {
  onBothEngines(`a payment by ${name}`, (engine) => {
    const start = async () => await startPaying(engine, name)

    async function refund({ test }: PayingStage, id: string, amount: number) {
      const body = { amount: { amount, currency: 'GBP' } }
      return await test.call(refundPayment, { params: { id }, body }, await signIn(test, 'admin'))
    }

    it('is settled by its payer’s return and captured once, by the outbox', async () => {
      const stage = await start()
      const booking = await stage.book(['A1'])
      const { id } = await stage.beginWell(booking)
      stage.pay(id)
      expect(await stage.comeBack(id, booking)).toEqual({ status: 200, code: null })
      expect(await stage.booking(booking)).toMatchObject({
        ...paid,
        payments: [{ status: 'succeeded', capturedAt: null }],
      })
      await stage.workOff()
      await stage.workOff()
      expect(await stage.booking(booking)).toMatchObject({ ...paid, payments: [{ capturedAt: expect.any(String) }] })
      expect(await stage.listed()).toEqual(['authorisation 1250', 'capture 1250'])
      expect(await stage.problems()).toEqual([])
    })

    it('is settled by what the provider tells, however often and in whatever order', async () => {
      const stage = await start()
      const booking = await stage.book(['A1'])
      const { id } = await stage.beginWell(booking)
      stage.pay(id)
      const webhooks = stage.webhooks()
      for (const webhook of [...webhooks.toReversed(), ...webhooks]) expect(await stage.post(webhook)).toBe(200)
      await stage.workOff()
      for (const webhook of [...stage.webhooks(), ...webhooks]) expect(await stage.post(webhook)).toBe(200)
      expect(await stage.comeBack(id, booking)).toEqual({ status: 409, code: 'payment_not_confirmable' })
      expect(await stage.booking(booking)).toMatchObject(paid)
      expect(await stage.listed()).toEqual(['authorisation 1250', 'capture 1250'])
      expect(await stage.problems()).toEqual([])
    })

    it('takes nothing where the booking has lapsed, whoever has its seats now', async () => {
      const stage = await start()
      const [late, gone] = [await stage.book(['A1']), await stage.book(['A2'])]
      const payments = [await stage.beginWell(late), await stage.beginWell(gone)]
      stage.test.clock.advance(700_000)
      await stage.book(['A2'])
      for (const { id } of payments) stage.pay(id)
      for (const webhook of stage.webhooks()) expect(await stage.post(webhook)).toBe(200)
      await stage.workOff()
      for (const booking of [late, gone]) {
        expect(await stage.booking(booking)).toMatchObject({ status: 'expired', paid: { amount: 0 } })
      }
      expect((await stage.listed()).filter((line) => line.startsWith('capture'))).toEqual([])
      expect(await stage.problems()).toEqual([])
    })

    it('that is cancelled before its capture is never captured', async () => {
      const stage = await start()
      const booking = await stage.book(['A1'])
      const { id } = await stage.beginWell(booking)
      stage.pay(id)
      await stage.comeBack(id, booking)
      const as = { accessToken: booking.accessToken }
      expect((await stage.test.call(cancelBooking, { params: { id: booking.id }, body: {} }, as)).status).toBe(200)
      await stage.workOff()
      expect(await stage.listed()).toEqual(['authorisation 1250', 'void 1250'])
      expect(await stage.booking(booking)).toMatchObject({
        status: 'cancelled',
        payments: [{ status: 'refunded', capturedAt: null, refunds: [{ status: 'succeeded' }] }],
      })
      expect(await stage.problems()).toEqual([])
    })

    it('is captured for less when some of it was given back before, and gives back each part once', async () => {
      const stage = await start()
      const booking = await stage.book(['A1'])
      const { id } = await stage.beginWell(booking)
      stage.pay(id)
      await stage.comeBack(id, booking)
      expect((await refund(stage, id, 250)).status).toBe(200)
      await stage.workOff()
      expect((await stage.listed()).filter((line) => !line.startsWith('void'))).toEqual([
        'authorisation 1250',
        'capture 1000',
      ])
      const parts = await Promise.all([refund(stage, id, 600), refund(stage, id, 600), refund(stage, id, 400)])
      expect(parts.filter(({ status }) => status === 200)).toHaveLength(2)
      await stage.workOff()
      for (const webhook of stage.webhooks()) expect(await stage.post(webhook)).toBe(200)
      const after = await stage.booking(booking)
      const refunded = after.refunded.amount - 250
      const listed = (await stage.listed()).filter((line) => line.startsWith('refund'))
      expect(listed.reduce((sum, line) => sum + Number(line.split(' ')[1]), 0)).toBe(refunded)
      expect(after.payments.flatMap(({ refunds }) => refunds).map(({ status }) => status)).toEqual(
        Array.from({ length: 3 }, () => 'succeeded'),
      )
      expect(await stage.problems()).toEqual([])
    })

    it('that succeeds after its booking was cancelled is released: nothing is kept, and the booking stays cancelled', async () => {
      const stage = await start()
      const booking = await stage.book(['A1'])
      const { id } = await stage.beginWell(booking)
      // Paid on the page before the page was ended, and told only now.
      stage.pay(id)
      const as = { accessToken: booking.accessToken }
      expect((await stage.test.call(cancelBooking, { params: { id: booking.id }, body: {} }, as)).status).toBe(200)
      for (const webhook of stage.webhooks()) expect(await stage.post(webhook)).toBe(200)
      await stage.workOff()
      expect((await stage.listed()).filter((line) => line.startsWith('capture'))).toEqual([])
      const after = await stage.booking(booking)
      expect(after).toMatchObject({ status: 'cancelled', paid: { amount: 0 }, payments: [{ status: 'expired' }] })
      if (stage.double) expect(stage.double.truth(id)).toMatchObject({ state: 'canceled', captured: 0 })
      expect(await stage.problems()).toEqual([])
    })

    it('ends where its payer begins another one', async () => {
      const stage = await start()
      const booking = await stage.book(['A1'])
      const first = await stage.beginWell(booking)
      const second = await stage.beginWell(booking)
      await stage.workOff()
      stage.pay(second.id)
      for (const webhook of stage.webhooks()) expect(await stage.post(webhook)).toBe(200)
      const { payments } = await stage.booking(booking)
      expect(payments.map(({ id, status }) => [id, status])).toEqual([
        [first.id, 'expired'],
        [second.id, 'succeeded'],
      ])
    })

    it('answers a call that is made again with what it did before', async () => {
      const stage = await start()
      const booking = await stage.book(['A1'])
      const { id } = await stage.beginWell(booking)
      stage.pay(id)
      await stage.comeBack(id, booking)
      const provider = must(stage.test.app.house.providers.get(name), 'It is set up')
      const at = paymentAt(
        must(await stage.test.database.write(async (tx) => await findPayment(tx, id)), 'It was begun'),
      )
      expect(await provider.capture(at, 1000)).toMatchObject({ state: 'captured', capturedMinor: 1000 })
      expect(await provider.capture(at, 1000)).toMatchObject({ state: 'captured', capturedMinor: 1000 })
      const order = { key: 'ref_x', refundId: 'ref_x', amountMinor: 300 }
      const made = await provider.refund(at, order)
      expect(made).toMatchObject({ refundId: 'ref_x', amountMinor: 300 })
      expect((await provider.refund(at, order)).reference).toBe(made.reference)
    })

    it('does not pay for a dearer showtime by itself: its payer is sent to the counter, which takes the difference', async () => {
      const stage = await start()
      const { test } = stage
      const booking = await stage.book(['A1'])
      const { id } = await stage.beginWell(booking)
      stage.pay(id)
      await stage.comeBack(id, booking)
      const { theatreId, movieId } = await test.database.read
        .selectFrom('showtimes')
        .select(['theatreId', 'movieId'])
        .where('id', '=', stage.showtimeId)
        .executeTakeFirstOrThrow()
      const dearer = await makeShowtime(test, { adultAmount: 1500, beside: { theatreId, movieId } })
      const body = { showtimeId: dearer.showtimeId, seats: ['B1'] }
      const exchange = async (as: object) => await test.call(exchangeBooking, { params: { id: booking.id }, body }, as)
      const byPayer = await exchange({ accessToken: booking.accessToken })
      if (name === 'test') return expect(byPayer.status).toBe(200)
      expect(byPayer.problem).toMatchObject({ status: 409, code: 'difference_not_charged' })
      expect(await stage.booking(booking)).toMatchObject({ showtimeId: stage.showtimeId, ...paid })
      expect((await exchange(await signIn(test, 'admin'))).status).toBe(200)
      await stage.workOff()
      const after = await stage.booking(booking)
      expect(after).toMatchObject({ showtimeId: dearer.showtimeId, paid: { amount: 1500 } })
      const tendered = after.payments.map(({ provider, tender, amount }) => [provider, tender ?? null, amount.amount])
      expect(tendered).toEqual([
        [name, null, 1250],
        ['counter', 'cash', 250],
      ])
      return expect(await stage.problems()).toEqual([])
    })

    it('hears nothing from whoever is not the provider', async () => {
      const stage = await start()
      const booking = await stage.book(['A1'])
      const { id } = await stage.beginWell(booking)
      stage.pay(id)
      for (const { headers, payload } of stage.webhooks()) {
        const { 'content-type': type = '', ...signature } = headers
        const forged = Object.fromEntries(
          Object.entries(signature).map(([key, value]) => [key, value.slice(0, -4) + 'AAA=']),
        )
        if (Object.keys(signature).length === 0) continue
        expect(await stage.post({ headers: { 'content-type': type }, payload })).toBe(400)
        expect(await stage.post({ headers: { 'content-type': type, ...forged }, payload })).toBe(400)
        expect(await stage.post({ headers, payload: `${payload} ` })).toBe(400)
      }
      expect((await stage.booking(booking)).status).toBe('pending')
    })
  })
}
