import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { OperationShape } from '../../contract/operation.ts'
import type { Company, Database, Transaction } from '../database/database.ts'
import type { ListRead, ListWrite } from '../database/lists.ts'
import { readList, writeRows } from '../database/rows.ts'
import type { IdempotencyKeyRow } from '../database/tables/platform.ts'
import { isRefusal, refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { Answer } from './answer.ts'
import { boundaryOf } from './forms.ts'

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

/**
 * The hash of a request's body. A form's boundary is drawn anew each time it is sent, and says nothing: the same form with
 * another one is the same request.
 */
export function hashOfBody(body: unknown, contentType: string | undefined): string {
  if (!Buffer.isBuffer(body)) return hashOf(body ?? null)
  const boundary = boundaryOf(contentType)
  return hashOf(boundary === null ? body : body.toString('latin1').replaceAll(boundary, '--'))
}

/** Only on PostgreSQL: until the transaction ends, no other server answers the same key. */
const lockOfKey: ListRead = {
  sqlite: '',
  postgres: `SELECT name, pg_try_advisory_xact_lock(hashtextextended(name, 0)) AS locked FROM unnest($1::text[]) AS name`,
  by: ['name'],
}

const keptFor: ListRead = {
  sqlite:
    'SELECT body_hash, status, answer, created_at FROM idempotency_keys WHERE caller = ? AND route = ? AND key = ?',
  postgres: `SELECT k.* FROM unnest($1::text[], $2::text[], $3::text[]) AS asked (caller, route, key)
    JOIN idempotency_keys k ON k.caller = asked.caller COLLATE "C" AND k.route = asked.route COLLATE "C"
      AND k.key = asked.key COLLATE "C"`,
  by: ['caller', 'route', 'key'],
}

const columns = 'caller, route, key, body_hash, status, answer, created_at'
const insteadOfOlder = `ON CONFLICT (caller, route, key) DO UPDATE SET body_hash = excluded.body_hash,
  status = excluded.status, answer = excluded.answer, created_at = excluded.created_at`
const keepFor: ListWrite = {
  sqlite: [`INSERT INTO idempotency_keys (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?) ${insteadOfOlder}`],
  postgres: `INSERT INTO idempotency_keys (${columns})
    SELECT ${columns} FROM json_populate_recordset(NULL::idempotency_keys, $1) ${insteadOfOlder}`,
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
  company?: Company,
): Promise<Result | Replay | KeyRefusal> {
  const name = `${request.caller}\n${request.route}\n${request.key}`
  if (running.has(name)) return inProgress()
  running.add(name)
  try {
    return await database.write(async (tx) => {
      const earlier = await findReplay(tx, request)
      if (earlier) return earlier
      const result = await work(tx)
      if (!isRefusal(result)) keepAnswer(tx, request, status, result)
      return result
    }, company)
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
    const [lock] = await readList<{ locked: boolean }>(tx, lockOfKey, [lockName])
    if (!lock?.locked) return inProgress()
  }
  const [kept] = await readList<IdempotencyKeyRow>(tx, keptFor, [request.caller, request.route, request.key])
  if (!kept || kept.createdAt <= tx.nowMs - keptMs) return null
  return replayOf(kept, request)
}

/** Whether an answer is kept for this key: who asks again is told the same, whatever has changed since. */
export async function hasAnswer(database: Database, request: IdempotencyRequest, nowMs: number): Promise<boolean> {
  const rows = await database.readPrepared(
    'kept-answer',
    'SELECT 1 AS kept FROM idempotency_keys WHERE caller = $1 AND route = $2 AND key = $3 AND created_at > $4',
    [request.caller, request.route, request.key, nowMs - keptMs],
  )
  return rows.length > 0
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

function keepAnswer(tx: Transaction, request: IdempotencyRequest, status: number, result: unknown): void {
  const { caller, route, key, bodyHash } = request
  const body = result instanceof Answer ? result.body : result
  const row: IdempotencyKeyRow = {
    caller,
    route,
    key,
    bodyHash,
    status,
    answer: JSON.stringify(body ?? null),
    createdAt: tx.nowMs,
  }
  writeRows(tx, keepFor, [row])
}
