import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { createCheckpointHelper } from '../database/checkpoint-helper.ts'
import { LogKeeper } from '../database/log-keeper.ts'
import { SqliteBatch } from '../database/sqlite-batch.ts'
import type { MemberEnd } from '../database/sqlite-batch.ts'
import { openConnection } from '../database/sqlite-connection.ts'
import { translated } from '../database/sqlite-errors.ts'
import { statementCache } from '../database/sqlite-statements.ts'
import { assert } from '../platform/assert.ts'
import { isRefusal } from '../platform/refusal.ts'
import { decide } from './commands.ts'
import type { LedgerCommand } from './ledger.ts'
import { sqliteStorage } from './sqlite-storage.ts'
import { sentFailure, sentOutcome } from './thread-messages.ts'
import type { BatchReport, LedgerOrder, LedgerOutcome } from './thread-messages.ts'

/*
 * The thread that writes the seat ledger of a SQLite file, by a connection of its own, while the event loop reads and
 * answers requests. It writes only in the turns that the one writer of the process lends it, so the two never meet.
 */

/** How long another process (an import) may keep the file before this one gives up, milliseconds. Nobody waits here but the batch. */
const busyMs = 3000
const lookEveryMs = 100
/** Commands that share a commit at most. */
const batchSize = 256

interface Member {
  readonly command: LedgerCommand
  readonly nowMs: number
}

interface End extends MemberEnd {
  readonly value?: LedgerOutcome
  readonly changed: readonly string[]
}

assert(parentPort, 'This is a thread')
const port = parentPort
const path: string = workerData
const connection = openConnection(path)
connection.exec(`PRAGMA busy_timeout = ${busyMs}; PRAGMA wal_autocheckpoint = 0`)
const prepare = statementCache(connection)
const batch = new SqliteBatch(connection, prepare)
const state = connection.prepare('PRAGMA wal_checkpoint(NOOP)')
const move = connection.prepare('PRAGMA wal_checkpoint(PASSIVE)')
const log = new LogKeeper(
  {
    state() {
      const { log: pages = 0, checkpointed = 0 } = state.get() ?? {}
      return { pages: Number(pages), moved: Math.max(0, Number(checkpointed)) }
    },
    move: () => void move.get(),
  },
  createCheckpointHelper(path),
  (warning) => process.emitWarning(warning),
)

port.on('message', (text: string) => {
  const orders = [readOrder(text)]
  // Whoever is waiting by now shares the commit.
  for (let count = orders[0]?.commands.length ?? 0; count < batchSize;) {
    const next = receiveMessageOnPort(port)
    if (!next) break
    const order = readOrder(next.message)
    orders.push(order)
    count += order.commands.length
  }
  log.closeWhenDue()
  port.postMessage(JSON.stringify(write(orders)))
})

setInterval(() => void log.look(), lookEveryMs)

function readOrder(text: string): LedgerOrder {
  return JSON.parse(text)
}

/** Writes orders in one commit; answers a report for each. */
function write(orders: readonly LedgerOrder[]): BatchReport[] {
  const members = orders.flatMap(({ nowMs, commands }) => commands.map((command) => ({ nowMs, command })))
  const ends = runTogether(members) ?? runApart(members)
  let from = 0
  return orders.map(({ commands }) => {
    const own = ends.slice(from, (from += commands.length))
    const sent = ({ value, error }: End, command: LedgerCommand) =>
      value === undefined ? sentFailure(error) : sentOutcome(command, value)
    return {
      ends: commands.map((command, index) => sent(own[index] ?? notRun, command)),
      changed: own.flatMap(({ changed }) => changed),
    }
  })
}

/**
 * The usual course: a command decides first and writes last, so one that refuses has written nothing and needs no
 * savepoint. Answers null, with all undone, should one fail in the middle of its writing.
 */
function runTogether(members: readonly Member[]): readonly End[] | null {
  return inTransaction(members, (ends) => {
    for (const member of members) {
      const end = run(member)
      if (end.error !== undefined) return false
      ends.push(end)
    }
    return true
  })
}

/** The engine had given the transaction up before its turn: the commit says why. */
const notRun: End = { changed: [] }

/** Each in a savepoint of its own: the one that fails leaves nothing behind and its neighbours alone. */
function runApart(members: readonly Member[]): readonly End[] {
  const ends = inTransaction(members, (done) => {
    for (const member of members) {
      if (!batch.isOpen) {
        done.push(notRun)
        continue
      }
      batch.beginMember()
      const end = run(member)
      if (end.error !== undefined || isRefusal(end.value)) batch.undoMember(false)
      else batch.keepMember()
      done.push(end)
    }
    return true
  })
  assert(ends, 'Members that run apart are always kept')
  return ends
}

function inTransaction(members: readonly Member[], work: (ends: End[]) => boolean): readonly End[] | null {
  const ends: End[] = []
  try {
    batch.begin()
  } catch (error) {
    return members.map(() => ({ error: translated(error), changed: [] }))
  }
  if (!work(ends)) {
    batch.undoMember(true)
    return null
  }
  const lost = batch.commit(ends)
  // A refusal too: it may rest on what was lost.
  return lost ? ends.map(({ error }) => ({ error: error ?? lost, changed: [] })) : ends
}

function run({ command, nowMs }: Member): End {
  const changed: string[] = []
  try {
    const storage = sqliteStorage({ prepare, nowMs, announceSeats: (showtimeIds) => changed.push(...showtimeIds) })
    const value = decide(storage, command)
    return { value, changed: isRefusal(value) ? [] : changed }
  } catch (error) {
    return { error: translated(error), changed: [] }
  }
}
