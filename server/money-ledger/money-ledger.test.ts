import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { cancelBooking } from '../../contract/bookings.ts'
import { payOutBooking } from '../../contract/pay-out.ts'
import { createPayment } from '../../contract/payments.ts'
import { migrateDown, migrateUp } from '../database/migrate.ts'
import { moneyLedger } from '../database/migrations/0020-money-ledger.ts'
import type { Database } from '../database/database.ts'
import { bookSeats } from '../testing/buying.ts'
import { onBothEngines } from '../testing/harness.ts'
import { auditProblems } from '../testing/ledger-check.ts'
import { liveInHouse } from '../testing/lived-in-house.ts'
import { signIn } from '../testing/sign-in.ts'
import { saleOf } from './model.ts'
import { post } from './post.ts'

/** Every posting as text, but for the ids of changes, which are made anew by nobody. */
async function balances(database: Database): Promise<Record<string, number>> {
  const rows = await database.read.selectFrom('moneyPostings').select(['debit', 'credit', 'amount']).execute()
  const sums: Record<string, number> = {}
  for (const { debit, credit, amount } of rows) {
    sums[debit] = (sums[debit] ?? 0) + amount
    sums[credit] = (sums[credit] ?? 0) - amount
  }
  return Object.fromEntries(Object.entries(sums).filter(([, sum]) => sum !== 0))
}

onBothEngines('the ledger of money', (engine) => {
  it('is append only, has no act twice, and belongs to the transaction of its act', async () => {
    const { test, paid } = await liveInHouse(engine)
    const { database } = test
    for (const change of [sql`UPDATE money_postings SET amount = amount + 1`, sql`DELETE FROM money_postings`]) {
      await expect(database.write((tx) => change.execute(tx.query))).rejects.toThrow(/append only/)
    }
    const rows = await database.read.selectFrom('moneyPostings').selectAll().where('subjectId', '=', paid.id).execute()
    expect(rows.length).toBeGreaterThan(2)
    for (const row of rows) await expect(database.write((tx) => post(tx, [row]))).rejects.toThrow(/unique/i)
    const [row] = rows
    const lost = database.write(async (tx) => {
      post(tx, row ? [{ ...row, factId: 'pay_lost' }] : [])
      throw new Error('the act failed')
    })
    await expect(lost).rejects.toThrow('the act failed')
    expect(await auditProblems(database, test.clock.now())).toEqual([])
  })

  it('of a house that had none is made from what the house holds', async () => {
    const { test, reserved } = await liveInHouse(engine)
    const { database } = test
    // One of two that are due at the counter is handed over there.
    const admin = await signIn(test, 'admin')
    for (const seat of ['D3', 'D4']) {
      const { id, accessToken } = await bookSeats(test, reserved, [seat])
      await test.call(createPayment, { body: { bookingId: id, provider: 'counter', tender: 'cash' } }, admin)
      await test.call(cancelBooking, { params: { id }, body: {} }, { accessToken })
      if (seat === 'D3') await test.call(payOutBooking, { params: { id }, body: {} }, admin)
    }
    const before = await balances(database)
    expect(Object.values(before).reduce((sum, amount) => sum + amount, 0)).toBe(0)
    let undone: string | null
    do undone = await migrateDown(database)
    while (undone !== null && undone !== moneyLedger.name)
    expect(undone).toBe(moneyLedger.name)
    expect(await migrateUp(database)).toContain(moneyLedger.name)
    expect(await balances(database)).toEqual(before)
    expect(await auditProblems(database, test.clock.now())).toEqual([])
  })
})

it('gives fees their share of the tax that is inside a total, half up', () => {
  // 10.00 of tickets and 2.00 of fees with a fifth on top inside: 2.00 of tax, of which the fees bear 33.3 pence.
  const sums = { prices: 1000, fees: 200, tax: 0, taxIncluded: 200 }
  expect(saleOf(sums, 1200, 0)).toEqual({ tickets: 833, fees: 167, tax: 200, kept: 0, complimentary: 0 })
  expect(saleOf({ ...sums, tax: 200, taxIncluded: 0 }, 1400, 0)).toMatchObject({ tickets: 1000, fees: 200, tax: 200 })
  // A quarter was given back although all tickets stand; half of it nobody paid.
  expect(saleOf(sums, 300, 600)).toMatchObject({ kept: -300, complimentary: -600 })
  expect(saleOf({ prices: 0, fees: 0, tax: 0, taxIncluded: 0 }, 50, 600)).toMatchObject({ kept: 50, complimentary: 0 })
})
