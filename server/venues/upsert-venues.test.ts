import { expect, it } from 'vitest'
import { must } from '../platform/assert.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import { parseLayout } from './layout.ts'
import { findAuditorium, findLayout, findTheatre } from './store.ts'
import { upsertAuditorium, upsertAuditoriums, upsertTheatre } from './upsert-venues.ts'

const rex = {
  externalKey: 'rex',
  theatre: {
    name: 'Rex',
    city: 'London',
    timeZone: 'europe/london',
    currency: 'GBP',
    latitude: 51,
    longitude: -0.115129,
  },
}

function layoutOf(seats: number) {
  const rows = [{ label: 'A', seats: Array.from({ length: seats }, (_, index) => ({ number: String(index + 1) })) }]
  return must(parseLayout({ rows }).layout, 'The layout is lawful')
}

onBothEngines('importing venues', (engine) => {
  it('keeps a theatre that is equal, and what the line does not say of one that is not', async () => {
    const { database, clock } = await startApp(engine)
    const { id } = await database.write((tx) => upsertTheatre(tx, rex))
    const before = await findTheatre(database.read, id)
    expect(before).toMatchObject({ timeZone: 'Europe/London', latitude: 51, revision: 1, ownerId: null })
    clock.advance(5_000)
    expect(await database.write((tx) => upsertTheatre(tx, rex))).toEqual({ id, outcome: 'unchanged' })
    expect(await findTheatre(database.read, id)).toEqual(before)
    const renamed = {
      externalKey: 'rex',
      theatre: { name: 'Rex!', city: 'London', timeZone: 'Europe/London', currency: 'GBP' },
    }
    expect(await database.write((tx) => upsertTheatre(tx, renamed))).toEqual({ id, outcome: 'changed' })
    expect(await findTheatre(database.read, id)).toMatchObject({ name: 'Rex!', latitude: 51, revision: 2 })
  })

  it('makes another layout a new version and keeps the old one', async () => {
    const { database } = await startApp(engine)
    const { id: theatreId } = await database.write((tx) => upsertTheatre(tx, rex))
    const line = { externalKey: 'one', theatreId, name: 'One', layout: layoutOf(3) }
    const { id } = await database.write((tx) => upsertAuditorium(tx, line))
    expect((await database.write((tx) => upsertAuditorium(tx, line))).outcome).toBe('unchanged')
    const larger = { ...line, layout: layoutOf(4) }
    expect((await database.write((tx) => upsertAuditorium(tx, larger))).outcome).toBe('changed')
    expect(await findAuditorium(database.read, id)).toMatchObject({
      layoutVersion: 2,
      capacity: 4,
      turnaroundMinutes: null,
    })
    expect(await findLayout(database.read, id, 1)).toEqual(layoutOf(3))
    expect(await findLayout(database.read, id, 2)).toEqual(layoutOf(4))
    expect(await findLayout(database.read, id, 3)).toBeUndefined()
  })

  it('takes a chain of halls at once', async () => {
    const { database } = await startApp(engine)
    const { id: theatreId } = await database.write((tx) => upsertTheatre(tx, rex))
    const lines = Array.from({ length: 450 }, (_, index) => ({
      externalKey: `hall ${index}`,
      theatreId,
      name: `Hall ${index}`,
      turnaroundMinutes: 10,
      layout: layoutOf(100),
    }))
    const created = await database.write((tx) => upsertAuditoriums(tx, lines))
    expect(created.every((each) => each.outcome === 'created')).toBe(true)
    const again = await database.write((tx) => upsertAuditoriums(tx, lines))
    expect(again).toEqual(created.map(({ id }) => ({ id, outcome: 'unchanged' })))
  })
})
