import { expect } from 'vitest'
import { createMovie } from '../../contract/catalogue.ts'
import type { OperationShape } from '../../contract/operation.ts'
import { createPriceList, createTicketType } from '../../contract/prices.ts'
import { createPromotion } from '../../contract/promotions.ts'
import { createShowtime } from '../../contract/showtimes.ts'
import { putStaff } from '../../contract/venues.ts'
import { openShift } from '../../contract/shifts.ts'
import { createVoucher } from '../../contract/vouchers.ts'
import { basePath } from '../../contract/api.ts'
import type { Engine } from '../database/database.ts'
import { must } from '../platform/assert.ts'
import { bookSeats, holdSeats, payBooking, readBooking } from './buying.ts'
import { startApp } from './harness.ts'
import type { As, TestApp } from './harness.ts'
import { makeHouse } from './houses.ts'
import type { CallerName } from './permissions.ts'
import { signIn } from './sign-in.ts'
import { addEndpoint } from './webhooks.ts'
import type { SignedIn } from './sign-in.ts'

/** Everything one theatre has, by what stands before its id in a path (`/bookings`). */
export type Things = Readonly<Record<string, string>>

/** Two theatres with the same of everything, and everybody who may want something of the first. */
export interface PermissionStage {
  readonly test: TestApp
  /** The first theatre's. */
  readonly own: Things
  /** The second's: of another owner, other staff, another customer. */
  readonly foreign: Things
  /** Who calls, given what is called for: a key belongs to one thing. */
  as(caller: CallerName, path: string): As
}

interface People {
  readonly owner: SignedIn
  readonly staff: SignedIn
  readonly customer: SignedIn
}

/** A theatre's things, and the keys of its guests by what they open. */
interface House {
  readonly things: Things
  readonly keys: Things
}

export async function setPermissionStage(engine: Engine): Promise<PermissionStage> {
  const environment = { MAX_HOLDS_PER_CLIENT: '0', ACCESS_TOKEN_SECONDS: '86400' }
  const test = await startApp(engine, { environment })
  const admin = await signIn(test, 'admin')
  const here = await signInAll(test)
  const there = await signInAll(test)
  const own = await furnish(test, here)
  const foreign = await furnish(test, there)
  await test.app.house.outbox.runOnce()
  const accounts: Partial<Record<CallerName, SignedIn>> = {
    customer: here.customer,
    stranger: there.customer,
    staff: here.staff,
    otherStaff: there.staff,
    owner: here.owner,
    otherOwner: there.owner,
    admin,
  }
  return {
    test,
    own: own.things,
    foreign: foreign.things,
    as(caller, path) {
      if (caller === 'holder') return { accessToken: own.keys[`/${path.split('/')[1]}`] ?? own.keys['/bookings'] }
      return { token: accounts[caller]?.token }
    },
  }
}

async function signInAll(test: TestApp): Promise<People> {
  return {
    owner: await signIn(test, 'owner'),
    staff: await signIn(test, 'staff'),
    customer: await signIn(test, 'customer'),
  }
}

/** A theatre that has, of everything a path can name, one. */
async function furnish(test: TestApp, { owner, staff, customer }: People): Promise<House> {
  const { theatreId, halls } = await makeHouse(test, { ownerId: owner.userId })
  const params = { id: theatreId }
  await test.call(putStaff, { params: { id: theatreId, userId: staff.userId } }, owner)
  const film = { title: 'The Night Tram', runtimeMinutes: 100 }
  const movieId = (await test.call(createMovie, { body: film }, owner)).body.id
  const auditoriumId = halls[0]
  const showtime = { movieId, auditoriumId, basePrice: { amount: 1200, currency: 'EUR' } }
  const makeShow = async (body: object) =>
    (await test.call(createShowtime, { body: { ...showtime, ...body } }, owner)).body.id
  const showtimeId = await makeShow({ startsAt: '2026-11-23T20:00' })
  const draft = await makeShow({ startsAt: '2026-11-24T20:00', status: 'draft' })
  const hidden = await makeShow({ startsAt: '2026-11-25T20:00', visibility: 'private' })
  const sold = await sell(test, showtimeId, customer)
  const kept = await keep(test, params, owner)
  return {
    things: {
      '/theatres': theatreId,
      '/auditoriums': auditoriumId,
      '/movies': movieId,
      '/showtimes': showtimeId,
      draft,
      hidden,
      '/sessions': customer.sessionId,
      '/users': customer.userId,
      owner: owner.userId,
      '/staff': staff.userId,
      '/webhooks': 'test',
      ...sold.things,
      ...kept,
    },
    keys: sold.keys,
  }
}

async function sell(test: TestApp, showtimeId: string, customer: SignedIn): Promise<House> {
  const hold = await holdSeats(test, showtimeId, ['A1'], customer)
  const waiting = await bookSeats(test, showtimeId, ['B1'], { as: customer })
  const booked = await bookSeats(test, showtimeId, ['C1', 'C2'], { as: customer })
  await payBooking(test, booked)
  const booking = await readBooking(test, booked)
  const ticketId = must(booking.tickets[0], 'A booking has tickets').id
  return {
    things: {
      '/holds': hold.id,
      '/bookings': booking.id,
      pending: waiting.id,
      '/payments': must(booking.payments[0], 'It was paid').id,
      '/tickets': ticketId,
      '/check-ins': ticketId,
      code: must(booking.tickets[0]?.code, 'A paid ticket has its code'),
    },
    keys: { '/holds': hold.token, '/bookings': booking.accessToken },
  }
}

let kept = 0

/** What an owner keeps for its theatre. */
async function keep(test: TestApp, params: { readonly id: string }, owner: SignedIn): Promise<Things> {
  kept += 1
  const type = await test.call(createTicketType, { params, body: { key: 'usher', name: 'Usher' } }, owner)
  const rules = [{ category: 'standard', ticketType: 'adult', price: { amount: 900, currency: 'EUR' } }]
  const list = await test.call(createPriceList, { params, body: { name: 'Weekdays', rules } }, owner)
  const promotion = await test.call(createPromotion, { body: { code: `SPRING${kept}`, percentOff: 10 } }, owner)
  const balance = { amount: 5000, currency: 'EUR' }
  const voucher = await test.call(createVoucher, { body: { code: `GIFT${kept}`, balance } }, owner)
  const { endpointId, deliveryId } = await addEndpoint(test, owner)
  const float = { amount: 10_000, currency: 'EUR' }
  const shift = await test.call(openShift, { body: { theatreId: params.id, till: 'Till 1', float } }, owner)
  return {
    '/webhook-endpoints': endpointId,
    '/deliveries': deliveryId,
    '/ticket-types': type.body.id,
    '/price-lists': list.body.id,
    '/promotions': promotion.body.id,
    '/vouchers': voucher.body.id,
    '/shifts': shift.body.id,
    voucherCode: voucher.body.code,
    promoCode: promotion.body.code,
  }
}

/** The address of an operation, for these things; `/admin/users/{id}` names a user, `/showtimes/{id}/seats` a showtime. */
export function urlOf({ path, id: operationId }: OperationShape, things: Things): string {
  return (
    basePath +
    path.replaceAll(/(\/[\w-]+)\/\{\w+\}/g, (_part, before: string) => {
      const id = things[before]
      expect(id, `${operationId}: the stage has no ${before}, see server/testing/permission-stage.ts`).toBeDefined()
      return `${before}/${id}`
    })
  )
}

/** The same ids, each changed in a letter: things that were never there. */
export function missingOf(things: Things): Things {
  return Object.fromEntries(Object.entries(things).map(([name, id]) => [name, `${id.slice(0, -4)}zzzz`]))
}

/** What must not differ between what is another's and what is not there: all but the path that was asked for. */
export function comparable(answer: { readonly body: string; readonly headers: object }) {
  return {
    problem: { ...JSON.parse(answer.body), instance: '' },
    headers: { ...answer.headers, date: '' },
  }
}
