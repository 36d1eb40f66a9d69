import { AsyncLocalStorage } from 'node:async_hooks'
import type { OperationShape } from '../../contract/operation.ts'
import { appendAuditEntry } from '../database/audit-log.ts'
import type { Database, Transaction } from '../database/database.ts'
import { isRefusal } from '../platform/refusal.ts'
import type { Secrets } from '../platform/secrets.ts'
import { changesBetween, readThing, theatreOf } from './act-subject.ts'
import type { Thing } from './act-subject.ts'
import { redacted } from './act-redaction.ts'
import { Replay } from './idempotency.ts'
import type { AccountCaller, Caller } from './caller.ts'

/** What somebody of the house does with one request. */
interface Act {
  readonly shape: OperationShape
  readonly actor: AccountCaller
  readonly params: Readonly<Record<string, string>>
  readonly body: unknown
}

interface Acting {
  readonly caller: Caller
  readonly params: object
  readonly body: unknown
}

// What is being done travels with the request's own course, so that no write of it, however deep, goes unrecorded.
const current = new AsyncLocalStorage<Act>()

/** Operations whose writes are not worth an entry: a hold lapses by itself, and one's own account is one's own matter. */
const unrecorded = new Set(['placeHold', 'releaseHold', 'extendHold'])

/** Runs a request; what it writes is recorded when somebody of the house changes something. */
export function performing<Result>(shape: OperationShape, request: Acting, work: () => Result): Result {
  const { caller, params, body } = request
  if (caller.kind === 'guest' || caller.role === 'customer' || shape.method === 'GET') return work()
  if (unrecorded.has(shape.id) || shape.path.startsWith('/auth/')) return work()
  return current.run({ shape, actor: caller, params: { ...params }, body }, work)
}

/** The database, with an entry in the audit log in every transaction in which somebody of the house changes something. */
export function recordActs(database: Database, secrets: Secrets): Database {
  return {
    ...database,
    async write(work, company) {
      const act = current.getStore()
      if (!act) return await database.write(work, company)
      return await database.write(async (tx) => {
        const named = nameIn(act)
        const before = named === null ? null : await readThing(tx, named)
        const result = await work(tx)
        if (!isRefusal(result) && !(result instanceof Replay)) await record(tx, secrets, act, before, result)
        return result
      })
    },
  }
}

async function record(
  tx: Transaction,
  secrets: Secrets,
  act: Act,
  before: Thing | null,
  result: unknown,
): Promise<void> {
  const { shape, actor, params, body } = act
  const made = shape.answer.status === 201 ? idIn(result) : null
  const subjectId = made ?? nameIn(act) ?? idIn(result)
  const known = made === null ? before : null
  const after = subjectId === null ? null : await readThing(tx, subjectId)
  const changes = changesBetween(known, after)
  const person = (value: string) => `person:${secrets.sign('audit person', value).slice(0, 16)}`
  const json = (value: unknown) => (value === null ? null : JSON.stringify(redacted(value, person)))
  await appendAuditEntry(tx, {
    actorId: actor.userId,
    actorRole: actor.role,
    action: shape.id,
    subjectId,
    theatreId: await theatreOf(tx, [after, before], [params, body, result]),
    request: json({ ...params, ...(body !== undefined && { body }) }) ?? '{}',
    before: json(changes.before),
    after: json(changes.after),
  })
}

/** The thing that the path names, or, where it names none, the body. */
function nameIn({ params, body }: Act): string | null {
  const { id, ticketId, userId } = params
  const named = id ?? ticketId ?? userId
  if (named !== undefined) return named
  if (typeof body !== 'object' || body === null) return null
  for (const name of ['ticketId', 'bookingId']) {
    const value: unknown = Reflect.get(body, name)
    if (typeof value === 'string') return value
  }
  return null
}

/** The id of what a transaction made. */
function idIn(result: unknown): string | null {
  if (typeof result !== 'object' || result === null) return null
  const id: unknown = Reflect.get(result, 'id')
  if (typeof id === 'string') return id
  const ticket: unknown = Reflect.get(result, 'ticket')
  return typeof ticket === 'object' && ticket !== null ? idIn(ticket) : null
}
