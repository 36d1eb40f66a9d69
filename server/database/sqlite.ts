import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Kysely } from 'kysely'
import type { Clock } from '../platform/clock.ts'
import { BatchWatch } from './batches.ts'
import { DamageWatch } from './damage.ts'
import { OutcomeUnknown, StorageFailed } from './database.ts'
import type { Database } from './database.ts'
import { kyselyOver } from './kysely-connection.ts'
import { localNotices } from './notices.ts'
import { openConnection } from './sqlite-connection.ts'
import { translated } from './sqlite-errors.ts'
import { executeOn, preparedReads, streamOn } from './sqlite-statements.ts'
import { SqliteWriter } from './sqlite-writer.ts'
import type { Tables } from './tables/index.ts'

/** Opens (and makes, with its folder) a SQLite file: WAL, `synchronous=FULL`, foreign keys; one writer, one reader. */
export function openSqlite(path: string, clock: Clock): Database {
  mkdirSync(dirname(path), { recursive: true })
  const writer = openConnection(path)
  const reader = openConnection(path, { readOnly: true })
  const mark = new CommitMark(reader)
  const damage = new DamageWatch()
  const explain = (error: unknown) => damage.note(translated(error))
  const readPrepared = preparedReads(reader, explain)
  const textsById = new Map<string, Map<string, string>>()
  const seatNotices = localNotices()
  seatNotices.subscribe(() => mark.forget())
  const batches = new BatchWatch()
  const queue = new SqliteWriter(writer, clock, seatNotices, batches)
  const disk = new DiskWatch()
  return {
    engine: 'sqlite',
    read: kyselyOver('sqlite', executeOn(reader, explain)),
    commitMark: () => mark.read(),
    readPrepared,
    async readById<Row>(select: string, column: string, id: string) {
      const texts = textsById.getOrInsertComputed(select, () => new Map<string, string>())
      const text = texts.getOrInsertComputed(column, () => `${select} WHERE ${column} = $1`)
      const [row] = await readPrepared<Row>(text, text, [id])
      return row
    },
    write: noticing(queue.write, damage, disk, () => mark.forget()),
    seatNotices,
    batches,
    loan: {
      path,
      turn: queue.turn,
      isWanted: () => queue.waiting > 0,
      leaveCheckpoints: () => writer.exec('PRAGMA wal_autocheckpoint = 0'),
      announceSeats: seatNotices.tell,
      refuse() {
        damage.refuse()
        disk.refuse()
      },
      tellFailure: (error) => disk.note(damage.note(error)),
    },
    snapshot: (work) => readSnapshot(path, explain, work),
    async ping() {
      damage.refuse()
      reader.prepare('SELECT 1').get()
    },
    failed: disk.failed,
    damaged: damage.told,
    load: () => ({ waiting: queue.waiting }),
    async close() {
      await queue.idle()
      reader.close()
      writer.close()
    },
  }
}

/**
 * A number that stays the same while nobody commits. It is asked once in a turn of the event loop (each time took 6 % of serving
 * seat maps) and forgotten before anybody of this process is told of a commit: nobody reads an older state than he knows of.
 */
class CommitMark {
  readonly #statement: StatementSync
  #known: number | null = null

  constructor(reader: DatabaseSync) {
    this.#statement = reader.prepare('PRAGMA data_version')
  }

  read(): number {
    if (this.#known === null) {
      this.#known = Number(this.#statement.get()?.['data_version'])
      setImmediate(() => this.forget())
    }
    return this.#known
  }

  forget(): void {
    this.#known = null
  }
}

/**
 * Remembers a commit that the disk failed, whoever wrote it: the system has forgotten what it could not write, so nobody asks
 * twice.
 */
class DiskWatch {
  readonly #told = Promise.withResolvers<Error>()
  #hasFailed = false

  /** Answers when the disk fails. */
  get failed(): Promise<Error> {
    return this.#told.promise
  }

  /** Throws where it has failed. */
  refuse(): void {
    if (this.#hasFailed) throw new StorageFailed('The disk has failed: the server must start anew')
  }

  note(error: unknown): void {
    if (!(error instanceof OutcomeUnknown)) return
    this.#hasFailed = true
    this.#told.resolve(error)
  }
}

/** `write`, which takes note of damage and of a disk that fails, and then refuses. */
function noticing(
  write: Database['write'],
  damage: DamageWatch,
  disk: DiskWatch,
  committed: () => void,
): Database['write'] {
  return async (work) => {
    damage.refuse()
    disk.refuse()
    try {
      const result = await write(work)
      committed()
      return result
    } catch (error) {
      committed()
      disk.note(error)
      throw damage.note(error)
    }
  }
}

async function readSnapshot<Result>(
  path: string,
  explain: (error: unknown) => unknown,
  work: (query: Kysely<Tables>) => Promise<Result>,
): Promise<Result> {
  const connection = openConnection(path, { readOnly: true })
  try {
    // Whoever reads this much also sorts this much: on the disk, when it does not fit.
    connection.exec('PRAGMA temp_store = FILE; PRAGMA cache_size = -64000; BEGIN')
    return await work(kyselyOver('sqlite', executeOn(connection, explain), streamOn(connection, explain)))
  } finally {
    connection.close()
  }
}
