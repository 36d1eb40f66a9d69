import { expect, it } from 'vitest'
import * as bookings from '../contract/bookings.ts'
import * as catalogue from '../contract/catalogue.ts'
import { checkIn } from '../contract/door.ts'
import * as holds from '../contract/holds.ts'
import * as payments from '../contract/payments.ts'
import * as showtimes from '../contract/showtimes.ts'
import { decide } from './holds/commands.ts'
import type { PlaceHoldCommand } from './holds/ledger.ts'
import { storageIn } from './holds/sqlite-storage.ts'
import { must } from './platform/assert.ts'
import { bookSeats, buySeats, guestCustomer, holdSeats, payBooking } from './testing/buying.ts'
import { openEventStream } from './testing/event-stream.ts'
import { onBothEngines, startApp } from './testing/harness.ts'
import type { TestApp } from './testing/harness.ts'
import { findScans } from './testing/query-plans.ts'
import { makeShowtime } from './testing/showtimes.ts'
import type { MadeShowtime } from './testing/showtimes.ts'
import { signIn } from './testing/sign-in.ts'
import { addEndpoint } from './testing/webhooks.ts'
import { recordStatements } from './testing/statements.ts'
import type { StatementRecorder } from './testing/statements.ts'

interface Scene {
  readonly test: TestApp
  readonly made: MadeShowtime
  readonly general: string
  during: StatementRecorder['during']
}

async function sell({ test, made, general, during }: Scene): Promise<void> {
  const ada = await signIn(test)
  const params = { id: made.showtimeId }
  const keyed = (key: string) => ({ ...ada, headers: { 'idempotency-key': key } })
  const place = async (body: object, as: object) => await test.call(holds.placeHold, { params, body }, as)
  const { body: hold } = await during('hold', () => place({ seats: ['A1', 'A2'] }, keyed('a')))
  await during('replay', () => place({ seats: ['A1', 'A2'] }, keyed('a')))
  await during('hold refused', () => place({ seats: ['A2', 'A3'] }, {}))
  await during('hold best', () => place({ best: { count: 2 } }, {}))
  await during('hold places', () => holdSeats(test, general, 2))
  await during('read hold', () => test.call(holds.readHold, { params: { id: hold.id } }, ada))
  await during('extend', () => test.call(holds.extendHold, { params: { id: hold.id } }, keyed('b')))
  const { body: booking } = await during('book', () =>
    test.call(bookings.createBooking, { body: { holdId: hold.id, customer: guestCustomer } }, keyed('c')),
  )
  const body = { bookingId: booking.id, provider: 'test' }
  const { body: payment } = await during('pay', () => test.call(payments.createPayment, { body }, keyed('d')))
  await during('confirm', () =>
    test.call(payments.confirmPayment, { params: { id: payment.id }, body: {} }, keyed('e')),
  )
  await during('read booking', () => test.call(bookings.readBooking, { params: { id: booking.id } }, ada))
  await during('my bookings', () => test.call(bookings.listBookings, {}, ada))
  await during('cancel', () => test.call(bookings.cancelBooking, { params: { id: booking.id }, body: {} }, keyed('f')))
  const other = await holdSeats(test, made.showtimeId, ['B1'])
  await during('release', () =>
    test.call(holds.releaseHold, { params: { id: other.id } }, { accessToken: other.token }),
  )
  const atOnce = { showtimeId: made.showtimeId, seats: ['B2'], customer: guestCustomer }
  await during('book at once', () => test.call(bookings.createBooking, { body: atOnce }))
}

/** On SQLite a thread writes for the ledger, where nobody listens: its statements once more, in this one. */
async function sellInProcess({ test, made, during }: Scene): Promise<void> {
  if (test.database.engine === 'postgres') return
  const { showtimeId } = made
  const hold = await holdSeats(test, showtimeId, ['E5', 'E6'])
  const about = { showtimeId, holdId: hold.id }
  const key = { caller: 'x', route: 'x', key: 'x', bodyHash: 'x' }
  await during('ledger', () =>
    test.database.write((tx) => {
      decide(storageIn(tx), { kind: 'extend', ...about, holdMs: 1000, key })
      return decide(storageIn(tx), { kind: 'release', ...about })
    }),
  )
  const showtime = must(await test.app.house.holds.findShowtime(showtimeId), 'It was made')
  const { auditoriumId, layoutVersion, revision, theatreRevision } = showtime
  const maker = { client: 'guest:x', address: 'x', userId: null, extensionsLeft: 1, channel: 'web' } as const
  const command: PlaceHoldCommand = {
    kind: 'place',
    showtimeId,
    auditoriumId,
    layoutVersion,
    revision,
    theatreRevision,
    wish: { kind: 'seats', seatIds: ['E5'] },
    holdMs: 1000,
    hold: { ...maker, id: 'hld_x', terms: '' },
    limits: { holdsPerClient: 5, placesPerAddress: 40 },
    key: { ...key, key: 'y' },
  }
  const placed = await during('ledger', () => test.database.write((tx) => decide(storageIn(tx), command)))
  expect(placed).toMatchObject({ id: 'hld_x', status: 'live' })
}

async function look({ test, made, during }: Scene): Promise<void> {
  const params = { id: made.showtimeId }
  await during('seat map', () => test.call(holds.readSeatMap, { params }))
  await during('availability', () => test.call(holds.readAvailability, { params }))
  await during('best seats', () => test.call(holds.readBestSeats, { params, query: { count: 2 } }))
  await during('showtime', () => test.call(showtimes.getShowtime, { params }))
  await during('movie', () => test.call(catalogue.getMovie, { params: { id: made.movieId } }))
  await during('movie showtimes', () => test.call(showtimes.listMovieShowtimes, { params: { id: made.movieId } }))
  for (const query of [
    {},
    { theatreId: made.theatreId },
    { movieId: made.movieId },
    { city: 'Leeds' },
    { date: '2026-11-23' },
    { from: '2026-11-22T00:00Z', to: '2026-11-24T00:00Z' },
    { theatreId: made.theatreId, date: '2026-11-23' },
  ]) {
    await during(`showtimes by ${Object.keys(query).join(' and ') || 'start'}`, () =>
      test.call(showtimes.listShowtimes, { query }),
    )
  }
  for (const query of [
    {},
    { sort: 'popularity' },
    { sort: '-releaseDate' },
    { q: 'night tram' },
    { genre: 'Drama' },
    { city: 'Leeds' },
    { city: 'Leeds', date: '2026-11-23' },
  ]) {
    await during(`movies by ${Object.keys(query).join(' and ') || 'title'}`, () =>
      test.call(catalogue.listMovies, { query }),
    )
  }
}

async function admit({ test, made, during }: Scene): Promise<void> {
  const booking = await buySeats(test, made.showtimeId, ['C1', 'C2'])
  test.clock.advance(47.5 * 3600_000)
  const admin = await signIn(test, 'admin')
  const body = { ticketId: booking.tickets[0]?.id, showtimeId: made.showtimeId }
  expect((await during('check-in', () => test.call(checkIn, { body }, admin))).status).toBe(201)
}

/** Work that comes round, with something to do for each. */
async function goRound({ test, made, during }: Scene): Promise<void> {
  await holdSeats(test, made.showtimeId, ['D1'])
  await payBooking(test, await bookSeats(test, made.showtimeId, ['D2']))
  await bookSeats(test, made.showtimeId, ['D3'])
  await addEndpoint(test, await signIn(test, 'admin'))
  await bookSeats(test, made.showtimeId, ['E8'])
  test.clock.advance(700_000)
  for (const job of test.app.jobs.filter(({ name }) => often.has(name))) {
    await during(`job ${job.name}`, () => job.run())
  }
}

/** What comes round so often that a scan would be felt; the rest has minutes or hours between. */
const often = new Set(['events', 'outbox', 'mail', 'expired bookings', 'lapsed claims', 'seats out of order'])

async function watch({ test, made, during }: Scene): Promise<void> {
  await during('watch', async () => {
    const stream = await openEventStream(test, `/api/v1/showtimes/${made.showtimeId}/seats/events`)
    const first = await stream.next()
    await holdSeats(test, made.showtimeId, ['E1'])
    await stream.next()
    await stream.close()
    const again = await openEventStream(test, `/api/v1/showtimes/${made.showtimeId}/seats/events`, first?.id)
    expect(await again.next()).toMatchObject({ data: { changed: [{ id: 'E1', status: 'held' }] } })
    await again.close()
  })
}

onBothEngines('what is asked of the database on the hot paths', (engine) => {
  it('never reads a table whole', { timeout: 120_000 }, async () => {
    const recorder = recordStatements()
    const test = await startApp(engine, {
      environment: { MAX_HOLDS_PER_CLIENT: '500', ACCESS_TOKEN_SECONDS: '86400' },
    })
    const made = await makeShowtime(test)
    const general = (await makeShowtime(test, { layout: { seating: 'general', capacity: 30 } })).showtimeId
    const scene = { test, made, general, during: recorder.during }
    await sell(scene)
    await sellInProcess(scene)
    await look(scene)
    await watch(scene)
    await goRound(scene)
    await admit(scene)
    const statements = [...recorder.statements.values()]
    // The recorder heard the statements themselves, not nothing.
    expect(statements.filter(({ sql }) => /INSERT INTO seat_claims/.test(sql)).length).toBeGreaterThan(0)
    expect(statements.length).toBeGreaterThan(60)
    expect(await findScans(test.location, statements)).toEqual([])
  })

  it('would be found out if it did', async () => {
    const test = await startApp(engine)
    const scansOf = async (sql: string) =>
      await findScans(test.location, [{ sql, values: [], operations: new Set(['x']) }])
    expect(await scansOf("SELECT id FROM bookings WHERE notes = 'x'")).toHaveLength(1)
    expect(await scansOf('SELECT COUNT(*) FROM tickets')).toHaveLength(1)
    expect(await scansOf("DELETE FROM holds WHERE channel = 'web'")).toHaveLength(1)
    expect(await scansOf('SELECT b.id FROM bookings b JOIN tickets t ON t.seat_id = b.notes')).not.toEqual([])
    // A sort needs every row before the first is known; an index in that order does not.
    expect(await scansOf('SELECT id FROM movies ORDER BY overview LIMIT 5')).toHaveLength(1)
    expect(await scansOf('SELECT id FROM movies ORDER BY title_folded, id LIMIT 5')).toEqual([])
    expect(await scansOf("SELECT id FROM bookings WHERE reference = 'x'")).toEqual([])
  })
})
