import { beforeAll, expect, test } from 'vitest'
import * as bookings from '../../contract/bookings.ts'
import { checkIn } from '../../contract/door.ts'
import { blockSeats, placeHold } from '../../contract/holds.ts'
import { readAccessKeys } from '../../contract/platform.ts'
import { createTicketType } from '../../contract/prices.ts'
import { updateShowtime } from '../../contract/showtimes.ts'
import { buySeats } from '../testing/buying.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import type { TestApp } from '../testing/harness.ts'
import { makeShowtime } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'
import type { SignedIn } from '../testing/sign-in.ts'

onBothEngines('the rules of a house', (engine) => {
  let app: TestApp
  let owner: SignedIn

  beforeAll(async () => {
    app = await startApp(engine, { environment: { MAX_HOLDS_PER_CLIENT: '0', ACCESS_TOKEN_SECONDS: '86400' } })
    owner = await signIn(app, 'owner')
  })

  const hold = async (id: string, seats: string[]) => {
    const answer = await app.call(placeHold, { params: { id }, body: { seats } })
    return answer.status < 400 ? answer.status : answer.problem.code
  }

  test('where no single seat may be left over, a choice that leaves one is refused, and one that does not is not', async () => {
    const strict = await makeShowtime(app, { settings: { singleGapRule: true } })
    expect(await hold(strict.showtimeId, ['A2', 'A3'])).toBe('leaves_single_gap')
    expect(await hold(strict.showtimeId, ['A1', 'A2'])).toBe(201)
    const easy = await makeShowtime(app)
    expect(await hold(easy.showtimeId, ['A2', 'A3'])).toBe(201)
  })

  test('where sofas are sold whole, half of one is refused', async () => {
    const sofa = (number: string) => ({ number, kind: 'sofa' as const, unit: 'S1' })
    const layout = { rows: [{ label: 'A', seats: [sofa('1'), sofa('2'), { number: '3' }] }] }
    const whole = await makeShowtime(app, { layout, settings: { sellSofasWhole: true } })
    expect(await hold(whole.showtimeId, ['A1'])).toBe('splits_sofa')
    expect(await hold(whole.showtimeId, ['A1', 'A2'])).toBe(201)
    const single = await makeShowtime(app, { layout })
    expect(await hold(single.showtimeId, ['A1'])).toBe(201)
  })

  test('a carer is free beside a full price, and not without one', async () => {
    const { showtimeId, theatreId } = await makeShowtime(app, { ownerId: owner.userId })
    const carer = { key: 'carer', name: 'Carer', requires: { ticketType: 'adult', ratio: 1 } }
    await app.call(createTicketType, { params: { id: theatreId }, body: carer }, owner)
    const price = (ticketType: string, amount: number) => ({
      category: 'standard',
      ticketType,
      price: { amount, currency: 'GBP' },
    })
    const prices = [price('adult', 1250), price('carer', 0)]
    await app.call(updateShowtime, { params: { id: showtimeId }, body: { prices } }, owner)
    const book = async (seats: string[], types: string[]) => {
      const tickets = seats.map((seat, index) => ({ seat, ticketType: types[index] }))
      const customer = { name: 'Ada', email: 'ada@example.com' }
      return await app.call(bookings.createBooking, { body: { showtimeId, seats, tickets, customer } })
    }
    expect((await book(['A1'], ['carer'])).problem).toMatchObject({ code: 'ticket_type_rule', ticketType: 'carer' })
    expect((await book(['A1', 'A2'], ['carer', 'carer'])).problem.code).toBe('ticket_type_rule')
    expect((await book(['A1', 'A2'], ['carer', 'adult'])).body.total.amount).toBe(1250)
  })

  test('a ticket that was used is neither cancelled nor moved to another seat', async () => {
    const { showtimeId } = await makeShowtime(app, { ownerId: owner.userId, startsInMs: 30 * 60_000 })
    const booking = await buySeats(app, showtimeId, ['A1', 'A2'])
    await app.call(checkIn, { body: { ticketId: booking.tickets[0]?.id, showtimeId } }, owner)
    const params = { id: booking.id }
    const cancelled = await app.call(bookings.cancelBooking, { params, body: {} }, owner)
    expect(cancelled.problem.code).toBe('ticket_used')
    const moves = [{ from: 'A1', to: 'B1' }]
    expect((await app.call(bookings.changeSeats, { params, body: { moves } }, owner)).problem.code).toBe('ticket_used')
    const other = [{ from: 'A2', to: 'B1' }]
    expect((await app.call(bookings.changeSeats, { params, body: { moves: other } }, owner)).status).toBe(200)
  })

  test('house seats are anybody’s from the moment on that they are released', async () => {
    const { showtimeId } = await makeShowtime(app, { ownerId: owner.userId })
    const releaseAt = new Date(app.clock.now() + 3600_000).toISOString()
    const params = { id: showtimeId }
    await app.call(blockSeats, { params, body: { seats: ['C1', 'C2'], reason: 'press', releaseAt } }, owner)
    expect(await hold(showtimeId, ['C1'])).toBe('seats_unavailable')
    app.clock.advance(3600_000)
    expect(await hold(showtimeId, ['C1', 'C2'])).toBe(201)
  })

  test('the bookings of an account are its own and the administrator’s to read', async () => {
    const { showtimeId } = await makeShowtime(app)
    const [ada, eve, admin] = [await signIn(app), await signIn(app), await signIn(app, 'admin')]
    const made = await app.call(bookings.createBooking, { body: { showtimeId, seats: ['A1'] } }, ada)
    const read = async (as: SignedIn) => await app.call(bookings.listUserBookings, { params: { id: ada.userId } }, as)
    for (const as of [ada, admin]) expect((await read(as)).body.data.map(({ id }) => id)).toEqual([made.body.id])
    expect((await read(eve)).problem.code).toBe('not_found')
  })

  test('the public halves alone of the keys that sign access tokens are for anyone', async () => {
    const { raw } = await app.call(readAccessKeys)
    const { keys } = raw.json()
    expect(keys.length).toBeGreaterThan(0)
    for (const key of keys) {
      expect(key).toMatchObject({ kty: 'OKP', crv: 'Ed25519', kid: expect.any(String), x: expect.any(String) })
      expect(key).not.toHaveProperty('d')
    }
  })
})
