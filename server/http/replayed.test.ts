import type { InjectOptions, LightMyRequestResponse as Response } from 'fastify'
import sharp from 'sharp'
import { expect, it } from 'vitest'
import { api, operations } from '../../contract/api.ts'
import { cancelBooking } from '../../contract/bookings.ts'
import { createPayment } from '../../contract/payments.ts'
import { createShowtime } from '../../contract/showtimes.ts'
import { setWaitingRoom } from '../../contract/waiting-room.ts'
import { formatInstant } from '../platform/time.ts'
import { bookSeats, holdSeats, payBooking, readBooking } from '../testing/buying.ts'
import { jsonType } from '../testing/every-operation.ts'
import { onBothEngines } from '../testing/harness.ts'
import { setPermissionStage, urlOf } from '../testing/permission-stage.ts'
import type { PermissionStage } from '../testing/permission-stage.ts'

type OperationId = keyof typeof api

/** POSTs for which a key means nothing, and why. */
const withoutKey: Partial<Record<OperationId, string>> = {
  lookUpBooking: 'changes nothing',
  convertLayout: 'changes nothing',
  receiveWebhook: 'is known by the id of its event',
}

interface Try {
  readonly id: OperationId
  readonly body?: unknown
  /** In place of those of the stage. */
  readonly things?: Readonly<Record<string, string>>
  readonly accessToken?: string
}

const eur = (amount: number) => ({ amount, currency: 'EUR' })

/** What is asked of each operation so that it succeeds; in an order in which none is in another's way. */
async function triesOf({ test, own, as }: PermissionStage): Promise<readonly Try[]> {
  const owner = as('owner', '/theatres')
  const showtimeId = own['/showtimes'] ?? ''
  const show = { movieId: own['/movies'], auditoriumId: own['/auditoriums'], basePrice: eur(1200) }
  const layout = { rows: [{ label: 'A', seats: [{ number: '1' }] }] }
  const later = await test.call(createShowtime, { body: { ...show, startsAt: '2026-12-01T20:00' } }, owner)
  const rush = await test.call(createShowtime, { body: { ...show, startsAt: '2026-12-05T20:00' } }, owner)
  const room = { params: { id: rush.body.id }, body: { opensAt: '2026-11-30T10:00' } }
  await test.call(setWaitingRoom, room, owner)
  const hold = await holdSeats(test, showtimeId, ['B2'])
  const toExtend = await holdSeats(test, showtimeId, ['B3'])
  const [paid, part, unpaid, begun] = [
    await bookSeats(test, showtimeId, ['B4']),
    await bookSeats(test, showtimeId, ['C3', 'C4']),
    await bookSeats(test, showtimeId, ['A2']),
    await bookSeats(test, showtimeId, ['A3']),
  ]
  await payBooking(test, paid)
  await payBooking(test, part)
  const payment = await test.call(
    createPayment,
    { body: { bookingId: begun.id, provider: 'test' } },
    {
      accessToken: begun.accessToken,
    },
  )
  const cash = await bookSeats(test, later.body.id, ['B1'])
  const counter = { bookingId: cash.id, provider: 'counter', tender: 'cash' }
  await test.call(createPayment, { body: counter }, as('staff', '/theatres'))
  await test.call(cancelBooking, { params: { id: cash.id }, body: {} }, { accessToken: cash.accessToken })
  const code = (await readBooking(test, paid)).tickets[0]?.code
  const programme = { theatreId: own['/theatres'], from: '2026-11-23', to: '2026-11-24' }
  return [
    { id: 'promoteUser' },
    { id: 'createMovie', body: { title: 'Orlando', runtimeMinutes: 94 } },
    { id: 'uploadPoster' },
    { id: 'createTheatre', body: { name: 'Rio', city: 'Rome', timeZone: 'Europe/Rome', currency: 'EUR' } },
    { id: 'inviteStaff', body: { email: 'new@example.com' } },
    { id: 'createAuditorium', body: { name: 'Studio', layout } },
    { id: 'createShowtime', body: { ...show, startsAt: '2026-12-02T20:00' } },
    { id: 'createShowtimes', body: { showtimes: [{ ...show, startsAt: '2026-12-03T20:00' }] } },
    { id: 'copyShowtimes', body: { ...programme, days: 70 } },
    { id: 'publishShowtimes', body: programme },
    { id: 'createTicketType', body: { key: 'carer', name: 'Carer' } },
    {
      id: 'createPriceList',
      body: { name: 'Holidays', rules: [{ category: 'standard', ticketType: 'adult', price: eur(900) }] },
    },
    { id: 'joinWaitingRoom', things: { '/showtimes': rush.body.id } },
    { id: 'placeHold', body: { seats: ['A4'] } },
    { id: 'extendHold', things: { '/holds': toExtend.id }, accessToken: toExtend.token },
    { id: 'createBooking', body: { holdId: hold.id, customer: { email: 'ada@example.com' } }, accessToken: hold.token },
    { id: 'createPayment', body: { bookingId: unpaid.id, provider: 'test' }, accessToken: unpaid.accessToken },
    {
      id: 'confirmPayment',
      body: {},
      things: { '/payments': payment.body.id },
      accessToken: begun.accessToken,
    },
    { id: 'refundPayment', body: { amount: eur(100) } },
    { id: 'payOutBooking', body: {}, things: { '/bookings': cash.id } },
    { id: 'resendBooking', things: { '/bookings': part.id }, accessToken: part.accessToken },
    {
      id: 'changeSeats',
      body: {
        moves: [
          { from: 'C3', to: 'C4' },
          { from: 'C4', to: 'C3' },
        ],
      },
      things: { '/bookings': part.id },
    },
    {
      id: 'exchangeBooking',
      body: { showtimeId: later.body.id, seats: ['A1', 'A2'] },
      things: { '/bookings': part.id },
      accessToken: part.accessToken,
    },
    {
      id: 'cancelBooking',
      body: {},
      things: { '/bookings': part.id },
      accessToken: part.accessToken,
    },
    { id: 'createPromotion', body: { code: 'AUTUMN', percentOff: 5 } },
    { id: 'createVoucher', body: { balance: eur(2000) } },
    { id: 'openShift', body: { theatreId: own['/theatres'], till: 'Till 2', float: eur(100) } },
    { id: 'moveCash', body: { amount: eur(-50), reason: 'Stamps' } },
    { id: 'closeShift', body: { counted: eur(9950) } },
    { id: 'checkIn', body: { code, showtimeId } },
    { id: 'reportScans', body: { scans: [{ id: 'scan-1', code, at: formatInstant(test.clock.now()) }] } },
    { id: 'createWebhookEndpoint', body: { url: 'https://example.com/other' } },
    { id: 'rotateWebhookSecret' },
    { id: 'replayWebhookDelivery' },
    {
      id: 'moveShowtime',
      body: { auditoriumId: own['/auditoriums'], startsAt: '2026-12-04T20:00' },
      things: { '/showtimes': later.body.id },
    },
    { id: 'cancelShowtime', body: { reason: 'The projector broke' }, things: { '/showtimes': later.body.id } },
  ]
}

onBothEngines('a POST that is repeated with its Idempotency-Key', (engine) => {
  it('answers what it answered first, as long as a day later, whatever has become of its subject', async () => {
    const stage = await setPermissionStage(engine)
    const tries = await triesOf(stage)
    const red = { width: 30, height: 45, channels: 3, background: '#7a1f2b' } as const
    const picture = await sharp({ create: red }).png().toBuffer()
    const asked = operations.filter(({ method, path }) => method === 'POST' && !path.startsWith('/auth/'))
    expect([...tries.map(({ id }) => id), ...Object.keys(withoutKey)].toSorted()).toEqual(
      asked.map(({ id }) => id).toSorted(),
    )
    const ask = async ({ id, body, things, accessToken }: Try): Promise<Response> => {
      const shape = api[id]
      const { token } = stage.as(id === 'promoteUser' ? 'admin' : 'owner', shape.path)
      const raw = id === 'uploadPoster'
      const headers = {
        'idempotency-key': 'the same key',
        ...(accessToken === undefined ? { authorization: `Bearer ${token}` } : { 'x-access-token': accessToken }),
        ...(raw ? { 'content-type': 'image/png' } : body !== undefined && jsonType),
      }
      const payload = raw ? picture : body === undefined ? undefined : JSON.stringify(body)
      const options: InjectOptions = { method: 'POST', url: urlOf(shape, { ...stage.own, ...things }), headers }
      return await stage.test.inject({ ...options, ...(payload !== undefined && { payload }) })
    }
    const first = new Map<OperationId, Response>()
    for (const each of tries) {
      const answer = await ask(each)
      expect.soft(answer.statusCode, `${each.id}: ${answer.body.slice(0, 300)}`).toBe(api[each.id].answer.status)
      expect.soft(answer.headers['idempotency-replayed'], each.id).toBeUndefined()
      first.set(each.id, answer)
    }
    stage.test.clock.advance(23 * 3600_000)
    for (const each of tries) {
      const answer = await ask(each)
      const before = first.get(each.id)
      expect.soft(answer.statusCode, `${each.id}, again: ${answer.body.slice(0, 300)}`).toBe(before?.statusCode)
      expect.soft(answer.headers['idempotency-replayed'], each.id).toBe('true')
      expect.soft(answer.body, each.id).toBe(before?.body)
    }
  })
})
