import { isRefusal } from '../platform/refusal.ts'
import type { Transaction } from './database.ts'
import { askFor, writeFor } from './lists.ts'
import type { Lists, ListRead, ListWrite, SqlRow } from './lists.ts'
import { sendTogether } from './postgres-statements.ts'

/** What a member asks or writes, until it is sent. */
type Step = Ask | Write

interface Ask {
  readonly statement: ListRead
  readonly values: readonly unknown[]
  resolve(rows: readonly SqlRow[]): void
  reject(error: unknown): void
}

interface Write {
  readonly statement: ListWrite
  readonly rows: readonly SqlRow[]
  readonly key: string | null
}

/** What a member does; it runs within whatever it came from. */
export type MemberWork = (tx: Transaction) => unknown

/** How a member of a shared transaction ended, before the commit. `alone`: it must have a transaction of its own. */
export type MemberEnd = { readonly value: unknown } | { readonly error: unknown } | 'alone'

/** A member did what can only be undone for all: everybody runs again, alone. */
export class SpoiltBatch extends Error {
  override readonly name = 'SpoiltBatch'
}

/** A member uses more than reads and writes that take lists. */
class NeedsOwnTransaction extends Error {
  override readonly name = 'NeedsOwnTransaction'
}

/**
 * Runs members side by side in one transaction of PostgreSQL. Each runs until it waits for what it has asked; when all of
 * them wait, what they have asked and written is sent, in the order in which each of them did, and what has the same text goes
 * as one statement. A member that ends before anything of it was written has left nothing. Answers how each ended.
 */
export async function runInLockstep(tx: Transaction, works: readonly MemberWork[]): Promise<MemberEnd[]> {
  const lockstep = new Lockstep(tx)
  const members = works.map(() => new Member(tx, lockstep))
  lockstep.members.push(...members)
  const ends = await Promise.all(members.map((member, index) => member.run(works[index] ?? (() => undefined))))
  if (lockstep.failure) throw lockstep.failure.error
  if (members.some(({ isSpoilt }) => isSpoilt)) throw new SpoiltBatch('What a member wrote must be undone')
  lockstep.sendAll()
  const announced = new Set(members.flatMap(({ announcements }) => announcements))
  if (announced.size > 0) tx.announceSeats([...announced])
  for (const act of members.flatMap(({ acts }) => acts)) tx.afterCommit(act)
  return ends
}

class Lockstep {
  readonly members: Member[] = []
  /** Why a statement failed first: the others fail behind it. */
  failure: { readonly error: unknown } | null = null
  readonly #tx: Transaction
  #isDue = false

  constructor(tx: Transaction) {
    this.#tx = tx
  }

  /** Sends what there is once no member can go on. */
  sendWhenAllWait(): void {
    if (this.#isDue) return
    this.#isDue = true
    // After the promises that are ready now, and those that they make ready.
    queueMicrotask(() =>
      process.nextTick(() => {
        this.#isDue = false
        this.sendAll()
      }),
    )
  }

  sendAll(): void {
    sendTogether(this.#client)
    for (;;) {
      const next = this.members.find(({ steps }) => steps.length > 0)?.steps[0]
      if (next === undefined) return
      if ('values' in next) this.#ask(next.statement)
      else this.#write(next.statement)
    }
  }

  #ask(statement: ListRead): void {
    const askers: Ask[] = []
    for (const { steps } of this.members) {
      for (let next = steps[0]; next?.statement === statement && 'values' in next; next = steps[0]) {
        askers.push(next)
        steps.shift()
      }
    }
    const asked = this.#sent(
      askFor(
        this.#client,
        statement,
        askers.map(({ values }) => values),
      ),
    )
    asked.then(
      ({ rows }) => distribute(statement, askers, rows),
      (error: unknown) => {
        for (const { reject } of askers) reject(error)
      },
    )
  }

  #write(statement: ListWrite): void {
    const rows: SqlRow[] = []
    const keys = new Set<string>()
    for (const member of this.members) {
      const { steps } = member
      for (let next = steps[0]; next?.statement === statement && 'rows' in next; next = steps[0]) {
        // Of one row a statement makes one change.
        if (next.key !== null && keys.has(next.key)) break
        if (next.key !== null) keys.add(next.key)
        rows.push(...next.rows)
        steps.shift()
        member.hasWritten = true
      }
    }
    void this.#sent(writeFor(this.#client, statement, rows, [...keys]))
  }

  get #client() {
    if (this.#tx.raw.engine !== 'postgres') throw new Error('Members share a transaction of PostgreSQL')
    return this.#tx.raw.client
  }

  #sent<Result>(statement: Promise<Result>): Promise<Result> {
    statement.catch((error: unknown) => (this.failure ??= { error }))
    if (this.#tx.raw.engine === 'postgres') this.#tx.raw.sent(statement)
    return statement
  }
}

/** Gives each asker its rows. */
function distribute({ by }: ListRead, askers: readonly Ask[], rows: readonly SqlRow[]): void {
  const found = new Map<string, SqlRow[]>()
  for (const row of rows) {
    found.getOrInsertComputed(by.map((column) => String(row[column])).join('\n'), () => []).push(row)
  }
  for (const { values, resolve } of askers) {
    resolve(found.get(values.slice(0, by.length).map(String).join('\n')) ?? [])
  }
}

/** The connection as a member has it: by lists alone. Whoever reaches for it itself runs alone. */
class SharedConnection {
  readonly engine = 'postgres'
  readonly lists: Lists

  constructor(lists: Lists) {
    this.lists = lists
  }

  get client(): never {
    throw new NeedsOwnTransaction()
  }

  sent(): never {
    throw new NeedsOwnTransaction()
  }
}

/** What one member is given for a transaction; it refuses use after its end. */
class Member implements Transaction {
  steps: Step[] = []
  /** Whether something of it has been sent. */
  hasWritten = false
  isSpoilt = false
  announcements: string[] = []
  acts: (() => void)[] = []
  readonly raw: Transaction['raw']
  readonly #tx: Transaction
  #live = true

  constructor(tx: Transaction, lockstep: Lockstep) {
    this.#tx = tx
    const lists: Lists = {
      read: (statement, values) =>
        new Promise((resolve, reject) => {
          this.#mustLive()
          this.steps.push({ statement, values, resolve, reject })
          lockstep.sendWhenAllWait()
        }),
      write: (statement, rows, key) => {
        this.#mustLive()
        this.steps.push({ statement, rows, key })
      },
    }
    this.raw = new SharedConnection(lists)
  }

  get query(): never {
    throw new NeedsOwnTransaction()
  }

  get nowMs(): number {
    return this.#tx.nowMs
  }

  renewTime(): void {
    this.#tx.renewTime()
  }

  announceSeats(showtimeIds: readonly string[]): void {
    this.announcements.push(...showtimeIds)
  }

  afterCommit(act: () => void): void {
    this.acts.push(act)
  }

  async run(work: MemberWork): Promise<MemberEnd> {
    try {
      const value = await work(this)
      if (isRefusal(value)) this.#leave()
      return { value }
    } catch (error) {
      this.#leave()
      return error instanceof NeedsOwnTransaction ? 'alone' : { error }
    } finally {
      this.#live = false
    }
  }

  /** Nothing of it is to be written; what has been already can only be undone for all. */
  #leave(): void {
    this.isSpoilt = this.hasWritten
    this.steps = []
    this.announcements = []
    this.acts = []
  }

  #mustLive(): void {
    if (!this.#live) throw new Error('This transaction has ended')
  }
}
