import { expect, test } from 'vitest'
import { cancelBooking, createBooking } from '../../../contract/bookings.ts'
import { createPayment } from '../../../contract/payments.ts'
import { closeShift, openShift } from '../../../contract/shifts.ts'
import { createVoucher } from '../../../contract/vouchers.ts'
import { bookSeats, buySeats } from '../../testing/buying.ts'
import { typeCommand } from '../../testing/command-line.ts'
import { onBothEngines, startApp } from '../../testing/harness.ts'
import { makeShowtime } from '../../testing/showtimes.ts'
import { signIn } from '../../testing/sign-in.ts'

const pounds = (amount: number) => ({ amount, currency: 'GBP' })

/** The day of the worked example in docs/accountants.md: its figures are these. */
async function workedExample(engine: 'sqlite' | 'postgres') {
  const house = await startApp(engine)
  const settings = { ticketFee: 100, taxRatePercent: 20, pricesIncludeTax: true, refundSharePercent: 50 }
  const { showtimeId, theatreId } = await makeShowtime(house, { adultAmount: 1100, settings })
  const admin = await signIn(house, 'admin')
  // Two tickets online; one of them is given back, half of its price.
  const online = await buySeats(house, showtimeId, ['A1', 'A2'])
  await house.app.house.outbox.runOnce()
  const as = { accessToken: online.accessToken }
  await house.call(cancelBooking, { params: { id: online.id }, body: { tickets: [online.tickets[0]?.id] } }, as)
  await house.app.house.outbox.runOnce()
  // A voucher of 20.00 pays for one ticket.
  await house.call(createVoucher, { body: { balance: pounds(2000), code: 'GIFT' } }, admin)
  await bookSeats(house, showtimeId, ['B1'], { body: { voucherCode: 'GIFT' } })
  // A ticket at the till, in cash out of a float of 50.00; at the close 10 pence are missing.
  const { body: shift } = await house.call(openShift, { body: { theatreId, till: '1', float: pounds(5000) } }, admin)
  const { body: sold } = await house.call(createBooking, { body: { showtimeId, seats: ['C1'] } }, admin)
  const cash = { bookingId: sold.id, provider: 'counter', tender: 'cash', shiftId: shift.id }
  await house.call(createPayment, { body: cash }, admin)
  await house.call(closeShift, { params: { id: shift.id }, body: { counted: pounds(6190) } }, admin)
  return { house, theatreId, sold }
}

onBothEngines('matinee journal', (engine) => {
  test('sums the books up by day, as the worked example of the handbook says', async () => {
    const { house, theatreId } = await workedExample(engine)
    const { code, output } = await typeCommand(house.location, ['journal', '--from', '2026-11-21'], {
      clock: house.clock,
    })
    expect(code).toBe(0)
    const lines = output.replace('\ufeff', '').trimEnd().split('\r\n')
    expect(lines[0]).toBe('day,theatreId,showDate,fact,debit,credit,currency,amount,amountMajor')
    const short = lines.slice(1).map((line) => line.replace(theatreId, 'thr').replace('2026-11-21,', ''))
    expect(short).toEqual([
      ',,voucher_issue,voucher_sales,vouchers,GBP,2000,20',
      'thr,,shift_closed,differences,drawer,GBP,10,0.1',
      'thr,,shift_closed,safe,drawer,GBP,6190,61.9',
      'thr,,shift_opened,drawer,safe,GBP,5000,50',
      'thr,2026-11-23,authorised,promised,bookings,GBP,2400,24',
      'thr,2026-11-23,captured,provider,promised,GBP,2400,24',
      'thr,2026-11-23,refund_paid,refunds_owed,provider,GBP,600,6',
      'thr,2026-11-23,refunded,bookings,refunds_owed,GBP,600,6',
      'thr,2026-11-23,sale_changed,bookings,kept,GBP,600,6',
      'thr,2026-11-23,sale_changed,fees,bookings,GBP,84,0.84',
      'thr,2026-11-23,sale_changed,tax,bookings,GBP,200,2',
      'thr,2026-11-23,sale_changed,tickets,bookings,GBP,916,9.16',
      'thr,2026-11-23,sold,bookings,fees,GBP,333,3.33',
      'thr,2026-11-23,sold,bookings,tax,GBP,800,8',
      'thr,2026-11-23,sold,bookings,tickets,GBP,3667,36.67',
      'thr,2026-11-23,taken,drawer,bookings,GBP,1200,12',
      'thr,2026-11-23,taken,vouchers,bookings,GBP,1200,12',
    ])
  })

  test('writes every posting with what it belongs to, of the days and the theatre that are asked for', async () => {
    const { house, theatreId, sold } = await workedExample(engine)
    const type = async (...options: string[]) =>
      await typeCommand(house.location, ['journal', ...options], { clock: house.clock })
    const { output } = await type('--from', '2026-11-01', '--to', '2026-11-30', '--theatre', theatreId, '--each')
    const lines = output.trimEnd().split('\r\n')
    expect(lines).toHaveLength(23)
    const taken = lines.find((line) => line.includes('taken,drawer'))
    expect(taken).toContain(`1200,12,2026-11-21T12:00:00Z,${sold.reference},${sold.id},pay_`)
    expect((await type('--from', '2026-11-22')).output.trimEnd().split('\r\n')).toHaveLength(1)
    expect((await type('--from', '2026-11-22', '--to', '2026-11-21')).code).toBe(2)
  })
})
