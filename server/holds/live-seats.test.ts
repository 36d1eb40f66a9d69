import { expect, it, vi } from 'vitest'
import * as holds from '../../contract/holds.ts'
import type { Engine } from '../database/database.ts'
import { buySeats, holdSeats } from '../testing/buying.ts'
import { openEventStream } from '../testing/event-stream.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import { makeShowtime } from '../testing/showtimes.ts'
import type { ShowtimeWish } from '../testing/showtimes.ts'

async function stage(engine: Engine, wish: ShowtimeWish = {}) {
  const test = await startApp(engine, { environment: { MAX_HOLDS_PER_CLIENT: '0' } })
  const { showtimeId } = await makeShowtime(test, wish)
  const path = `/api/v1/showtimes/${showtimeId}/seats/events`
  return { test, showtimeId, path }
}

onBothEngines('watching seats', (engine) => {
  it('tells everything at first, then each change once and in order', async () => {
    const { test, showtimeId, path } = await stage(engine)
    await holdSeats(test, showtimeId, ['A1'])
    const stream = await openEventStream(test, path)
    expect(stream.headers.get('content-type')).toContain('text/event-stream')
    const snapshot = await stream.next()
    expect(snapshot).toMatchObject({ event: 'snapshot', data: { held: ['A1'], booked: [], blocked: [] } })
    const hold = await holdSeats(test, showtimeId, ['B1', 'B2'])
    const first = await stream.next()
    expect(first).toMatchObject({
      event: 'seats',
      data: {
        changed: [
          { id: 'B1', status: 'held' },
          { id: 'B2', status: 'held' },
        ],
      },
    })
    await test.call(holds.releaseHold, { params: { id: hold.id } }, { accessToken: hold.token })
    expect(await stream.next()).toMatchObject({
      data: {
        changed: [
          { id: 'B1', status: 'available' },
          { id: 'B2', status: 'available' },
        ],
      },
    })
    await buySeats(test, showtimeId, ['C1'])
    const held = await stream.next()
    const booked = await stream.next()
    expect(held).toMatchObject({ data: { changed: [{ id: 'C1', status: 'held' }] } })
    expect(booked).toMatchObject({ data: { changed: [{ id: 'C1', status: 'booked' }] } })
    const versions = [snapshot, first, held, booked].map((event) => Number(event?.data['version']))
    expect(versions).toEqual(versions.toSorted((one, other) => one - other))
    expect(booked?.id).toMatch(new RegExp(`^[0-9a-z]+-${versions.at(-1)}$`))
    await stream.close()
  })

  it('goes on where a reader left off, and starts anew where it cannot', async () => {
    const { test, showtimeId, path } = await stage(engine)
    const stream = await openEventStream(test, path)
    const snapshot = await stream.next()
    await stream.close()
    await holdSeats(test, showtimeId, ['A1'])
    await holdSeats(test, showtimeId, ['A2'])
    const resumed = await openEventStream(test, path, snapshot?.id)
    expect(await resumed.next()).toMatchObject({ event: 'seats', data: { changed: [{ id: 'A1' }] } })
    expect(await resumed.next()).toMatchObject({ event: 'seats', data: { changed: [{ id: 'A2' }] } })
    await resumed.close()
    for (const id of ['nonsense', 'other-3', `${snapshot?.id.split('-')[0]}-999999`]) {
      const fresh = await openEventStream(test, path, id)
      expect(await fresh.next(), id).toMatchObject({ event: 'snapshot', data: { held: ['A1', 'A2'] } })
      await fresh.close()
    }
  })

  it('tells of a seat that lapsed and was taken again: available, then held', async () => {
    const { test, showtimeId, path } = await stage(engine)
    await holdSeats(test, showtimeId, ['A1'])
    const stream = await openEventStream(test, path)
    await stream.next()
    test.clock.advance(300_000)
    await holdSeats(test, showtimeId, ['A1'])
    expect(await stream.next()).toMatchObject({ data: { changed: [{ id: 'A1', status: 'available' }] } })
    expect(await stream.next()).toMatchObject({ data: { changed: [{ id: 'A1', status: 'held' }] } })
    await stream.close()
  })

  it('counts places in general admission', async () => {
    const { test, showtimeId, path } = await stage(engine, { layout: { seating: 'general', capacity: 10 } })
    const stream = await openEventStream(test, path)
    expect(await stream.next()).toMatchObject({ event: 'snapshot', data: { counts: { available: 10 } } })
    await holdSeats(test, showtimeId, 4)
    expect(await stream.next()).toMatchObject({ event: 'seats', data: { counts: { available: 6, held: 4 } } })
    await stream.close()
  })

  it('ends with the server also where it was still being opened, and its connection with it', async () => {
    const { test, path } = await stage(engine)
    const { holds: store, live } = test.app.house
    const find = store.findShowtime
    const opening = Promise.withResolvers<void>()
    const gate = Promise.withResolvers<void>()
    let asked = 0
    // The route finds the showtime first, then the stream does.
    vi.spyOn(store, 'findShowtime').mockImplementation(async (id) => {
      asked += 1
      if (asked === 2) {
        opening.resolve()
        await gate.promise
      }
      return await find(id)
    })
    const opened = openEventStream(test, path)
    await opening.promise
    test.app.drain()
    gate.resolve()
    const stream = await opened
    expect(stream.headers.get('connection')).toBe('close')
    expect(await stream.next()).toBeNull()
    expect(live.listeners.count).toBe(0)
    expect(asked).toBe(2)
  })

  it('ends where it cannot be opened, so that its reader comes again', async () => {
    const { test, path } = await stage(engine)
    const { holds: store } = test.app.house
    const find = store.findShowtime
    let asked = 0
    vi.spyOn(store, 'findShowtime').mockImplementation(async (id) => {
      asked += 1
      if (asked === 2) throw new Error('the database went away')
      return await find(id)
    })
    await expect(openEventStream(test, path)).rejects.toThrow('fetch failed')
    expect(test.app.house.live.listeners.count).toBe(0)
  })

  it('ends with the server, and is not there for what nobody may see', async () => {
    const { test, path } = await stage(engine)
    const stream = await openEventStream(test, path)
    await stream.next()
    test.app.drain()
    expect(await stream.next()).toBeNull()
    const draft = await stage(engine, { change: { status: 'draft' } })
    expect((await draft.test.inject({ url: draft.path })).statusCode).toBe(404)
  })

  it('from one address has its bound, so that one client cannot take every place', { timeout: 60_000 }, async () => {
    const test = await startApp(engine, { environment: { RATE_LIMIT: 'on' } })
    const { showtimeId } = await makeShowtime(test)
    const path = `/api/v1/showtimes/${showtimeId}/seats/events`
    const { listeners } = test.app.house.live
    const streams = []
    for (let opened = 0; opened < 500; opened += 1) streams.push(await openEventStream(test, path))
    const refused = await openEventStream(test, path)
    expect(refused.status).toBe(503)
    await refused.close()
    expect(listeners.count).toBe(500)
    expect(listeners.isFullFor('192.0.2.1')).toBe(false)
    await Promise.all(streams.map(async (stream) => await stream.close()))
    await vi.waitFor(() => expect(listeners.count).toBe(0), 10_000)
    expect(listeners.isFullFor('127.0.0.1')).toBe(false)
  })
})
