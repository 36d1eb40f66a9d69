import fastify from 'fastify'
import { describe, expect, it } from 'vitest'
import { operations } from '../../contract/api.ts'
import { closed, operation } from '../../contract/operation.ts'
import type { OperationShape } from '../../contract/operation.ts'
import { openApiDocument } from '../openapi.ts'
import { refuse } from '../platform/refusal.ts'
import { guest } from './caller.ts'
import { createRoutes } from './routes.ts'

const plain = operation({
  id: 'readClock',
  method: 'GET',
  path: '/clock',
  tag: 'Test',
  summary: 'Never served',
  access: 'anyone',
  answer: { status: 200, schema: closed({}) },
})
const leaving = operation({
  ...plain,
  id: 'readWatch',
  path: '/watch',
  deprecatedAt: '2027-01-31',
  sunsetAt: '2028-03-01',
})
const refusing = operation({ ...plain, id: 'readDial', path: '/dial', deprecatedAt: '2027-01-31' })

/** A server of made-up operations; the last one refuses. */
async function serve() {
  const app = fastify()
  const known = { caller: guest, params: {} }
  const routes = createRoutes(app, '/api/v1', () => ({
    identify: async () => guest,
    admit: () => null,
    approach: () => known as never,
    request: () => ({ ...known, subject: undefined }) as never,
  }))
  routes.add(plain, { handle: () => ({}) })
  routes.add(leaving, { handle: () => ({}) })
  routes.add(refusing, { find: () => refuse('not_found'), handle: () => ({}) })
  const ask = async (path: string) => (await app.inject({ url: `/api/v1${path}` })).headers
  return { ask, close: () => app.close() }
}

describe('an operation on its way out', () => {
  it('says since when, where it is explained, and until when once that is known; refusals too', async () => {
    const { ask, close } = await serve()
    expect(await ask('/watch')).toMatchObject({
      deprecation: '@1801353600',
      link: '</help/api-policy>; rel="deprecation"; type="text/html"',
      sunset: 'Wed, 01 Mar 2028 00:00:00 GMT',
    })
    const refused = await ask('/dial')
    expect(refused['deprecation']).toBe('@1801353600')
    expect(refused).not.toHaveProperty('sunset')
    for (const header of ['deprecation', 'sunset', 'link']) expect(await ask('/clock')).not.toHaveProperty(header)
    await close()
  })

  it('is marked in the reference, with its days', () => {
    const { paths } = openApiDocument([{ base: '/api/v1', operations: [plain, leaving] }]) as {
      paths: Record<string, { get: { deprecated?: boolean; description: string } }>
    }
    expect(paths['/api/v1/watch']?.get).toMatchObject({
      deprecated: true,
      description: expect.stringContaining('Deprecated since 2027-01-31, gone from 2028-03-01 on.'),
    })
    expect(paths['/api/v1/clock']?.get).not.toHaveProperty('deprecated')
  })

  it('has days that a calendar has, its end a year after its beginning at least', () => {
    const day = /^\d{4}-\d{2}-\d{2}$/
    const ending: readonly OperationShape[] = [...operations, leaving]
    for (const { id, deprecatedAt, sunsetAt } of ending) {
      if (sunsetAt !== undefined) expect(deprecatedAt, id).toBeDefined()
      for (const each of [deprecatedAt, sunsetAt]) if (each !== undefined) expect(each, id).toMatch(day)
      if (deprecatedAt === undefined || sunsetAt === undefined) continue
      const begun = Temporal.PlainDate.from(deprecatedAt)
      expect(Temporal.PlainDate.compare(Temporal.PlainDate.from(sunsetAt), begun.add({ years: 1 })), id).not.toBe(-1)
    }
  })
})
