import { expect, it } from 'vitest'
import * as bookings from '../../contract/bookings.ts'
import * as contract from '../../contract/vouchers.ts'
import type { Engine } from '../database/database.ts'
import { crowd, tally, winners } from '../testing/crowd.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import { ledgerProblems } from '../testing/ledger-check.ts'
import { makeShowtime, plainLayout } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'

async function stage(engine: Engine, amount: number) {
  const test = await startApp(engine, { environment: { MAX_HOLDS_PER_CLIENT: '0' } })
  const admin = await signIn(test, 'admin')
  const shows: string[] = []
  for (let hall = 0; hall < 4; hall += 1) {
    shows.push((await makeShowtime(test, { layout: plainLayout(10, 10) })).showtimeId)
  }
  const body = { balance: { amount, currency: 'GBP' } }
  const voucher = (await test.call(contract.createVoucher, { body }, admin)).body
  const balance = async () =>
    (await test.call(contract.readVoucher, { params: { id: voucher.id } }, admin)).body.balance.amount
  const spend = (person: number) =>
    test.call(bookings.createBooking, {
      body: {
        showtimeId: shows[person % 4],
        seats: [`${String.fromCodePoint(65 + (Math.floor(person / 4) % 10))}${1 + Math.floor(person / 40)}`],
        customer: { email: `person-${person}@example.com` },
        voucherCode: voucher.code,
      },
    })
  return { test, balance, spend, problems: () => ledgerProblems(test.database, test.clock.now()) }
}

onBothEngines('one voucher that many spend at once', (engine) => {
  it('pays whole tickets while it lasts and a part of one more: never more than it has', async () => {
    const { balance, spend, problems } = await stage(engine, 10 * 1250 + 500)
    const answers = await crowd(50, spend)
    expect(tally(answers)).toEqual({ '201': 11, '409 voucher_not_valid': 39 })
    const paid = winners(answers).map(({ body }) => body.paid.amount)
    expect(paid.toSorted((one, other) => one - other)).toEqual([500, ...Array.from({ length: 10 }, () => 1250)])
    expect(winners(answers).filter(({ body }) => body.status === 'confirmed')).toHaveLength(10)
    expect(await balance()).toBe(0)
    expect(await problems()).toEqual([])
  })

  it('is spent and given back at the same time: its entries add up', async () => {
    const { test, balance, spend, problems } = await stage(engine, 10 * 1250)
    const first = winners(await crowd(10, spend))
    const cancels = first.map(({ body }) =>
      test.call(bookings.cancelBooking, { params: { id: body.id }, body: {} }, { accessToken: body.accessToken }),
    )
    const [cancelled, more] = await Promise.all([Promise.all(cancels), crowd(30, (index) => spend(40 + index))])
    expect(tally(cancelled)).toEqual({ '200': 10 })
    tally(more)
    expect(await balance()).toBe((10 - winners(more).length) * 1250)
    expect(await problems()).toEqual([])
  })
})
