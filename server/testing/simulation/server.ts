import { assert } from '../../platform/assert.ts'
import { decide } from './commands.ts'
import type { Command } from './commands.ts'
import { beginWork, commitWork } from './disk.ts'
import type { Bug, Disk, Work } from './disk.ts'
import type { Heard } from './history.ts'

/** A request on its way to a server, and who asks. */
export interface Letter {
  readonly from: string
  readonly command: Command
}

/** An answer on its way back. */
export interface Reply {
  readonly letter: Letter
  readonly heard: Heard
}

/** Which server has locked which showtime. */
export type Locks = Map<string, SimulatedServer>

interface Batch {
  readonly letters: readonly Letter[]
  readonly replies: Reply[]
  work: Work | null
  committed: boolean
}

/**
 * One server: commands that wait share a transaction, which locks their showtimes in the order of their ids, reads, decides
 * one after the other, commits, and only then answers. Each step is one call of `step`: between any two it may crash.
 */
export class SimulatedServer {
  readonly name: string
  readonly #disk: Disk
  readonly #locks: Locks
  readonly #bug: Bug | null
  readonly #readTime: () => number
  #waiting: Letter[] = []
  #batch: Batch | null = null
  #latestMs = 0

  constructor(name: string, parts: { disk: Disk; locks: Locks; bug: Bug | null; readTime: () => number }) {
    this.name = name
    this.#disk = parts.disk
    this.#locks = parts.locks
    this.#bug = parts.bug
    this.#readTime = parts.readTime
  }

  get isBusy(): boolean {
    return this.#batch !== null || this.#waiting.length > 0
  }

  /** Its clock never runs backwards while it lives, like the real one's. */
  now(): number {
    this.#latestMs = Math.max(this.#latestMs, this.#readTime())
    return this.#latestMs
  }

  receive(letter: Letter): void {
    this.#waiting.push(letter)
  }

  /** What was not committed is gone, with everybody who waited; what was is there. */
  crash(): void {
    this.#release()
    this.#waiting = []
    this.#batch = null
    this.#latestMs = 0
  }

  /** Takes the next step; answers what it did, and the answers it sent. `most`: how many may share a batch. */
  step(most: number): { readonly did: string; readonly replies: readonly Reply[] } {
    const batch = this.#batch
    if (!batch) {
      this.#batch = { letters: this.#waiting.splice(0, most), replies: [], work: null, committed: false }
      return did(`begins a batch of ${this.#batch.letters.length}`)
    }
    if (!batch.work) return this.#lockOrLoad(batch)
    const letter = batch.letters[batch.replies.length]
    if (letter && !batch.committed) return this.#decide(batch, batch.work, letter)
    if (!batch.committed) {
      commitWork(this.#disk, batch.work, this.#bug)
      batch.committed = true
      this.#release()
      return did('commits')
    }
    const reply = this.#bug === 'answer before commit' ? undefined : batch.replies.shift()
    if (!reply) this.#batch = null
    return reply ? did(`answers ${reply.letter.from}`, [reply]) : did('is done')
  }

  #lockOrLoad(batch: Batch) {
    const wanted = [...new Set(batch.letters.map(({ command }) => command.showtimeId))].toSorted()
    const next = wanted.find((id) => this.#locks.get(id) !== this)
    if (next !== undefined && this.#bug !== 'no lock') {
      if (this.#locks.has(next)) return did(`waits for ${next}`)
      this.#locks.set(next, this)
      return did(`locks ${next}`)
    }
    // The clock is read again once the locks are there.
    batch.work = beginWork(this.#disk, this.now(), this.#bug)
    return did(`reads at ${batch.work.nowMs}`)
  }

  #decide(batch: Batch, work: Work, letter: Letter) {
    const before = sizeOf(work)
    const reply = { letter, heard: decide(work, letter.command) }
    // So that it needs no savepoint: nothing of it can reach its neighbours' commit.
    assert(reply.heard.kind === 'made' || sizeOf(work) === before, `A refused ${letter.command.kind} has written`)
    batch.replies.push(reply)
    const what = `decides ${letter.from} ${letter.command.kind}: ${JSON.stringify(reply.heard)}`
    return did(what, this.#bug === 'answer before commit' ? [reply] : [])
  }

  #release(): void {
    for (const [id, owner] of this.#locks) if (owner === this) this.#locks.delete(id)
  }
}

function sizeOf({ writes, before, bookings }: Work): number {
  const { claims, dropped, inserted, updated, versions, changes, keys } = writes
  const changed = [...bookings].filter(([id, booking]) => before.get(id) !== booking)
  return (
    [claims, dropped, inserted, updated, versions, keys].reduce((sum, { size }) => sum + size, 0) +
    changes.length +
    changed.length
  )
}

function did(what: string, replies: readonly Reply[] = []) {
  return { did: what, replies }
}
