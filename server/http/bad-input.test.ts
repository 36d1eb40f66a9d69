import { afterEach, beforeAll, expect, it } from 'vitest'
import type { OperationShape } from '../../contract/operation.ts'
import { mistakesIn, takes, wrongTexts } from '../testing/bad-values.ts'
import { inTurns, jsonType, setStage } from '../testing/every-operation.ts'
import type { Stage } from '../testing/every-operation.ts'
import { onBothEngines } from '../testing/harness.ts'
import { tell } from '../testing/tell.ts'

/** What each operation is tried with, at most: evenly chosen of all the mistakes there are. */
const mistakesPerOperation = Number(process.env['BAD_INPUTS'] ?? 60)

const wrongTypes = [
  'text/plain',
  'application/xml',
  'application/x-www-form-urlencoded',
  'nonsense',
  'application/json5',
]
const wrongParameters = [
  'NaN',
  '1e400',
  '-1',
  '0',
  '1.5',
  '',
  '%00',
  'x'.repeat(600),
  '%F0%9F%92%A9',
  'null',
  '[]',
  '%ED%A0%80',
  "'--",
]
const wrongCursors = [
  'null',
  '{}',
  '[]',
  '[1,2]',
  '["a","b"]',
  '[null,null]',
  '[1e400,"x"]',
  '["\\u0000","x"]',
  '[{},[]]',
]

/** Whether a text cannot be what the operation wants: some do without a body. */
function isWrongFor({ body }: OperationShape, text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    if (text.includes('__proto__')) return true
    if (body) return !takes(body, value)
    return typeof value === 'object' ? Object.keys(value ?? {}).length > 0 : true
  } catch {
    return true
  }
}

function evenly<Item>(items: readonly Item[], most: number): readonly Item[] {
  const step = Math.max(1, items.length / most)
  return items.filter((_item, index) => Math.floor(index % step) === 0)
}

onBothEngines('bad input', (engine) => {
  let stage: Stage
  beforeAll(async () => {
    stage = await setStage(engine)
  })
  afterEach(() => stage.expectUnchanged())

  const asAdmin = () => ({ authorization: `Bearer ${stage.tokens.get('admin')}` })
  const post = async (shape: OperationShape, type: string, payload: string | Buffer, what: string) => {
    const headers = { ...asAdmin(), 'content-type': type }
    return await stage.send({ method: shape.method, url: stage.urlOf(shape), headers, payload }, what)
  }

  it('is tried on everything', () => {
    expect(stage.unfurnished).toEqual([])
  })

  it('in a body is a 400, whatever is wrong and wherever', async () => {
    for (const shape of stage.operations) {
      if (!shape.body || shape.bodyMediaTypes) continue
      const mistakes = evenly(mistakesIn(shape.body), mistakesPerOperation)
      expect(mistakes.length, shape.id).toBeGreaterThan(0)
      await inTurns(mistakes, async ({ what, value }) => {
        const name = `${shape.id} with ${what}`
        const answer = await post(shape, 'application/json', JSON.stringify(value), name)
        expect.soft([400, 413], `${name}: ${answer.body.slice(0, 300)}`).toContain(answer.statusCode)
      })
    }
  })

  it('as text that is no JSON, or no object, is a 400', async () => {
    for (const shape of stage.operations) {
      if (shape.method === 'GET' || shape.bodyMediaTypes) continue
      const texts = wrongTexts.filter((text) => isWrongFor(shape, text))
      await inTurns(texts, async (text) => {
        const name = `${shape.id} with ${text.slice(0, 40)}`
        expect.soft((await post(shape, 'application/json', text, name)).statusCode, name).toBe(400)
      })
    }
  })

  it('of another media type is a 415, too much of it a 413', async () => {
    for (const shape of stage.operations) {
      if (shape.method === 'GET') continue
      for (const type of wrongTypes) {
        if (shape.bodyMediaTypes?.includes(type)) continue
        const name = `${shape.id} as ${type}`
        expect.soft((await post(shape, type, 'a=b', name)).statusCode, name).toBe(415)
      }
      const type = shape.bodyMediaTypes?.find((candidate) => candidate.startsWith('image/')) ?? 'application/json'
      const tooMuch = Buffer.alloc((shape.bodyLimit ?? 64 * 1024) + 1, ' ')
      const name = `${shape.id} with too much`
      expect.soft((await post(shape, type, tooMuch, name)).statusCode, name).toBe(413)
    }
  })

  it('in a query is a 400, and so is what no query has', async () => {
    const always = /^(surprise|__proto__|constructor|limit=(NaN|1e400|-1|0|1\.5|%00|x|null)|\w+=%ED%A0%80)/
    for (const shape of stage.operations) {
      if (!shape.query) continue
      const names = Object.keys(shape.query.properties).filter((name) => name !== 'accessToken')
      const wrong = names.flatMap((name) => [
        ...wrongParameters.map((value) => `${name}=${value}`),
        `${name}=1&${name}=2`,
        `${name}[]=1`,
      ])
      await inTurns(['surprise=1', '__proto__=1', 'constructor=1', ...wrong], async (query) => {
        const name = `${shape.id}?${query}`
        const url = `${stage.urlOf(shape)}?${query}`
        const { statusCode } = await stage.send({ method: shape.method, url, headers: asAdmin() }, name)
        if (always.test(query)) expect.soft(statusCode, name).toBe(400)
      })
    }
  })

  it('as a cursor that is not ours is a 400', async () => {
    for (const shape of stage.operations) {
      if (!shape.query?.properties['cursor']) continue
      await inTurns(wrongCursors, async (text) => {
        const cursor = Buffer.from(text).toString('base64url')
        const name = `${shape.id} at ${text}`
        const url = `${stage.urlOf(shape)}?cursor=${cursor}`
        const { statusCode } = await stage.send({ method: 'GET', url, headers: asAdmin() }, name)
        expect.soft(statusCode, name).toBe(400)
      })
    }
  })

  it('as a key is a 400 wherever keys count', async () => {
    for (const { id, method, path, ...shape } of stage.operations) {
      if (method !== 'POST' || path.startsWith('/auth/') || shape.bodyMediaTypes || !shape.body) continue
      const headers = { ...asAdmin(), ...jsonType, 'idempotency-key': 'x'.repeat(256) }
      const url = stage.urlOf({ id, method, path, ...shape })
      expect.soft((await stage.send({ method, url, headers, payload: '{}' }, id)).statusCode, id).toBe(400)
    }
  })

  it('is never our fault', () => {
    const total = [...stage.counts.values()].reduce((sum, count) => sum + count, 0)
    const counts = [...stage.counts].toSorted(([one], [other]) => one - other)
    tell(
      `bad input [${engine}]: ${total} requests: ${counts.map(([status, count]) => `${status} × ${count}`).join(', ')}`,
    )
    expect(counts.filter(([status]) => status >= 500)).toEqual([])
  })
})
