import type { IncomingHttpHeaders } from 'node:http'
import type { InputOf, OperationShape } from '../../contract/operation.ts'
import type { Transaction } from '../database/database.ts'
import type { Log } from '../platform/log.ts'
import type { Refusal } from '../platform/refusal.ts'
import type { Caller } from './caller.ts'
import type { Answer } from './answer.ts'
import type { IdempotencyRequest, KeyRefusal } from './idempotency.ts'

/** What is known of a request before its body is read. */
export interface Approach<Shape extends OperationShape = OperationShape> {
  readonly params: InputOf<Shape>['params']
  readonly caller: Caller
  /** The key of a guest to one hold or booking: `X-Access-Token`, or `accessToken` in a GET's query. */
  readonly accessToken: string | undefined
  /**
   * Whom limits count: `usr_…`, else the guest's signed cookie (`guest:…`), else the address (`address:…`, IPv6 by /64).
   */
  readonly client: string
  /** The guest's signed cookie (`guest:…`), whoever has signed in since; null without one. */
  readonly guest: string | null
  /** The address alone (IPv6 by its /64). */
  readonly address: string
  /** Milliseconds since the epoch when the request was taken up. */
  readonly now: number
  readonly headers: IncomingHttpHeaders
  readonly log: Log
}

/** A request that is allowed, found and valid. */
export interface Request<Shape extends OperationShape = OperationShape, Subject = undefined> extends Approach<Shape> {
  readonly query: InputOf<Shape>['query']
  readonly body: InputOf<Shape>['body']
  /** What `find` found: the thing the path names, which the caller may see. */
  readonly subject: Subject
  /**
   * The `Idempotency-Key`, for commands that keep its record in a batch of their own. No getter: V8 gives every literal with
   * one a shape of its own, and the shape keeps the whole request for as long as only young garbage is collected.
   */
  idempotency(): IdempotencyRequest | null
  /**
   * `Database.write`, and, where the request carries an `Idempotency-Key`, the record of the answer in the same
   * transaction: what `work` returns is the answer's body. `finish` adds what must not be kept (derived tokens); it is
   * applied to a first answer and to a repeated one alike.
   */
  commit<Result>(
    work: (tx: Transaction) => Promise<Result>,
    finish?: (result: Exclude<Result, Refusal>) => Exclude<Result, Refusal>,
  ): Promise<Result | Answer<Exclude<Result, Refusal>> | KeyRefusal>
  /**
   * `commit` of what changes one thing alone, whose id is `about`: the same requests for other things may share its
   * transaction. Null: it changes more than that.
   */
  commitAbout<Result>(
    about: string | null,
    work: (tx: Transaction) => Promise<Result>,
    finish?: (result: Exclude<Result, Refusal>) => Exclude<Result, Refusal>,
  ): Promise<Result | Answer<Exclude<Result, Refusal>> | KeyRefusal>
  /**
   * Sends the guest cookie with the answer, so that limits count this browser and not its whole address; answers whom they
   * count from then on.
   */
  rememberGuest(): string
}
