import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { isRefusal, refuse } from '../platform/refusal.ts'
import { openBareDatabase, settingsNamed } from '../testing/bare-database.ts'
import { onBothEngines } from '../testing/harness.ts'
import type { Database, Transaction } from './database.ts'
import { readList, updateRow } from './rows.ts'
import { openConnection } from './sqlite-connection.ts'

async function put(tx: Transaction, name: string, value = 'x'): Promise<string> {
  await tx.query.insertInto('settings').values({ name, value }).execute()
  return name
}

/** Many at once: what each heard, and whether it was done. */
async function outcomesOf(database: Database, works: readonly ((tx: Transaction) => Promise<unknown>)[]) {
  const settled = await Promise.allSettled(works.map((work) => database.write(work)))
  return settled.map((each) => {
    if (each.status === 'rejected') return (each.reason as Error).name
    return isRefusal(each.value) ? each.value.code : 'done'
  })
}

onBothEngines('writing', (engine) => {
  it('keeps what succeeds, and nothing of what is refused or fails, whoever is in the same batch', async () => {
    const { database, names, close } = await openBareDatabase(engine)
    const heard: string[] = []
    const outcomes = await outcomesOf(
      database,
      Array.from({ length: 30 }, (_each, index) => async (tx: Transaction) => {
        tx.afterCommit(() => heard.push(`n${index}`))
        await put(tx, `n${String(index).padStart(2, '0')}`)
        if (index % 3 === 1) return refuse('not_found')
        if (index % 3 === 2) throw new TypeError('a bug')
        return 'fine'
      }),
    )
    const kept = Array.from({ length: 30 }, (_each, index) => index).filter((index) => index % 3 === 0)
    expect(outcomes).toEqual(Array.from({ length: 10 }, () => ['done', 'not_found', 'TypeError']).flat())
    expect(await names()).toEqual(kept.map((index) => `n${String(index).padStart(2, '0')}`))
    expect(heard.toSorted()).toEqual(kept.map((index) => `n${index}`).toSorted())
    await close()
  })

  it('lets a statement that breaks a key fail alone', async () => {
    const { database, names, close } = await openBareDatabase(engine)
    const outcomes = await outcomesOf(
      database,
      Array.from({ length: 20 }, () => (tx: Transaction) => put(tx, 'the same')),
    )
    expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(1)
    expect(await names()).toEqual(['the same'])
    await close()
  })

  it('refuses a transaction that is used after its end', async () => {
    const { database, names, close } = await openBareDatabase(engine)
    const kept: Transaction[] = []
    await database.write(async (tx) => {
      kept.push(tx)
    })
    await expect(async () => await put(kept[0] as Transaction, 'late')).rejects.toThrow('ended')
    expect(await names()).toEqual([])
    await close()
  })

  it('plans its statements anew when a migration has run beside it', async () => {
    const { database, close } = await openBareDatabase(engine)
    const look = async () => await database.read.selectFrom('settings').selectAll().execute()
    const change = async () =>
      await database.write(async (tx) => {
        updateRow(tx, 'users', 'nobody', { name: 'x' })
        return await readList(tx, settingsNamed, ['one'])
      })
    await database.write(async (tx) => await put(tx, 'one'))
    await Promise.all([look(), look(), change(), change()])
    await database.write(async (tx) => await sql`ALTER TABLE settings ADD COLUMN later TEXT`.execute(tx.query))
    const row = { name: 'one', value: 'x', later: null }
    expect(await Promise.all([look(), look(), change(), change()])).toEqual([[row], [row], [row], [row]])
    await close()
  })

  it('goes on after every kind of failure', async () => {
    const { database, names, close } = await openBareDatabase(engine)
    for (let round = 0; round < 5; round += 1) {
      await outcomesOf(database, [
        async (tx) => {
          await tx.query
            .insertInto('settings')
            .values({ name: 'x', value: null as never })
            .execute()
        },
        async () => {
          throw new Error('a bug')
        },
        async (tx) => await put(tx, `fine ${round}`),
      ])
    }
    expect(await names()).toHaveLength(5)
    await close()
  })
})

describe('writing on PostgreSQL', () => {
  it('tells the time anew when it has waited for a lock', async () => {
    const { database, clock, close } = await openBareDatabase('postgres')
    const times = await database.write(async (tx) => {
      const first = tx.nowMs
      clock.advance(5000)
      const second = tx.nowMs
      tx.renewTime()
      return [first, second, tx.nowMs]
    })
    expect(times).toEqual([1000, 1000, 6000])
    await close()
  })
})

describe('writing on SQLite', () => {
  it('says that the disk is full, keeps what it acknowledged, goes on reading, and writes again when there is room', async () => {
    const { database, names, close } = await openBareDatabase('sqlite')
    const pages = async (most: number) =>
      await database.write((tx) => {
        if (tx.raw.engine === 'sqlite') tx.raw.connection.exec(`PRAGMA max_page_count = ${most}`)
      })
    await pages(1)
    const big = 'x'.repeat(20_000)
    const acknowledged: string[] = []
    const heard = new Set<string>()
    for (let round = 0; round < 30; round += 1) {
      const works = Array.from({ length: 5 }, (_each, index) => (tx: Transaction) => put(tx, `${round}.${index}`, big))
      const outcomes = await outcomesOf(database, works)
      outcomes.forEach((outcome, index) => {
        heard.add(outcome)
        if (outcome === 'done') acknowledged.push(`${round}.${index}`)
      })
    }
    expect(heard).toContain('StorageFull')
    expect([...heard].every((outcome) => outcome === 'done' || outcome === 'StorageFull')).toBe(true)
    expect((await names()).toSorted()).toEqual(acknowledged.toSorted())
    await pages(1_000_000)
    expect(await database.write(async (tx) => await put(tx, 'again', big))).toBe('again')
    await close()
  })
})

it('SQLite: the mark of commits is asked once a turn, and never older than what somebody was told of', async () => {
  const { database, close } = await openBareDatabase('sqlite')
  const mark = () => database.commitMark?.() ?? 0
  const other = openConnection(database.loan?.path ?? '')
  const commitElsewhere = (name: string) =>
    other.prepare("INSERT INTO settings (name, value) VALUES (?, 'x')").run(name)
  const atFirst = mark()
  await database.write((tx) => put(tx, 'a'))
  const afterWrite = mark()
  expect(afterWrite).not.toBe(atFirst)
  commitElsewhere('b')
  expect(mark()).toBe(afterWrite)
  database.loan?.announceSeats(['sho_any'])
  const afterNews = mark()
  expect(afterNews).not.toBe(afterWrite)
  commitElsewhere('c')
  await new Promise((resume) => setImmediate(resume))
  expect(mark()).not.toBe(afterNews)
  other.close()
  await close()
})
