import type { Random } from '../server/testing/simulation/random.ts'
import { fits } from './document.ts'
import type { Operation, Parameter, Schema } from './document.ts'
import type { Shot } from './judge.ts'
import { fatal, recipes } from './recipes.ts'
import { broken, brokenBody, wrongHeader, wrongParameter } from './mistakes.ts'
import type { Trove } from './trove.ts'
import { createValues } from './values.ts'
import type { Values } from './values.ts'
import type { Caller, Side, World } from './world.ts'

/** Draws requests: what to ask, as whom, with what, and what is wrong with it. */
export function createShooter(
  operations: readonly Operation[],
  random: Random,
  trove: Trove,
  now: () => number,
): (world: World) => Shot {
  const methodsOf = ({ path }: Operation) =>
    new Set(operations.filter((other) => other.path === path).map(({ method }) => method))
  return (world) => {
    const operation = drawOperation(operations, random)
    const caller = drawCaller(world, operation, random)
    if (!operation || !caller) throw new Error('There is nothing to ask, or nobody who asks')
    const side = sideOf(caller, random)
    const known = (name: string) => trove.known(name, side, operation.path)
    return aim(operation, caller, random, createValues({ random, now, known }), trove, methodsOf(operation))
  }
}

function drawOperation(operations: readonly Operation[], random: Random): Operation | undefined {
  const drawn = operations[random.below(operations.length)]
  return drawn && fatal.test(drawn.id) && random.chance(0.85) ? operations[random.below(operations.length)] : drawn
}

/** Half of the time somebody whom the operation is for, else anybody. */
function drawCaller({ callers }: World, operation: Operation | undefined, random: Random): Caller | undefined {
  const wanted = callers.filter(({ name }) => operation?.audience.includes(name.split('-', 1)[0] ?? ''))
  const from = wanted.length > 0 && random.chance(0.5) ? wanted : callers
  return from[random.below(from.length)]
}

function sideOf({ name }: Caller, random: Random): Side {
  const own: Side = name.endsWith('-a') ? 'a' : name.endsWith('-b') ? 'b' : random.chance(0.5) ? 'a' : 'b'
  return random.chance(0.75) ? own : own === 'a' ? 'b' : 'a'
}

function aim(
  operation: Operation,
  caller: Caller,
  random: Random,
  values: Values,
  trove: Trove,
  methods: ReadonlySet<string>,
): Shot {
  const path = operation.parameters
    .filter((parameter) => parameter.in === 'path')
    .reduce((text, { name, schema }) => {
      const value = random.chance(0.02) ? wrongParameter(random) : encodeURIComponent(String(values.of(schema, name)))
      return text.replace(`{${name}}`, value)
    }, operation.path)
  const query = queryOf(operation, random, values)
  const body = bodyOf(operation, random, values)
  const key = random.chance(0.6) ? trove.keyFor(`${path} ${String(body?.sent ?? '')}`) : null
  const headers: Record<string, string> = {
    ...caller.headers,
    ...(caller.name.startsWith('browser') && {
      origin: random.chance(0.7) ? 'http://127.0.0.1' : 'https://evil.example',
    }),
    ...(body && { 'content-type': body.type }),
    ...(key !== null && { 'x-access-token': key }),
    ...(operation.method === 'POST' && random.chance(0.2) && { 'idempotency-key': `key-${random.below(40)}` }),
    ...(random.chance(0.08) && Object.fromEntries([wrongHeader(random)])),
  }
  const method = random.chance(0.02) ? random.pick(otherMethods) : operation.method
  return {
    operation,
    methods,
    caller,
    method,
    sent: { method, target: `${path}${query.text}`, headers, ...(body && { body: body.sent }) },
    wrong: headers['content-type'] === body?.type ? (query.wrong ?? body?.wrong ?? null) : (query.wrong ?? null),
  }
}

const otherMethods = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

function queryOf({ parameters }: Operation, random: Random, values: Values): { text: string; wrong: string | null } {
  const given: string[] = []
  let wrong: string | null = null
  for (const parameter of parameters) {
    if (parameter.in !== 'query') continue
    if (!parameter.required && random.chance(0.65)) continue
    if (random.chance(0.12)) {
      given.push(`${parameter.name}=${wrongParameter(random)}`)
    } else {
      given.push(`${parameter.name}=${encodeURIComponent(String(values.of(parameter.schema, parameter.name)))}`)
    }
    // The key of a link is the platform's to read, before the operation.
    if (parameter.name !== 'accessToken')
      wrong ??= misread(parameter, given.at(-1)?.slice(parameter.name.length + 1) ?? '')
  }
  if (random.chance(0.02)) given.push(random.pick(['surprise=1', '__proto__=1', 'limit=1&limit=2', 'cursor=', '=']))
  return { text: given.length > 0 ? `?${given.join('&')}` : '', wrong }
}

/** What the document has against a parameter's text; numbers and booleans are read from it. */
function misread({ name, schema }: Parameter, escaped: string): string | null {
  let text: string
  try {
    text = decodeURIComponent(escaped.replaceAll('+', ' '))
  } catch {
    return null
  }
  const candidates = [text, ...(/^-?\d+(\.\d+)?$/.test(text) ? [Number(text)] : []), text === 'true', text !== 'false']
  return candidates.some((value) => fits(schema, value)) ? null : `?${name}=${text.slice(0, 60)}`
}

interface Body {
  readonly type: string
  readonly sent: string | Buffer
  readonly wrong: string | null
}

function bodyOf({ id, bodies }: Operation, random: Random, values: Values): Body | null {
  const json = bodies.get('application/json')
  if (json) return jsonBody(json, recipes[id], random, values)
  const types = [...bodies.keys()]
  const type = types[random.below(types.length)]
  return type === undefined ? null : pictureBody(type, random)
}

function jsonBody(
  schema: Schema,
  rows: readonly (readonly string[])[] | undefined,
  random: Random,
  values: Values,
): Body {
  const type = 'application/json'
  const row = rows && random.chance(0.85) ? rows[random.below(rows.length)] : undefined
  const value = row
    ? Object.fromEntries(row.map((name) => [name, values.of(schema.properties?.[name] ?? {}, name)]))
    : values.of(schema)
  if (random.chance(0.7)) return { type, sent: JSON.stringify(value), wrong: wrongOf(schema, value) }
  const sent = random.chance(0.3) ? brokenBody(random, broken(random, value)) : brokenBody(random, value)
  return { type, sent, wrong: wrongOf(schema, read(sent)) }
}

function wrongOf(schema: Schema, value: unknown): string | null {
  // No body is as good as an empty one.
  return fits(schema, value === undefined ? {} : value) ? null : `a body ${JSON.stringify(value)?.slice(0, 300)}`
}

function read(text: string): unknown {
  try {
    // A byte order mark may be ignored (RFC 8259, section 8.1).
    return text === '' ? undefined : JSON.parse(text.replace(/^\ufeff/, ''))
  } catch {
    return text
  }
}

/** One pixel. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
)

function pictureBody(type: string, random: Random): Body {
  const bytes = random.chance(0.5)
    ? png
    : Buffer.from(random.pick(['<svg/>', '', 'GIF89a', png.toString('latin1').slice(0, 40)]))
  if (type !== 'multipart/form-data') return { type, sent: bytes, wrong: null }
  const name = random.pick(['poster', 'other', 'poster"; filename="../../x'])
  const head = `--edge\r\ncontent-disposition: form-data; name="${name}"; filename="a.png"\r\ncontent-type: image/png\r\n\r\n`
  const sent = Buffer.concat([Buffer.from(head), bytes, Buffer.from(random.chance(0.9) ? '\r\n--edge--\r\n' : '')])
  return { type: `${type}; boundary=edge`, sent, wrong: null }
}
