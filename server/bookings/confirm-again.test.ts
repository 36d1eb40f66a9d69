import { expect, it, vi } from 'vitest'
import { confirmPayment, createPayment } from '../../contract/payments.ts'
import { refuse } from '../platform/refusal.ts'
import { bookSeats, readBooking } from '../testing/buying.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import { makeShowtime } from '../testing/showtimes.ts'

onBothEngines('a confirmation whose transaction has to run again', (engine) => {
  it('changes nothing where it then hears that another server is answering the same key', async () => {
    const test = await startApp(engine)
    const { showtimeId } = await makeShowtime(test)
    const booking = await bookSeats(test, showtimeId, ['A1'])
    const as = { accessToken: booking.accessToken }
    const begun = await test.call(createPayment, { body: { bookingId: booking.id, provider: 'test' } }, as)
    const confirm = async () =>
      await test.call(
        confirmPayment,
        { params: { id: begun.body.id }, body: {} },
        { ...as, headers: { 'idempotency-key': 'one' } },
      )
    const { write } = test.database
    const undone = new Error('This run is undone')
    const writing = vi.spyOn(test.database, 'write').mockImplementationOnce(async (work) => {
      const firstRun = write(async (tx) => {
        await work(tx)
        throw undone
      })
      await expect(firstRun).rejects.toBe(undone)
      return refuse('idempotency_in_progress', undefined, { retryAfterSeconds: 1 })
    })
    expect((await confirm()).problem.code).toBe('idempotency_in_progress')
    expect(writing).toHaveBeenCalledTimes(1)
    expect((await readBooking(test, booking)).status).toBe('pending')
    expect((await confirm()).status).toBe(200)
    expect((await readBooking(test, booking)).status).toBe('confirmed')
  })
})
