import { describe, expect, it } from 'vitest'
import { DatabaseBusy, DatabaseDamaged, OutcomeUnknown, StorageFailed } from '../database/database.ts'
import type { Database, WriterLoan } from '../database/database.ts'
import { must } from '../platform/assert.ts'
import { isRefusal } from '../platform/refusal.ts'
import { openBareDatabase } from '../testing/bare-database.ts'
import type { SeatLedger } from './ledger.ts'
import { createSqliteLedger } from './sqlite-ledger.ts'

/** A ledger over a database of its own, where `change` may have put something in the way of the loan. */
async function openLedger(change: (loan: WriterLoan) => Partial<WriterLoan> = () => ({})) {
  const { database, clock, close } = await openBareDatabase('sqlite')
  const loan = must(database.loan, 'SQLite lends its writer')
  const ledger = createSqliteLedger({ ...database, loan: { ...loan, ...change(loan) } }, clock)
  return {
    database,
    loan,
    ledger,
    async close() {
      await ledger.close()
      await close()
    },
  }
}

/** Asks for so many things at once that they go out in several orders: what each came to. */
async function askAtOnce(ledger: SeatLedger, count = 30): Promise<string[]> {
  const asked = Array.from({ length: count }, (_each, index) =>
    ledger.release({ kind: 'release', showtimeId: 'sho_none', holdId: `hld_${index}` }),
  )
  const settled = await Promise.allSettled(asked)
  return settled.map((each) => {
    if (each.status === 'rejected') return (each.reason as Error).name
    return isRefusal(each.value) ? each.value.code : 'done'
  })
}

/** So many of the same. */
const all = (name: string, count = 30) => Array.from({ length: count }, () => name)

const put = async (database: Database) =>
  await database.write(async (tx) => {
    await tx.query.insertInto('settings').values({ name: 'one', value: 'x' }).execute()
  })

describe('the ledger on SQLite, when nothing can be written', () => {
  it('refuses all that wait, however many, once damage was met', async () => {
    const { database, loan, ledger, close } = await openLedger()
    expect(await askAtOnce(ledger)).toEqual(all('not_found'))
    loan.tellFailure(new DatabaseDamaged('a page'))
    expect(await askAtOnce(ledger)).toEqual(all('DatabaseDamaged'))
    expect(await askAtOnce(ledger)).toEqual(all('DatabaseDamaged'))
    await expect(put(database)).rejects.toThrow(DatabaseDamaged)
    await close()
  })

  it('refuses all that wait when damage is met while others are under way', async () => {
    let looks = 0
    const { ledger, close } = await openLedger((loan) => ({
      refuse() {
        looks += 1
        if (looks > 1) loan.tellFailure(new DatabaseDamaged('a page'))
        loan.refuse()
      },
    }))
    const heard = await askAtOnce(ledger)
    expect(heard.toSorted()).toEqual([...all('DatabaseDamaged', 22), ...all('not_found', 8)])
    await close()
  })

  it('lets those who wait know that another process kept the file, and asks again for the next', async () => {
    let asked = 0
    const { ledger, close } = await openLedger((loan) => ({
      turn: async (work) => {
        asked += 1
        if (asked === 1) throw new DatabaseBusy('The database is locked by another process')
        return await loan.turn(work)
      },
    }))
    expect(await askAtOnce(ledger)).toEqual(all('DatabaseBusy'))
    expect(await askAtOnce(ledger)).toEqual(all('not_found'))
    await close()
  })

  it('keeps both writers from a disk that failed one of them', async () => {
    const { database, loan, ledger, close } = await openLedger()
    loan.tellFailure(new OutcomeUnknown('The disk failed while committing'))
    await expect(put(database)).rejects.toThrow(StorageFailed)
    expect(await askAtOnce(ledger)).toEqual(all('StorageFailed'))
    expect(await database.failed).toBeInstanceOf(OutcomeUnknown)
    await close()
  })
})
