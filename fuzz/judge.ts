import { Problem } from '../contract/common.ts'
import { refusals } from '../contract/refusals.ts'
import type { Heard, Sent } from './client.ts'
import { fits, misfit } from './document.ts'
import type { Operation } from './document.ts'
import type { Caller, Canary, World } from './world.ts'

/** One request, and what the document says of it. */
export interface Shot {
  readonly operation: Operation
  readonly caller: Caller
  readonly sent: Sent
  /** Another method than the operation's. */
  readonly method: string
  /** The methods that the document knows for its path. */
  readonly methods: ReadonlySet<string>
  /** What the document says is wrong with it; null where it has nothing against it. */
  readonly wrong: string | null
}

/** Refusals that every operation can give. Source: the conventions of the API. */
const everywhere = new Set([
  'validation_failed',
  'malformed_request',
  'invalid_local_time',
  'unauthenticated',
  'forbidden',
  'not_found',
  'not_acceptable',
  'idempotency_in_progress',
  'idempotency_key_reused',
  'precondition_failed',
  'request_timeout',
  'body_too_large',
  'unsupported_media_type',
  'rate_limited',
  'busy',
])

const inside =
  /node_modules|\.ts:\d+|\bat \w+ \(|SELECT |INSERT INTO|SQLITE_|sqlite3|pg_|relation "|syntax error|\/(home|root|tmp|dev|work)\//

/** What is drawn by chance may spell anything. */
const tokens = /[\w-]{40,}/g

/** What is wrong with an answer; nothing where all is as the document says. */
export function judge(shot: Shot, heard: Heard): string[] {
  const { operation, method } = shot
  const problems: string[] = []
  const type = (heard.headers['content-type'] ?? '').split(';', 1)[0] ?? ''
  if (heard.headers['x-content-type-options'] !== 'nosniff') problems.push('no security headers')
  if (heard.headers['x-request-id'] === undefined && heard.status !== 431) problems.push('no X-Request-Id')
  if (heard.status >= 500 && !isForNow(heard)) problems.push(`a ${heard.status}`)
  if (inside.test(heard.text.replaceAll(tokens, '')) && type !== 'application/pdf') problems.push('tells of the inside')
  if (method !== operation.method) {
    const isKnown = method === 'HEAD' || method === 'OPTIONS' || shot.methods.has(method)
    if (!isKnown && ![400, 404, 405].includes(heard.status))
      problems.push(`${method} is a ${heard.status} and not a 405`)
    return problems
  }
  problems.push(...(heard.status >= 400 ? judgeProblem(operation, heard, type, shot) : judgeSuccess(shot, heard, type)))
  return problems
}

function isForNow({ status, headers }: Heard): boolean {
  return (status === 503 || status === 507) && headers['retry-after'] !== undefined
}

function judgeProblem(operation: Operation, heard: Heard, type: string, { sent }: Shot): string[] {
  if (type !== 'application/problem+json') return [`a ${heard.status} that is ${type}`]
  const problem = parse(heard.text) as { code: string; status: number; instance: string } | undefined
  if (!fits(Problem, problem) || problem === undefined) return [`a ${heard.status} that is no problem document`]
  const [status] = refusals[problem.code as keyof typeof refusals] ?? [0]
  const found: string[] = []
  if (status !== heard.status || problem.status !== heard.status) found.push(`${problem.code} as ${heard.status}`)
  if (problem.instance !== sent.target.split('?', 1)[0]) found.push('another instance than its path')
  if (!operation.answers.has(String(heard.status)) && !operation.answers.has('default')) found.push('not documented')
  if (!operation.codes.has(problem.code) && !everywhere.has(problem.code))
    found.push(`${problem.code} is not documented`)
  return found
}

function judgeSuccess({ operation, caller, sent, wrong }: Shot, heard: Heard, type: string): string[] {
  const documented = operation.answers.get(String(heard.status))
  if (!documented) return [`a ${heard.status} that is not documented`]
  const found: string[] = []
  if (caller.name === 'forger') found.push('a forged token is let in')
  if (caller.name === 'guest' && operation.needsAccount) found.push('a guest is let in')
  const isForeign = sent.headers['origin'] !== undefined && !sent.headers['origin'].includes('127.0.0.1')
  if (caller.name.startsWith('browser') && operation.method !== 'GET' && operation.needsAccount && isForeign) {
    found.push('a request from another site is let in')
  }
  if (wrong !== null) found.push(`took what the document refuses: ${wrong}`)
  if (documented.size === 0) {
    if (heard.text !== '') found.push('a body where none is documented')
    return found
  }
  const schema = documented.get(type)
  if (!schema) found.push(`a ${heard.status} that is ${type}, not ${[...documented.keys()].join(' or ')}`)
  else if (type === 'application/json' && !fits(schema, parse(heard.text))) {
    found.push(`an answer of another shape: ${misfit(schema, parse(heard.text))}`)
  }
  return found
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Canaries that this caller may not read. Who shows the key of a thing may read it, whoever they are. */
export function leaks({ caller, sent, operation }: Shot, heard: Heard, { canaries }: World): readonly Canary[] {
  if (sent.headers['x-access-token'] !== undefined || sent.target.includes('accessToken=')) return []
  // Who knows a password, or a reference and its address, has them from somebody.
  if (['login', 'lookUpBooking'].includes(operation.id)) return []
  const asked = `${sent.target}${typeof sent.body === 'string' ? sent.body : ''}`
  const all = `${heard.text}${JSON.stringify(heard.headers)}`
  return canaries.filter(
    ({ text, readers }) => !readers.includes(caller.name) && all.includes(text) && !asked.includes(text),
  )
}
