import type { TSchema } from 'typebox'
import { api, basePath } from './api.ts'
import type { WorkChallenge } from './holds.ts'
import type { AnswerOf, InputOf, OperationShape } from './operation.ts'
import type { RefusalCode } from './refusals.ts'

type Api = typeof api
export type OperationId = keyof Api

/** What goes along with a call, beside what the operation itself takes. */
export interface CallOptions {
  /** The key to a guest's hold or booking. */
  readonly accessToken?: string | undefined
  readonly idempotencyKey?: string | undefined
  /** The admission that a waiting room gave. */
  readonly admission?: string | undefined
  /** The solution of a challenge that a refusal carried. */
  readonly proofOfWork?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** Parameters, query and body of an operation, each only where it has them. */
export type CallInput<Shape extends OperationShape> = CallOptions &
  (Shape['params'] extends TSchema ? { readonly params: InputOf<Shape>['params'] } : unknown) &
  (Shape['query'] extends TSchema ? { readonly query?: InputOf<Shape>['query'] } : unknown) &
  (Shape['body'] extends TSchema ? { readonly body: InputOf<Shape>['body'] } : unknown)

/** What names an answer to a reading operation. */
export type Reading<Id extends OperationId> = Omit<CallInput<Api[Id]>, keyof CallOptions>

export type Answer<Id extends OperationId> = AnswerOf<Api[Id]>

/** A problem document (RFC 9457); a refusal may tell more, such as which seats are gone. */
export interface ProblemDocument {
  readonly code: RefusalCode
  readonly status: number
  readonly title: string
  readonly detail: string
  readonly errors?: readonly { readonly path: string; readonly message: string }[]
  readonly seats?: readonly string[]
  readonly suggestions?: readonly (readonly string[])[]
  readonly available?: number
  /** Of `pow_required`. */
  readonly challenge?: WorkChallenge
  readonly checkedInAt?: string
  /** At the door: the seat of the ticket, and what it is for. */
  readonly seat?: string | null
  readonly showtime?: {
    readonly id: string
    readonly movieTitle: string
    readonly auditoriumName: string
    readonly localStartsAt: string
    readonly timeZone: string
  }
}

/** The server said no; `problem.code` says why. */
export class RefusedCall extends Error {
  override readonly name = 'RefusedCall'
  readonly problem: ProblemDocument

  constructor(problem: ProblemDocument) {
    super(`${problem.code}: ${problem.detail}`)
    this.problem = problem
  }
}

export type Call = <Id extends OperationId>(id: Id, input: CallInput<Api[Id]>) => Promise<Answer<Id>>

interface Loose extends CallOptions {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
  readonly body?: unknown
}

/** The address of an operation, from the root. */
export function addressOf<Id extends OperationId>(id: Id, input: Reading<Id>): string {
  const { params = {}, query = {} }: Loose = input
  const filled = api[id].path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
  return `${basePath}${filled}${queryString(query)}`
}

/**
 * A client of the whole contract: `call('placeHold', { params, body })`. Throws `RefusedCall` for a problem document, and
 * what `fetch` throws when there is no answer at all. `origin` is empty for the page's own.
 */
export function createClient(origin: string, send: typeof fetch = (...request) => fetch(...request)): Call {
  return async (id, input) => {
    const { method } = api[id]
    const { body, accessToken, idempotencyKey, admission, proofOfWork, signal }: Loose = input
    // No `accept`: the browser takes what the page had it fetch ahead only for a request without headers of its own.
    const headers = new Headers()
    if (body !== undefined) headers.set('content-type', 'application/json')
    if (accessToken !== undefined) headers.set('x-access-token', accessToken)
    if (idempotencyKey !== undefined) headers.set('idempotency-key', idempotencyKey)
    if (admission !== undefined) headers.set('x-admission', admission)
    if (proofOfWork !== undefined) headers.set('x-proof-of-work', proofOfWork)
    const response = await send(`${origin}${addressOf(id, input)}`, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    })
    if (!response.ok) throw new RefusedCall(await readProblem(response))
    // 202 and 204 may say nothing at all.
    const text = await response.text()
    return text === '' ? undefined : JSON.parse(text)
  }
}

function queryString(query: NonNullable<Loose['query']>): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value))
  return search.size > 0 ? `?${search}` : ''
}

/** A proxy in between may answer something that is no problem document. */
async function readProblem(response: Response): Promise<ProblemDocument> {
  const { status } = response
  const otherwise: ProblemDocument = { code: status === 503 ? 'busy' : 'internal_error', status, title: '', detail: '' }
  if (!response.headers.get('content-type')?.includes('json')) return otherwise
  return await response.json()
}
