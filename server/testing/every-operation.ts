import type { InjectOptions, LightMyRequestResponse as Response } from 'fastify'
import { expect } from 'vitest'
import { basePath, operations as all } from '../../contract/api.ts'
import { Problem } from '../../contract/common.ts'
import type { OperationShape, Role } from '../../contract/operation.ts'
import { roles } from '../../contract/operation.ts'
import { createPriceList, createTicketType } from '../../contract/prices.ts'
import { createPromotion } from '../../contract/promotions.ts'
import { refusals } from '../../contract/refusals.ts'
import { openShift } from '../../contract/shifts.ts'
import { createVoucher } from '../../contract/vouchers.ts'
import type { Engine } from '../database/database.ts'
import { sampleOf, takes } from './bad-values.ts'
import { digestOf } from './digest.ts'
import type { TestApp } from './harness.ts'
import { liveInHouse } from './lived-in-house.ts'
import type { LivedInHouse } from './lived-in-house.ts'
import { signIn } from './sign-in.ts'
import { addEndpoint } from './webhooks.ts'

export const jsonType = { 'content-type': 'application/json' }

/** A house in which every operation finds what its path names, and somebody of every role. */
export interface Stage {
  readonly test: TestApp
  /** Every operation that can be tried: all but passes, which need a certificate. */
  readonly operations: readonly OperationShape[]
  /** Paths for which nothing could be made; a new slice adds its thing to `furnish` where a sample is not enough. */
  readonly unfurnished: readonly string[]
  readonly tokens: ReadonlyMap<Role, string>
  /** How often each status was answered. */
  readonly counts: Map<number, number>
  urlOf(shape: OperationShape): string
  /** Sends one request; a refusal must be a problem document with the status of its code, and never our fault. */
  send(options: InjectOptions, what: string): Promise<Response>
  /** Asserts that no row of any table has changed since the stage was set. */
  expectUnchanged(): Promise<void>
}

export async function setStage(engine: Engine): Promise<Stage> {
  const house = await liveInHouse(engine)
  const { test } = house
  const { tokens, ids } = await furnish(test, await idsOf(house))
  const counts = new Map<number, number>()
  // Sessions note when they were last used.
  const before = await digestOf(test.database, ['sessions'])
  const tried = all.filter(({ id }) => id !== 'downloadWalletPass')
  const isFurnished = ({ path }: OperationShape) => partsOf(path).every((part) => ids.has(part))
  return {
    test,
    operations: tried.filter(isFurnished),
    unfurnished: tried.filter((shape) => !isFurnished(shape)).map(({ path }) => path),
    tokens,
    counts,
    urlOf: ({ path }) =>
      basePath + path.replaceAll(idPart, (part) => part.replace(/\{\w+\}/, encodeURIComponent(ids.get(part) ?? ''))),
    async send(options, what) {
      const answer = await test.inject(options)
      counts.set(answer.statusCode, (counts.get(answer.statusCode) ?? 0) + 1)
      if (answer.statusCode >= 400) checkProblem(answer, what)
      return answer
    },
    async expectUnchanged() {
      expect(await digestOf(test.database, ['sessions']), 'something was changed').toEqual(before)
    },
  }
}

/** Ids that are there, by the parameter of a path and what stands before it. */
async function idsOf({ test, reserved, liveHold, paid, used }: LivedInHouse): Promise<Record<string, string>> {
  const show = await test.database.read
    .selectFrom('showtimes')
    .selectAll()
    .where('id', '=', reserved)
    .executeTakeFirstOrThrow()
  return {
    '/showtimes/{id}': reserved,
    '/theatres/{id}': show.theatreId,
    '/auditoriums/{id}': show.auditoriumId,
    '/movies/{id}': show.movieId,
    '/holds/{id}': liveHold,
    '/bookings/{id}': paid.id,
    '/payments/{id}': paid.payments[0]?.id ?? '',
    '/tickets/{id}': paid.tickets[0]?.id ?? '',
    '/check-ins/{ticketId}': used.tickets[0]?.id ?? '',
    '/webhooks/{provider}': 'test',
  }
}

/** Somebody of each role, and what the house did not have yet. */
async function furnish(test: TestApp, known: Readonly<Record<string, string>>) {
  const tokens = new Map<Role, string>()
  const ids = new Map(Object.entries(known))
  for (const role of roles) tokens.set(role, (await signIn(test, role)).token)
  const admin = await signIn(test, 'admin')
  ids.set('/sessions/{id}', admin.sessionId)
  ids.set('/users/{id}', admin.userId)
  ids.set('/staff/{userId}', admin.userId)
  const params = { id: known['/theatres/{id}'] }
  const type = { key: 'usher', name: 'Usher' }
  ids.set('/ticket-types/{ticketTypeId}', (await test.call(createTicketType, { params, body: type }, admin)).body.id)
  const rules = [{ category: 'standard', ticketType: 'adult', price: { amount: 900, currency: 'GBP' } }]
  const list = { name: 'Weekdays', rules }
  ids.set('/price-lists/{priceListId}', (await test.call(createPriceList, { params, body: list }, admin)).body.id)
  const promotion = { code: 'SPRING10', percentOff: 10 }
  ids.set('/promotions/{id}', (await test.call(createPromotion, { body: promotion }, admin)).body.id)
  const voucher = { balance: { amount: 1000, currency: 'GBP' }, validTo: '2027-12-31T23:59Z' }
  ids.set('/vouchers/{id}', (await test.call(createVoucher, { body: voucher }, admin)).body.id)
  const { endpointId, deliveryId } = await addEndpoint(test, admin)
  ids.set('/webhook-endpoints/{id}', endpointId)
  ids.set('/deliveries/{deliveryId}', deliveryId)
  const shift = { theatreId: params.id, till: 'Till 1', float: voucher.balance }
  ids.set('/shifts/{id}', (await test.call(openShift, { body: shift }, admin)).body.id)
  await makeMissing(test, ids, admin.token)
  return { tokens: tokens.set('admin', admin.token), ids }
}

/** `/movies/{id}`: a parameter and what stands before it. */
const idPart = /\/[\w-]+\/\{\w+\}/g

function partsOf(path: string): readonly string[] {
  return path.match(idPart) ?? []
}

/** Makes one of everything else that can be made from a sample, by its own operation. */
async function makeMissing(test: TestApp, ids: Map<string, string>, token: string): Promise<void> {
  for (const [part] of all.map(({ path }) => partsOf(path))) {
    if (part === undefined || ids.has(part)) continue
    const create = all.find(({ method, path }) => method === 'POST' && path === part.replace(/\/\{\w+\}$/, ''))
    if (!create?.body) continue
    const made = await test.call(create, { body: sampleOf(create.body) }, { token })
    if (made.status === 201) ids.set(part, made.raw.json().id)
  }
}

function checkProblem(answer: Response, what: string): void {
  expect(answer.statusCode, `${what}: ${answer.body.slice(0, 500)}`).toBeLessThan(500)
  expect(answer.headers['content-type'], what).toContain('application/problem+json')
  const problem = answer.json()
  expect(takes(Problem, problem), `${what}: ${answer.body.slice(0, 500)}`).toBe(true)
  const [status] = refusals[problem.code as keyof typeof refusals]
  expect([problem.status, status], what).toEqual([answer.statusCode, answer.statusCode])
  expect(answer.body, what).not.toMatch(/node_modules|\.ts:\d+|SELECT |INSERT |sqlite|postgres/i)
}

/** A body of the right shape, where the operation wants one. */
export function bodyFor(shape: OperationShape): string {
  return shape.body && !shape.bodyMediaTypes ? JSON.stringify(sampleOf(shape.body)) : ''
}

/** Some at once, all in the end. */
export async function inTurns<Item>(
  items: readonly Item[],
  act: (item: Item) => Promise<void>,
  atOnce = 20,
): Promise<void> {
  for (let from = 0; from < items.length; from += atOnce) {
    await Promise.all(items.slice(from, from + atOnce).map(act))
  }
}
