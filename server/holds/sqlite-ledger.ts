import type { BatchWatch } from '../database/batches.ts'
import type { Database, WriterLoan } from '../database/database.ts'
import { assert } from '../platform/assert.ts'
import type { Clock } from '../platform/clock.ts'
import { traceTime } from '../platform/tracing.ts'
import { placeHold } from './commands.ts'
import type { LedgerCommand, SeatLedger } from './ledger.ts'
import { storageIn } from './sqlite-storage.ts'
import { receivedFailure, receivedOutcome } from './thread-messages.ts'
import type { BatchReport } from './thread-messages.ts'
import { createWritingThread } from './writing-thread.ts'
import type { WritingThread } from './writing-thread.ts'

interface Waiting {
  /** What it is part of, where somebody watches. */
  readonly trace: string | null
  readonly command: LedgerCommand
  resolve(outcome: unknown): void
  reject(error: unknown): void
}

/** Commands that are sent at once while more requests are still being read: the thread begins with them meanwhile. */
const orderSize = 8

/**
 * The ledger on SQLite: a thread writes what is waiting in one commit, while the event loop goes on with requests; a
 * single caller waits for nobody. Commands that carry a judgement of their own (best seats, a theatre's seat rules)
 * cannot leave the event loop, and are members of the one writer's own batches.
 */
export function createSqliteLedger(database: Database, clock: Clock): SeatLedger {
  assert(database.loan, 'This ledger is for SQLite')
  const desk = new Desk(database.loan, database.batches, clock)
  return {
    place: (command) =>
      command.wish.kind === 'best' || command.judge
        ? database.write((tx) => placeHold(storageIn(tx), command))
        : desk.submit(command),
    release: desk.submit,
    extend: desk.submit,
    close: () => desk.close(),
  }
}

/** Between the event loop and the thread: has the writer lent to it, and gives it back when others want it. */
class Desk {
  readonly #loan: WriterLoan
  readonly #batches: BatchWatch
  readonly #clock: Clock
  readonly #thread: WritingThread
  readonly #waiting: Waiting[] = []
  #underWay = 0
  /** Gives the turn back; null while there is none. */
  #giveBack: (() => void) | null = null
  #asked = false
  #soon = false

  constructor(loan: WriterLoan, batches: BatchWatch, clock: Clock) {
    this.#loan = loan
    this.#batches = batches
    this.#clock = clock
    this.#thread = createWritingThread(loan.path, () => loan.leaveCheckpoints())
  }

  readonly submit = <Outcome>(command: LedgerCommand): Promise<Outcome> =>
    new Promise((resolve, reject) => {
      this.#waiting.push({ trace: this.#batches.trace, command, resolve, reject })
      if (this.#waiting.length >= orderSize) this.#goOn()
      if (this.#soon) return
      this.#soon = true
      // After the sockets that are ready have been read.
      setImmediate(() => {
        this.#soon = false
        if (this.#waiting.length > 0) this.#goOn()
      })
    })

  close(): Promise<void> {
    return this.#thread.close()
  }

  /** What is waiting goes out, unless others want to write: then the turn ends with what is under way. */
  #goOn(): void {
    if (!this.#giveBack) {
      if (this.#waiting.length > 0) this.#askForTurn()
      return
    }
    if (!this.#loan.isWanted()) this.#sendAll()
    // What is refused at once has come by here already, and may have given the turn back.
    if (this.#underWay > 0 || !this.#giveBack) return
    this.#giveBack()
    this.#giveBack = null
    this.#asked = false
    if (this.#waiting.length > 0) this.#askForTurn()
  }

  #askForTurn(): void {
    if (this.#asked) return
    this.#asked = true
    const takeTurn = (resolve: () => void) => {
      this.#giveBack = resolve
      this.#sendAll()
    }
    this.#loan.turn(() => new Promise<void>(takeTurn)).catch((error: unknown) => this.#hadNoTurn(error))
  }

  /** Another process kept the file for too long: who waits hears so, as who waits for the writer does. The next one asks again. */
  #hadNoTurn(error: unknown): void {
    this.#asked = false
    for (const { reject } of this.#waiting.splice(0)) reject(error)
  }

  #sendAll(): void {
    while (this.#giveBack && this.#waiting.length > 0) void this.#send(this.#waiting.splice(0, orderSize))
  }

  async #send(members: readonly Waiting[]): Promise<void> {
    this.#underWay += 1
    const beganAtMs = traceTime()
    const traces = members.map(({ trace }) => trace)
    try {
      this.#loan.refuse()
      const nowMs = this.#clock.now()
      const report = await this.#thread.write({ nowMs, commands: members.map(({ command }) => command) })
      this.#batches.tell(beganAtMs, traces, false)
      settle(members, report, nowMs, this.#loan)
      this.#loan.announceSeats(report.changed)
    } catch (error) {
      this.#batches.tell(beganAtMs, traces, true)
      for (const { reject } of members) reject(error)
    } finally {
      this.#underWay -= 1
      this.#goOn()
    }
  }
}

function settle(members: readonly Waiting[], { ends }: BatchReport, nowMs: number, loan: WriterLoan): void {
  for (const [index, { command, resolve, reject }] of members.entries()) {
    const end = ends[index]
    assert(end !== undefined, 'Every command is answered')
    if (typeof end === 'object' && 'failed' in end) {
      const failure = receivedFailure(end.failed)
      loan.tellFailure(failure)
      reject(failure)
    } else resolve(receivedOutcome(command, end, nowMs))
  }
}
