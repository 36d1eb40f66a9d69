import { afterEach, beforeAll, expect, it } from 'vitest'
import { api, operations } from '../../contract/api.ts'
import type { OperationShape } from '../../contract/operation.ts'
import { inTurns } from '../testing/every-operation.ts'
import { digestOf } from '../testing/digest.ts'
import { onBothEngines } from '../testing/harness.ts'
import { comparable, missingOf, setPermissionStage, urlOf } from '../testing/permission-stage.ts'
import type { PermissionStage, Things } from '../testing/permission-stage.ts'
import { callers, permissions, rules } from '../testing/permissions.ts'
import type { CallerName, Expected } from '../testing/permissions.ts'

/** What each answer of the table is as a status; whoever is let in is refused for the picture it asks for. */
const statuses: Readonly<Record<Expected, number>> = { yes: 406, '401': 401, '403': 403, theirs: 403, '404': 404 }

const names = Object.keys(callers) as readonly CallerName[]
const outsiders: readonly CallerName[] = ['guest', 'holder', 'customer', 'stranger', 'otherStaff', 'otherOwner']

interface Cell {
  readonly shape: OperationShape
  readonly caller: CallerName
  readonly expected: Expected
}

/** Passes need a certificate: without one they are there for nobody. */
const unavailable = 'downloadWalletPass'

const cells: readonly Cell[] = Object.entries(permissions).flatMap(([id, name]) => {
  const shape = api[id as keyof typeof api]
  return names.map((caller) => ({ shape, caller, expected: rules[name].answers[caller] }))
})

onBothEngines('who may do what', (engine) => {
  let stage: PermissionStage
  let before: Record<string, string>
  beforeAll(async () => {
    stage = await setPermissionStage(engine)
    before = await digestOf(stage.test.database, ['sessions'])
  })
  async function expectUnchanged() {
    expect(await digestOf(stage.test.database, ['sessions']), 'something was changed').toEqual(before)
  }
  afterEach(expectUnchanged)

  /** Asks in a way that nobody can be answered: only who asks, and for what, is judged before that is seen. */
  async function ask({ shape, caller }: Pick<Cell, 'shape' | 'caller'>, things: Things) {
    const { token, accessToken } = stage.as(caller, shape.path)
    const headers = {
      accept: 'image/gif',
      'content-type': 'text/plain',
      'x-request-id': 'the-same',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(accessToken !== undefined && { 'x-access-token': accessToken }),
    }
    const payload = shape.method === 'GET' ? {} : { payload: 'x' }
    return await stage.test.inject({ method: shape.method, url: urlOf(shape, things), headers, ...payload })
  }

  it('is in the table for every operation, and for no other', () => {
    expect(Object.keys(permissions).toSorted()).toEqual(operations.map(({ id }) => id).toSorted())
  })

  it('is what the table says, for everybody', async () => {
    await inTurns(cells, async ({ shape, caller, expected }) => {
      const { statusCode } = await ask({ shape, caller }, stage.own)
      const status = shape.id === unavailable ? 404 : statuses[expected]
      expect.soft(statusCode, `${shape.id} by ${callers[caller]}`).toBe(status)
    })
  })

  it('is 404 of what is not there, and the same 404 as of what is another’s', async () => {
    await inTurns(
      cells.filter(({ shape }) => shape.path.includes('{')),
      async ({ shape, caller, expected }) => {
        const what = `${shape.id} by ${callers[caller]}, of nothing`
        const missing = await ask({ shape, caller }, missingOf(stage.own))
        expect.soft(missing.statusCode, what).toBe(expected === '401' || expected === '403' ? statuses[expected] : 404)
        if (expected !== '404') return
        const foreign = await ask({ shape, caller }, stage.own)
        expect.soft(comparable(foreign), what).toEqual(comparable(missing))
      },
    )
  })

  it('is 404 of a thing in a theatre that is not its own', async () => {
    for (const shape of operations.filter(({ path }) => (path.match(/\{/g) ?? []).length > 1)) {
      const own = (name: string) => ({ [name]: stage.own[name] ?? '' })
      const mixed = { ...stage.foreign, ...own('/theatres'), ...own('/webhook-endpoints') }
      for (const caller of ['owner', 'admin'] as const) {
        // These name a person, who is no theatre's.
        const expected = /^(put|delete)Staff$/.test(shape.id) ? 406 : 404
        expect.soft((await ask({ shape, caller }, mixed)).statusCode, `${shape.id} by ${caller}`).toBe(expected)
      }
    }
  })

  it.each(['draft', 'hidden'])('tells nothing of a showtime that is %s to those outside its house', async (which) => {
    const things = { ...stage.own, '/showtimes': stage.own[which] ?? '' }
    await inTurns(
      cells.filter(({ shape }) => shape.path.startsWith('/showtimes/{id}')),
      async ({ shape, caller, expected }) => {
        const open = expected === '401' || expected === '403' || !outsiders.includes(caller)
        const { statusCode } = await ask({ shape, caller }, things)
        expect.soft(statusCode, `${shape.id} by ${callers[caller]}`).toBe(open ? statuses[expected] : 404)
      },
    )
  })

  it('is what reads answer, too', async () => {
    const reads = cells.filter(({ shape, expected }) => shape.method === 'GET' && expected === 'yes')
    await inTurns(
      // A stream does not end.
      reads.filter(({ shape }) => !['watchSeats', unavailable].includes(shape.id)),
      async ({ shape, caller }) => {
        const { token, accessToken } = stage.as(caller, shape.path)
        const headers = {
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(accessToken !== undefined && { 'x-access-token': accessToken }),
        }
        const query = shape.id === 'readBestSeats' ? '?count=1' : ''
        const answer = await stage.test.inject({ method: 'GET', url: urlOf(shape, stage.own) + query, headers })
        expect.soft(answer.statusCode, `${shape.id} by ${callers[caller]}: ${answer.body.slice(0, 200)}`).toBe(200)
      },
      // More reports at once are refused, whoever asks.
      8,
    )
  })
})
