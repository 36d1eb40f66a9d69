import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { sql } from 'kysely'
import type { OperationShape } from '../../contract/operation.ts'
import type { Database, Transaction } from '../database/database.ts'
import { isRefusal, refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { Answer } from './answer.ts'

/** How long an answer is kept for its key, milliseconds. */
export const keptMs = 24 * 3600 * 1000
const longestKey = 255

/** One key of one caller on one route, with the hash of what was asked. */
export interface IdempotencyRequest {
  readonly caller: string
  readonly route: string
  readonly key: string
  readonly bodyHash: string
}

/** An answer that was given before, to the same key. */
export class Replay<Body = unknown> {
  readonly status: number
  readonly body: Body

  constructor(status: number, body: Body) {
    this.status = status
    this.body = body
  }
}

export type KeyRefusal = Refusal<'idempotency_key_reused' | 'idempotency_in_progress'>

/** The key that a request carries, where keys count; `/auth/*` ignores it: its answers hold secrets. */
export function readKey(
  shape: OperationShape,
  headers: IncomingHttpHeaders,
): string | Refusal<'malformed_request'> | null {
  const key = headers['idempotency-key']
  if (key === undefined || shape.method !== 'POST' || shape.path.startsWith('/auth/')) return null
  if (typeof key === 'string' && key.length >= 1 && key.length <= longestKey) return key
  return refuse('malformed_request', `An Idempotency-Key has 1 to ${longestKey} characters.`)
}

/** The hash of a body and of whatever else tells two requests apart. */
export function hashOf(value: unknown): string {
  const bytes = Buffer.isBuffer(value) ? value : (JSON.stringify(value) ?? '')
  return createHash('sha256').update(bytes).digest('base64url')
}

// Keys whose first request is running in this process: the second hears so at once instead of waiting for a lock.
const running = new Set<string>()

/**
 * Runs `work` in a transaction under a key: the record of the answer is part of the same commit as the effect.
 * Only successes are kept; a refused request may be tried again with its key.
 */
export async function commitOnce<Result>(
  database: Database,
  request: IdempotencyRequest,
  status: number,
  work: (tx: Transaction) => Promise<Result>,
): Promise<Result | Replay | KeyRefusal> {
  const name = `${request.caller}\n${request.route}\n${request.key}`
  if (running.has(name)) return inProgress()
  running.add(name)
  try {
    return await database.write(async (tx) => {
      const earlier = await findReplay(tx, request)
      if (earlier) return earlier
      const result = await work(tx)
      if (!isRefusal(result)) await keepAnswer(tx, request, status, result)
      return result
    })
  } finally {
    running.delete(name)
  }
}

function inProgress(): KeyRefusal {
  return refuse('idempotency_in_progress', undefined, { retryAfterSeconds: 1 })
}

/** The answer kept for this key, the refusal it deserves, or null when the key is new. */
async function findReplay(tx: Transaction, request: IdempotencyRequest): Promise<Replay | KeyRefusal | null> {
  if (tx.raw.engine === 'postgres') {
    const lockName = `${request.caller}\n${request.route}\n${request.key}`
    const { rows } = await sql<{ locked: boolean }>`
      SELECT pg_try_advisory_xact_lock(hashtextextended(${lockName}, 0)) AS locked`.execute(tx.query)
    if (!rows[0]?.locked) return inProgress()
  }
  const kept = await tx.query
    .selectFrom('idempotencyKeys')
    .select(['bodyHash', 'status', 'answer', 'createdAt'])
    .where('caller', '=', request.caller)
    .where('route', '=', request.route)
    .where('key', '=', request.key)
    .executeTakeFirst()
  if (!kept || kept.createdAt <= tx.nowMs - keptMs) return null
  return replayOf(kept, request)
}

/** Compares what was kept with what is asked now; `Body` is what the route keeps. */
export function replayOf<Body>(
  kept: { readonly bodyHash: string; readonly status: number; readonly answer: string },
  request: IdempotencyRequest,
): Replay<Body> | Refusal<'idempotency_key_reused'> {
  if (kept.bodyHash !== request.bodyHash) return refuse('idempotency_key_reused')
  const body: Body = JSON.parse(kept.answer)
  return new Replay(kept.status, body)
}

async function keepAnswer(
  tx: Transaction,
  request: IdempotencyRequest,
  status: number,
  result: unknown,
): Promise<void> {
  const body = result instanceof Answer ? result.body : result
  const row = { ...request, status, answer: JSON.stringify(body ?? null), createdAt: tx.nowMs }
  await tx.query
    .insertInto('idempotencyKeys')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['caller', 'route', 'key']).doUpdateSet({
        bodyHash: row.bodyHash,
        status: row.status,
        answer: row.answer,
        createdAt: row.createdAt,
      }),
    )
    .execute()
}
