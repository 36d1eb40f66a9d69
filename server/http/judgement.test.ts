import { afterEach, beforeAll, expect, it } from 'vitest'
import { basePath } from '../../contract/api.ts'
import { roles } from '../../contract/operation.ts'
import type { OperationShape } from '../../contract/operation.ts'
import { bodyFor, inTurns, jsonType, setStage } from '../testing/every-operation.ts'
import type { Stage } from '../testing/every-operation.ts'
import { onBothEngines } from '../testing/harness.ts'

const badIds = [
  'x',
  '0',
  '-1',
  'x'.repeat(65),
  'x'.repeat(300),
  '%00',
  'sho_1%00',
  '%ED%A0%80',
  '%FF',
  '%2e%2e%2f',
  '..%2f..%2fetc%2fpasswd',
  "'--",
  '%F0%9F%92%A9',
  'null',
  '__proto__',
  '%20',
]
const privateThing = /^\/(holds|bookings|payments|tickets)\/\{id\}/
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/** A token of which one bit of the signature was turned. */
function forged(token: string): string {
  return token.slice(0, -3) + (token.at(-3) === 'A' ? 'B' : 'A') + token.slice(-2)
}

onBothEngines('a request', (engine) => {
  let stage: Stage
  beforeAll(async () => {
    stage = await setStage(engine)
  })
  afterEach(() => stage.expectUnchanged())

  const bearer = (role: (typeof roles)[number]) => ({ authorization: `Bearer ${stage.tokens.get(role)}` })
  /** The status that a request hears whose type, size, form and wishes are all wrong. */
  async function askBadly(shape: OperationShape, headers: Record<string, string>, url = stage.urlOf(shape)) {
    const { method } = shape
    const worst = { 'content-type': 'text/plain', accept: 'image/gif', ...headers }
    const payload = method === 'GET' ? {} : { payload: 'x'.repeat(70_000) }
    return (await stage.send({ method, url, headers: worst, ...payload }, `${shape.id}, badly`)).statusCode
  }

  it('is judged first by who sends it: 401, also where anybody may call', async () => {
    const wrong = ['Bearer nonsense', 'Bearer', 'Basic YTpi', `Bearer ${forged(stage.tokens.get('admin') ?? '')}`]
    for (const shape of stage.operations) {
      for (const authorization of wrong) {
        const name = `${shape.id} as ${authorization.slice(0, 20)}`
        expect.soft(await askBadly(shape, { authorization }), name).toBe(401)
      }
      if (shape.access !== 'anyone') expect.soft(await askBadly(shape, {}), `${shape.id} as a guest`).toBe(401)
    }
  })

  it('then by what that role may do at all: 403', async () => {
    for (const shape of stage.operations) {
      for (const role of roles) {
        if (typeof shape.access === 'string' || shape.access.includes(role)) continue
        expect.soft(await askBadly(shape, bearer(role)), `${shape.id} as ${role}`).toBe(403)
      }
    }
  })

  it('then by whose the thing is: what is private is not there, what is public may not be changed', async () => {
    for (const shape of stage.operations) {
      if (!shape.path.includes('{id}')) continue
      const missing = basePath + shape.path.replaceAll('{id}', 'not_there').replaceAll(/\{\w+\}/g, 'x')
      expect.soft(await askBadly(shape, bearer('admin'), missing), `${shape.id} of nothing`).toBe(404)
      const foreign = await askBadly(shape, bearer(typeof shape.access === 'string' ? 'customer' : 'owner'))
      if (privateThing.test(shape.path)) expect.soft(foreign, `${shape.id} of another`).toBe(404)
      else if (typeof shape.access !== 'string' && !shape.path.startsWith('/admin/')) {
        expect.soft([403, 404], `${shape.id} of another`).toContain(foreign)
      }
    }
  })

  it('then by what it accepts, sends, and how much: 406, 415, 413', async () => {
    for (const shape of stage.operations) {
      const admin = bearer('admin')
      expect.soft(await askBadly(shape, admin), shape.id).toBe(406)
      if (shape.method === 'GET') continue
      expect.soft(await askBadly(shape, { ...admin, accept: '*/*' }), shape.id).toBe(415)
    }
  })

  it('then by how much it sends, then by what that says: 413, 400', async () => {
    for (const shape of stage.operations) {
      if (shape.method === 'GET' || !shape.body || shape.bodyMediaTypes || shape.rawBody) continue
      const headers = { ...bearer('admin'), ...jsonType }
      const send = async (payload: string) =>
        (await stage.send({ method: shape.method, url: stage.urlOf(shape), headers, payload }, `${shape.id}, badly`))
          .statusCode
      expect.soft(await send('x'.repeat((shape.bodyLimit ?? 64 * 1024) + 1)), `${shape.id}, too much`).toBe(413)
      expect.soft(await send('x'), `${shape.id}, no JSON`).toBe(400)
      expect.soft(await send('{"notKnownHere":1}'), `${shape.id}, an unknown member`).toBe(400)
    }
  })

  it('for an id that cannot be is a 404', async () => {
    for (const shape of stage.operations.filter(({ path }) => path.includes('{'))) {
      await inTurns(badIds, async (id) => {
        const url = basePath + shape.path.replaceAll(/\{\w+\}/g, id)
        const headers = { ...bearer('admin'), ...jsonType }
        const options = { method: shape.method, url, headers, payload: bodyFor(shape) }
        const answer = await stage.send(options, `${shape.method} ${url}`)
        // What is no UTF-8 is no address.
        const expected = id === '%FF' ? [400, 404] : [404]
        expect.soft(expected, `${shape.method} ${url}: ${answer.body.slice(0, 200)}`).toContain(answer.statusCode)
      })
    }
  })

  it('by a method that a path does not have is a 405 that names those it has', async () => {
    for (const [path, shapes] of Map.groupBy(stage.operations, (shape) => shape.path)) {
      const known: string[] = shapes.map(({ method }) => method)
      const [first] = shapes
      if (!first) continue
      for (const method of methods.filter((each) => !known.includes(each))) {
        const headers = { ...bearer('admin'), ...jsonType }
        const answer = await stage.send({ method, url: stage.urlOf(first), headers, payload: '{' }, `${method} ${path}`)
        // `GET /bookings/lookup` asks for a booking of that name.
        if (/\/(lookup|bulk|copy|publish|batch)$/.test(path) && answer.statusCode !== 405) continue
        expect.soft(answer.statusCode, `${method} ${path}`).toBe(405)
        expect.soft(answer.headers['allow']?.split(', '), `${method} ${path}`).toEqual(expect.arrayContaining(known))
      }
    }
  })
})
