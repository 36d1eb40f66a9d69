import { AsyncLocalStorage } from 'node:async_hooks'
import { traceTime } from '../platform/tracing.ts'
import { BatchQueue } from './batch-queue.ts'
import type { BatchWatch } from './batches.ts'
import { DatabaseBusy, OutcomeUnknown } from './database.ts'
import type { Company, Transaction } from './database.ts'
import { runInLockstep } from './lockstep.ts'
import type { MemberEnd, MemberWork } from './lockstep.ts'
import { sqlState } from './postgres-errors.ts'

/** Runs `work` in a transaction of its own. */
export type Write = <Result>(work: (tx: Transaction) => Result | Promise<Result>) => Promise<Result>

interface Waiting {
  readonly about: string
  /** What it is part of, where somebody watches. */
  readonly trace: string | null
  readonly work: MemberWork
  resolve(value: unknown): void
  reject(error: unknown): void
}

const batchSize = 64
const worthABatch = 8

/**
 * Transactions of one kind that wait together share one, in lockstep, and are answered after its commit. A single caller
 * waits for nobody. Where a member is refused, nothing of it is written; where one fails, everybody runs again alone, so that
 * it spoils nobody's.
 */
export function writeTogether(
  alone: Write,
  batches: BatchWatch,
): <Result>(company: Company, work: (tx: Transaction) => Result | Promise<Result>) => Promise<Result> {
  const queues = new Map<string, BatchQueue<Waiting>>()
  const shared = new SharedWrites(alone, batches)
  const startQueue = () =>
    // No two about the same thing share a transaction: the second of them waits until the first has done with it.
    new BatchQueue<Waiting>({
      size: batchSize,
      worthABatch,
      run: (members) => shared.run(members),
      about: (member) => member.about,
    })
  return ({ kind, about }, work) =>
    new Promise((resolve, reject) => {
      const within = AsyncLocalStorage.snapshot()
      const queue = queues.getOrInsertComputed(kind, startQueue)
      queue.add({
        about,
        trace: batches.trace,
        work: (tx) => within(work, tx),
        resolve,
        reject,
      })
    })
}

class SharedWrites {
  readonly #alone: Write
  readonly #batches: BatchWatch

  constructor(alone: Write, batches: BatchWatch) {
    this.#alone = alone
    this.#batches = batches
  }

  async run(members: readonly Waiting[]): Promise<void> {
    const startedAtMs = traceTime()
    const traces = members.map(({ trace }) => trace)
    try {
      const [only] = members
      if (only && members.length === 1) await this.#runAlone(only)
      else await this.#runShared(members)
      this.#batches.tell(startedAtMs, traces, false)
    } catch (error) {
      this.#batches.tell(startedAtMs, traces, true)
      if (!mayRunAgain(error)) for (const { reject } of members) reject(error)
      else await Promise.all(members.map((member) => this.#runAlone(member)))
    }
  }

  async #runShared(members: readonly Waiting[]): Promise<void> {
    const works = members.map(({ work }) => work)
    const ends = await this.#batches.run(null, () => this.#alone((tx) => runInLockstep(tx, works)))
    await Promise.all(members.map((member, index) => this.#settle(member, ends[index] ?? 'alone')))
  }

  async #settle(member: Waiting, end: MemberEnd): Promise<void> {
    if (end === 'alone') await this.#runAlone(member)
    else if ('error' in end) member.reject(end.error)
    else member.resolve(end.value)
  }

  async #runAlone({ work, resolve, reject }: Waiting): Promise<void> {
    try {
      resolve(await this.#alone(work))
    } catch (error) {
      reject(error)
    }
  }
}

/** Whether a batch has surely left nothing, and may do better alone: not where the database itself cannot be reached. */
function mayRunAgain(error: unknown): boolean {
  if (error instanceof DatabaseBusy) return sqlState(error.cause) !== undefined
  return !(error instanceof OutcomeUnknown)
}
