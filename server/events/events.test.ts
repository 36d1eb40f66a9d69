import { createServer, request as httpRequest } from 'node:http'
import type { IncomingHttpHeaders, Server, ServerResponse } from 'node:http'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { cancelBooking } from '../../contract/bookings.ts'
import { checkIn } from '../../contract/door.ts'
import * as contract from '../../contract/events.ts'
import { cancelShowtime, updateShowtime } from '../../contract/showtimes.ts'
import { updateUser } from '../../contract/users.ts'
import { expireBookings } from '../bookings/tidy.ts'
import { must } from '../platform/assert.ts'
import { verifyTestWebhook } from '../payments/test-webhook.ts'
import { bookSeats, buySeats } from '../testing/buying.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import type { TestApp } from '../testing/harness.ts'
import { makeShowtime } from '../testing/showtimes.ts'
import type { MadeShowtime } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'
import type { SignedIn } from '../testing/sign-in.ts'
import { deliverEvents } from './deliver.ts'
import { retryPausesMs } from './model.ts'
import { internet, sendWebhook } from './send-webhook.ts'
import type { Outside } from './send-webhook.ts'

interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

let receiver: Server
let received: Received[] = []
let answer: (response: ServerResponse) => void = (response) => response.end('ok')
const port = () => {
  const address = receiver.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

const notPublic = { error: 'The address is not a public one' }

/** The name of the receiver leads to this machine, without TLS. */
const nearby: Outside = {
  resolve: async () => ['127.0.0.1'],
  isAllowed: (address) => address === '127.0.0.1',
  request: (options, onAnswer) => httpRequest({ ...options, agent: false }, onAnswer),
}

beforeAll(async () => {
  receiver = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      received.push({ path: request.url ?? '', headers: request.headers, body })
      answer(response)
    })
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
})
afterAll(() => receiver.close())
beforeEach(() => {
  received = []
  answer = (response) => response.end('ok')
})

onBothEngines('events', (engine) => {
  let app: TestApp
  let admin: SignedIn
  let owner: SignedIn
  let stranger: SignedIn
  let made: MadeShowtime

  beforeEach(async () => {
    app = await startApp(engine, { environment: { MAX_HOLDS_PER_CLIENT: '0', ACCESS_TOKEN_SECONDS: '86400' } })
    admin = await signIn(app, 'admin')
    owner = await signIn(app, 'owner')
    stranger = await signIn(app, 'owner')
    made = await makeShowtime(app, { ownerId: owner.userId })
  })

  const deliver = async (outside = nearby) => {
    const { secrets } = app.app.house
    return await deliverEvents({ database: app.database, clock: app.clock, secrets, outside, tracer: null })
  }
  const url = () => `https://receiver.example:${port()}/hook`
  const create = async (body: object = {}, as = owner) =>
    (await app.call(contract.createWebhookEndpoint, { body: { url: url(), ...body } }, as)).body
  const deliveriesOf = async (id: string) =>
    (await app.call(contract.listWebhookDeliveries, { params: { id } }, owner)).body.data
  const read = async (id: string) => (await app.call(contract.readWebhookEndpoint, { params: { id } }, owner)).body

  test('everything that happens can be pulled in order, each owner its own', async () => {
    const { showtimeId } = made
    const bought = await buySeats(app, showtimeId, ['A1', 'A2'])
    await app.call(checkIn, { body: { ticketId: bought.tickets[0]?.id, showtimeId } }, owner)
    const given = await buySeats(app, showtimeId, ['B1'])
    await app.call(cancelBooking, { params: { id: given.id }, body: {} }, { accessToken: given.accessToken })
    await bookSeats(app, showtimeId, ['C1'])
    app.clock.advance(700_000)
    await expireBookings(app.database, app.clock.now())
    await app.call(cancelShowtime, { params: { id: showtimeId }, body: { reason: 'no heating' } }, owner)
    await deliver()
    const pull = async (query: object = {}, as = owner) => (await app.call(contract.listEvents, { query }, as)).body
    const { data } = await pull({ limit: 100 })
    expect(data.map(({ type }) => type)).toEqual([
      'booking.created',
      'booking.confirmed',
      'ticket.checked_in',
      'booking.created',
      'booking.confirmed',
      'payment.refunded',
      'booking.cancelled',
      'booking.created',
      'booking.expired',
      'payment.refunded',
      'booking.cancelled',
      'showtime.cancelled',
    ])
    expect(data[0]).toMatchObject({ theatreId: made.theatreId, data: { bookingId: bought.id, showtimeId } })
    expect(JSON.stringify(data)).not.toContain('ada@example.com')
    expect((await pull({ after: data[9]?.id })).data).toEqual(data.slice(10))
    expect((await pull({ type: 'ticket.checked_in' }, admin)).data).toHaveLength(1)
    expect(await pull({}, stranger)).toEqual({ data: [], nextCursor: null })
    const paged: string[] = []
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await pull({ limit: 4, cursor })
      paged.push(...page.data.map(({ id }) => id))
      cursor = page.nextCursor
    }
    expect(paged).toEqual(data.map(({ id }) => id))
    expect((await app.call(contract.listEvents, { query: { after: 'evt_nothing' } }, owner)).status).toBe(400)
  })

  test('a change of the programme that the audience can know is told, what of it changed too; a draft is nobody’s business', async () => {
    const { showtimeId, auditoriumId } = made
    const change = async (body: object) => await app.call(updateShowtime, { params: { id: showtimeId }, body }, owner)
    await change({ status: 'draft' })
    await change({ salesPaused: true })
    await change({ status: 'scheduled' })
    await change({ status: 'scheduled' })
    const later = new Date(app.clock.now() + 40 * 3600_000).toISOString()
    await change({ startsAt: later })
    await deliver()
    const { body } = await app.call(contract.listEvents, { query: { type: 'showtime.changed' } }, owner)
    const told = body.data.map(({ data }) => data)
    expect(told).toMatchObject([
      { showtimeId, changed: ['status'], status: 'draft' },
      { showtimeId, changed: ['status'], status: 'scheduled' },
      { showtimeId, auditoriumId, changed: expect.arrayContaining(['startsAt', 'endsAt']) },
    ])
    expect(Date.parse(String(told[2]?.['startsAt']))).toBe(Date.parse(later))
  })

  test('an event is pushed once, signed as Standard Webhooks say, to those who asked for it', async () => {
    const endpoint = await create({ events: ['booking.confirmed'] })
    const deaf = await create({ events: ['showtime.cancelled'] })
    const foreign = await create({}, stranger)
    const secret = must(endpoint.secret, 'It is shown once')
    const booking = await buySeats(app, made.showtimeId, ['A1'])
    expect(await deliver()).toBe(1)
    expect(await deliver()).toBe(0)
    const [push] = received
    expect(received).toHaveLength(1)
    expect(push?.path).toBe('/hook')
    expect(JSON.parse(push?.body ?? '')).toMatchObject({ type: 'booking.confirmed', data: { bookingId: booking.id } })
    expect(verifyTestWebhook(secret, push?.headers ?? {}, push?.body ?? '', app.clock.now())).toBe(true)
    expect(verifyTestWebhook(secret, push?.headers ?? {}, `${push?.body} `, app.clock.now())).toBe(false)
    expect(await deliveriesOf(endpoint.id)).toMatchObject([
      { status: 'delivered', attempts: 1, responseStatus: 200, event: { id: push?.headers['webhook-id'] } },
    ])
    expect(await deliveriesOf(deaf.id)).toEqual([])
    const theirs = await app.call(contract.listWebhookDeliveries, { params: { id: foreign.id } }, stranger)
    expect(theirs.body.data).toEqual([])
  })

  test('the secret is shown once, and never kept; a rotation lets both sign for a day', async () => {
    const endpoint = await create()
    const old = must(endpoint.secret, 'It is shown once')
    expect(old).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(await read(endpoint.id)).not.toHaveProperty('secret')
    const rotated = await app.call(contract.rotateWebhookSecret, { params: { id: endpoint.id } }, owner)
    const fresh = must(rotated.body.secret, 'It is shown once')
    expect(fresh).not.toBe(old)
    const holds = async (secret: string) => {
      received = []
      await buySeats(app, made.showtimeId, [`${'ABCDE'[seats++]}1`])
      await deliver()
      return verifyTestWebhook(secret, received[0]?.headers ?? {}, received[0]?.body ?? '', app.clock.now())
    }
    let seats = 0
    expect(await holds(old)).toBe(true)
    expect(await holds(fresh)).toBe(true)
    app.clock.advance(25 * 3600_000)
    expect(await holds(old)).toBe(false)
    expect(await holds(fresh)).toBe(true)
    const kept = await app.database.read.selectFrom('webhookEndpoints').selectAll().execute()
    expect(JSON.stringify(kept)).not.toContain(fresh.slice(6))
  })

  test('who fails is asked again, longer and longer, for three days, and then no more', async () => {
    answer = (response) => response.writeHead(500).end()
    const endpoint = await create({ events: ['booking.confirmed'] })
    await buySeats(app, made.showtimeId, ['A1'])
    await deliver()
    expect(await deliveriesOf(endpoint.id)).toMatchObject([{ status: 'pending', attempts: 1, responseStatus: 500 }])
    for (const pauseMs of retryPausesMs) {
      app.clock.advance(pauseMs - 1)
      await deliver()
      const before = received.length
      app.clock.advance(1)
      await deliver()
      expect(received.length).toBe(before + 1)
    }
    expect(received).toHaveLength(10)
    const row = await app.database.read.selectFrom('webhookEndpoints').selectAll().executeTakeFirstOrThrow()
    expect(row).toMatchObject({ status: 'disabled', disabledReason: 'It could not be reached for three days' })
    const deliveries = await app.database.read.selectFrom('webhookDeliveries').selectAll().execute()
    expect(deliveries).toMatchObject([{ status: 'failed', attempts: 10, nextAttemptAt: null }])
  })

  test('410 ends it at once; turned on again, a delivery can be played again', async () => {
    answer = (response) => response.writeHead(410).end()
    const { id } = await create({ events: ['booking.confirmed'] })
    await buySeats(app, made.showtimeId, ['A1'])
    await deliver()
    expect(await read(id)).toMatchObject({ status: 'disabled', disabledReason: 'It answered 410 Gone' })
    answer = (response) => response.end()
    const [failed] = await deliveriesOf(id)
    await app.call(contract.updateWebhookEndpoint, { params: { id }, body: { status: 'active' } }, owner)
    const params = { id, deliveryId: failed?.id }
    expect((await app.call(contract.replayWebhookDelivery, { params }, stranger)).status).toBe(404)
    const again = await app.call(contract.replayWebhookDelivery, { params }, owner)
    expect(again.body).toMatchObject({ status: 'pending', attempts: 0, event: { id: failed?.event.id } })
    expect(await deliver()).toBe(1)
    expect(received.map(({ headers }) => headers['webhook-id'])).toEqual([failed?.event.id, failed?.event.id])
  })

  test('an endpoint is its maker’s and the administrators’', async () => {
    const { id } = await create()
    const params = { id }
    expect((await app.call(contract.readWebhookEndpoint, { params }, stranger)).status).toBe(404)
    expect((await app.call(contract.deleteWebhookEndpoint, { params }, stranger)).status).toBe(404)
    expect((await app.call(contract.listWebhookEndpoints, {}, stranger)).body.data).toEqual([])
    expect((await app.call(contract.listWebhookEndpoints, {}, admin)).body.data).toHaveLength(1)
    expect(
      (await app.call(contract.createWebhookEndpoint, { body: { url: 'https://10.0.0.1/' } }, owner)).problem,
    ).toMatchObject({
      code: 'validation_failed',
      errors: [{ path: '/url' }],
    })
    expect((await app.call(contract.deleteWebhookEndpoint, { params }, admin)).status).toBe(204)
    expect((await app.call(contract.readWebhookEndpoint, { params }, owner)).status).toBe(404)
  })

  test('who is banned, or no owner any more, is told nothing of what happens from then on', async () => {
    const banned = await create()
    const buy = async (seat: string) => {
      await buySeats(app, made.showtimeId, [seat])
      await deliver()
      return received.splice(0).length
    }
    expect(await buy('A1')).toBeGreaterThan(0)
    for (const change of [{ banned: true }, { banned: false, role: 'customer' }]) {
      await app.call(updateUser, { params: { id: owner.userId }, body: change }, admin)
      expect(await buy(change.banned ? 'A2' : 'A3')).toBe(0)
    }
    await app.call(updateUser, { params: { id: owner.userId }, body: { role: 'owner' } }, admin)
    expect(await buy('A4')).toBeGreaterThan(0)
    expect(banned.status).toBe('active')
  })

  test('a name that leads to a private address is not connected to, not even when it also leads to a public one', async () => {
    // Whatever network this runs in: not even a connection is begun.
    const request = () => {
      throw new Error('It was asked')
    }
    const outside = { ...nearby, isAllowed: internet.isAllowed, request }
    for (const addresses of [['127.0.0.1'], ['1.1.1.1', '10.0.0.1'], ['10.0.0.1', '1.1.1.1'], ['::ffff:127.0.0.1']]) {
      const resolve = async () => addresses
      expect(await sendWebhook({ ...outside, resolve }, url(), {}, '{}')).toEqual(notPublic)
    }
    expect(await sendWebhook(outside, `https://127.0.0.1:${port()}/`, {}, '{}')).toEqual(notPublic)
    expect(await sendWebhook({ ...outside, resolve: async () => [] }, url(), {}, '{}')).toHaveProperty('error')
  })

  test('a redirect is not followed, and of a long answer only the beginning is read', async () => {
    answer = (response) => response.writeHead(302, { location: 'https://elsewhere.example/' }).end()
    expect(await sendWebhook(nearby, url(), {}, '{}')).toEqual({ status: 302 })
    expect(received).toHaveLength(1)
    let sent = 0
    answer = (response) => {
      const endless = () => {
        while (!response.destroyed && response.write('x'.repeat(16_384))) sent += 16_384
        if (!response.destroyed) response.once('drain', endless)
      }
      endless()
    }
    expect(await sendWebhook(nearby, url(), {}, '{}')).toEqual({ status: 200 })
    // What was on its way comes on top of the 64 KiB.
    expect(sent).toBeLessThan(16 * 1024 * 1024)
  })
})
