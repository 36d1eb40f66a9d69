import { expect, it } from 'vitest'
import { isRefusal, refuse } from '../platform/refusal.ts'
import { openBareDatabase, settingsNamed } from '../testing/bare-database.ts'
import { onBothEngines } from '../testing/harness.ts'
import { recordStatements } from '../testing/statements.ts'
import type { Database, Transaction } from './database.ts'
import { insertRow, insertRows, readList, updateRow, writeRows } from './rows.ts'

type Setting = { readonly name: string; readonly value: string }
type Work = (tx: Transaction) => Promise<unknown>

const put = (tx: Transaction, name: string) => insertRow(tx, 'settings', { name, value: 'x' })
const find = async (tx: Transaction, name: string) => await readList<Setting>(tx, settingsNamed, [name])
const numbered = (count: number, work: (index: number) => Work) =>
  Array.from({ length: count }, (_, index) => work(index))

/** All at once, each about something of its own: what each heard, and what it answered. */
async function together(database: Database, works: readonly Work[], about = (index: number) => `${index}`) {
  const settled = await Promise.allSettled(
    works.map((work, index) => database.write(work, { kind: 'test', about: about(index) })),
  )
  return settled.map((each) => {
    if (each.status === 'rejected') return (each.reason as Error).name
    return isRefusal(each.value) ? each.value.code : each.value
  })
}

onBothEngines('writing together', (engine) => {
  it('keeps what succeeds, and nothing of what is refused or fails before or after it has read what it wrote', async () => {
    const { database, names, close } = await openBareDatabase(engine)
    const heard: number[] = []
    const outcomes = await together(
      database,
      numbered(40, (index) => async (tx) => {
        tx.afterCommit(() => heard.push(index))
        put(tx, `n${index}`)
        const isLate = index >= 20
        if (isLate) expect(await find(tx, `n${index}`)).toEqual([{ name: `n${index}`, value: 'x' }])
        if (index % 4 === 1) return refuse('not_found')
        if (index % 4 === 2) throw new TypeError('a bug')
        return 'done'
      }),
    )
    expect(outcomes).toEqual(
      numbered(10, () => async () => 0).flatMap(() => ['done', 'not_found', 'TypeError', 'done']),
    )
    const kept = Array.from({ length: 40 }, (_, index) => index).filter((index) => index % 4 === 0 || index % 4 === 3)
    expect(await names()).toEqual(kept.map((index) => `n${index}`).toSorted())
    expect(heard.toSorted((one, other) => one - other)).toEqual(kept)
    await close()
  })

  it('lets who breaks a key fail, and nobody else', async () => {
    const { database, names, close } = await openBareDatabase(engine)
    const outcomes = await together(
      database,
      numbered(20, (index) => async (tx) => {
        put(tx, index < 10 ? 'the same' : `n${index}`)
        return 'done'
      }),
    )
    expect(outcomes.slice(0, 10).filter((outcome) => outcome === 'done')).toHaveLength(1)
    expect(outcomes.slice(10)).toEqual(numbered(10, () => async () => 0).map(() => 'done'))
    expect(await names()).toHaveLength(11)
    await close()
  })

  it('answers each what is its own, however much of it there is', async () => {
    const { database, close } = await openBareDatabase(engine)
    await database.write((tx) =>
      insertRows(
        tx,
        'settings',
        [0, 2, 4].map((n) => ({ name: `n${n}`, value: `v${n}` })),
      ),
    )
    const outcomes = await together(
      database,
      numbered(6, (index) => async (tx) => (await find(tx, `n${index % 4}`)).map(({ value }) => value)),
    )
    expect(outcomes).toEqual([['v0'], [], ['v2'], [], ['v0'], []])
    await close()
  })

  it('lets the second of two about the same thing see what the first has done', async () => {
    const { database, names, close } = await openBareDatabase(engine)
    const once: Work = async (tx) => {
      if ((await find(tx, 'once')).length > 0) return 'too late'
      put(tx, 'once')
      return 'first'
    }
    const works = numbered(12, () => once)
    const outcomes = await together(database, works, () => 'one')
    expect(outcomes).toEqual(['first', ...works.slice(1).map(() => 'too late')])
    expect(await names()).toEqual(['once'])
    await close()
  })

  it('does all the changes of one row, although they share a statement', async () => {
    const { database, close } = await openBareDatabase(engine)
    await database.write((tx) => put(tx, 'count'))
    const longer = {
      sqlite: ['UPDATE settings SET value = value || ?1 WHERE name = ?2'],
      postgres: `UPDATE settings SET value = settings.value || more.value FROM json_populate_recordset(NULL::settings, $1) AS more
        WHERE settings.name = ANY($2::text[]) AND settings.name = more.name`,
    }
    await together(
      database,
      numbered(9, (index) => async (tx) => writeRows(tx, longer, [{ value: `${index}`, name: 'count' }], 'count')),
    )
    const [row] = await database.write(async (tx) => await find(tx, 'count'))
    expect(row?.value).toHaveLength(10)
    await close()
  })

  it('gives a member that asks for more than lists a transaction of its own', async () => {
    const { database, names, close } = await openBareDatabase(engine)
    const outcomes = await together(
      database,
      numbered(12, (index) => async (tx) => {
        put(tx, `a${index}`)
        if (index % 3 === 0) await find(tx, 'a0')
        if (index % 2 === 0)
          await tx.query
            .insertInto('settings')
            .values({ name: `b${index}`, value: 'x' })
            .execute()
        return index
      }),
    )
    expect(outcomes).toEqual(Array.from({ length: 12 }, (_, index) => index))
    expect(await names()).toHaveLength(18)
    await close()
  })

  it('refuses a transaction that is used after its end', async () => {
    const { database, names, close } = await openBareDatabase(engine)
    const kept: Transaction[] = []
    await together(
      database,
      numbered(3, () => async (tx) => kept.push(tx)),
    )
    for (const tx of kept) {
      if (engine === 'postgres') expect(() => put(tx, 'late')).toThrow('ended')
      else await expect(async () => await tx.query.selectFrom('settings').execute()).rejects.toThrow('ended')
    }
    expect(await names()).toEqual([])
    await close()
  })

  it('carries every kind of value, and nothing, to where it belongs', async () => {
    const { database, close } = await openBareDatabase(engine)
    const odd = `"quoted" 'too' \\ {} [] , NULL \u{1f39f} ünïcode \t tab`
    await together(
      database,
      numbered(4, (index) => async (tx) => {
        insertRow(tx, 'outbox', {
          id: `o${index}`,
          kind: odd,
          payload: '{}',
          createdAt: 2 ** 50 + index,
          availableAt: index,
          attempts: 0,
        })
        updateRow(tx, 'outbox', `o${index}`, { lastError: index % 2 === 0 ? null : odd, doneAt: index })
      }),
    )
    const rows = await database.read.selectFrom('outbox').selectAll().orderBy('id').execute()
    expect(
      rows.map(({ id, kind, createdAt, lastError, doneAt }) => ({ id, kind, createdAt, lastError, doneAt })),
    ).toEqual(
      [0, 1, 2, 3].map((index) => ({
        id: `o${index}`,
        kind: odd,
        createdAt: 2 ** 50 + index,
        lastError: index % 2 === 0 ? null : odd,
        doneAt: index,
      })),
    )
    await close()
  })
})

it('asks PostgreSQL in a few statements for many', async () => {
  const { database, names, close } = await openBareDatabase('postgres')
  const recorder = recordStatements()
  const works = numbered(30, (index) => async (tx) => {
    await find(tx, `n${index}`)
    put(tx, `n${index}`)
  })
  await recorder.during('together', () => together(database, works))
  const lists = [...recorder.statements.values()].map(({ values }) => values[0])
  expect(lists).toEqual([
    numbered(30, () => async () => 0).map((_, index) => `n${index}`),
    expect.stringMatching(/n0.*n29/),
  ])
  expect(await names()).toHaveLength(30)
  await close()
})
