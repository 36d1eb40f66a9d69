import { beforeAll, expect, it } from 'vitest'
import { api, operations } from '../../contract/api.ts'
import type { Shape } from '../testing/bad-values.ts'
import { digestOf } from '../testing/digest.ts'
import { onBothEngines } from '../testing/harness.ts'
import { comparable, missingOf, setPermissionStage, urlOf } from '../testing/permission-stage.ts'
import type { PermissionStage, Things } from '../testing/permission-stage.ts'
import { references } from '../testing/references.ts'
import type { Reference } from '../testing/references.ts'

/** What is nobody's thing: the code of a second factor or of a new promotion, tickets that are yet to be chosen. */
const nobodys =
  /^(login|confirmSecondFactor|deleteSecondFactor|createPromotion|updatePromotion|createVoucher) code$|^createBooking tickets$/

/** The fields of a body or query that name something by its id or its code, wherever they stand in it. */
function namedIn({ properties = {}, items, anyOf = [] }: Shape): string[] {
  const here = Object.keys(properties).filter((name) => /Ids?$|(^c|C)ode$|^(tickets|refunds)$/.test(name))
  const inner = [...Object.values(properties), ...anyOf, ...(items ? [items] : [])]
  return [...here, ...inner.flatMap((part) => namedIn(part))]
}

/** What is public and another's is 403, and not there 404; what is private reads the same in both cases. */
const publicThing = /^\/(theatres|auditoriums)$/

const cases = Object.entries(references).flatMap(([name, reference]) => {
  const shape = api[name.split(' ')[0] as keyof typeof api]
  return typeof reference === 'string' ? [] : [{ name, shape, reference }]
})

onBothEngines('a body or a query', (engine) => {
  let stage: PermissionStage
  beforeAll(async () => {
    stage = await setPermissionStage(engine)
  })

  /** Sends what is right in everything but whose thing it names. */
  async function send({ name, shape, reference }: (typeof cases)[number], things: Things) {
    const { by, thing, body, query }: Reference = reference
    const id = things[thing]
    expect(id, `${name}: the stage has no ${thing}`).toBeDefined()
    const { token } = stage.as(by, shape.path)
    return await stage.test.inject({
      method: shape.method,
      url: urlOf(shape, stage.own) + (query?.(id ?? '') ?? ''),
      headers: { authorization: `Bearer ${token}`, 'x-request-id': 'the-same' },
      ...(body && { payload: body(id ?? '', stage.own) }),
    })
  }

  it('has a row for everything that it can name', () => {
    const named = operations.flatMap(({ id, body, query }) =>
      [body, query].flatMap((schema) => (schema ? namedIn(schema).map((field) => `${id} ${field}`) : [])),
    )
    const wanted = [...new Set(named)].filter((name) => !nobodys.test(name))
    expect(Object.keys(references).toSorted()).toEqual(wanted.toSorted())
  })

  it('that names what is another’s is refused, like one that names nothing, and changes nothing', async () => {
    const before = await digestOf(stage.test.database, ['sessions'])
    for (const each of cases) {
      const { foreign, thing } = each.reference
      const answer = await send(each, stage.foreign)
      const missing = await send(each, missingOf(stage.foreign))
      if (foreign === 'empty') {
        expect.soft([answer.statusCode, answer.json().data], each.name).toEqual([200, []])
      } else {
        expect.soft(answer.statusCode, `${each.name}: ${answer.body}`).toBe(foreign)
        if (publicThing.test(thing)) {
          if (foreign === 403) expect.soft(missing.statusCode, `${each.name}: ${missing.body}`).toBe(404)
        }
        // A code that was never signed is no code at all.
        else if (thing !== 'code') expect.soft(comparable(answer), each.name).toEqual(comparable(missing))
      }
    }
    expect(await digestOf(stage.test.database, ['sessions']), 'something was changed').toEqual(before)
  })

  it('that names the caller’s own thing instead is not', async () => {
    for (const each of cases) {
      const answer = await send(each, stage.own)
      expect.soft([403, 404], `${each.name}: ${answer.body}`).not.toContain(answer.statusCode)
      expect.soft(answer.statusCode, `${each.name}: ${answer.body}`).toBeLessThan(500)
      if (each.reference.foreign === 'empty') expect.soft(answer.json().data, each.name).not.toEqual([])
    }
  })
})
