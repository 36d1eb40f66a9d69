import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
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
  const dataVersion = reader.prepare('PRAGMA data_version')
  const damage = new DamageWatch()
  const explain = (error: unknown) => damage.note(translated(error))
  const readPrepared = preparedReads(reader, explain)
  const textsById = new Map<string, Map<string, string>>()
  const seatNotices = localNotices()
  const batches = new BatchWatch()
  const queue = new SqliteWriter(writer, clock, seatNotices, batches)
  const failed = Promise.withResolvers<Error>()
  return {
    engine: 'sqlite',
    read: kyselyOver('sqlite', executeOn(reader, explain)),
    commitMark: () => Number(dataVersion.get()?.['data_version']),
    readPrepared,
    async readById<Row>(select: string, column: string, id: string) {
      const texts = textsById.getOrInsertComputed(select, () => new Map<string, string>())
      const text = texts.getOrInsertComputed(column, () => `${select} WHERE ${column} = $1`)
      const [row] = await readPrepared<Row>(text, text, [id])
      return row
    },
    write: noticing(queue.write, damage, failed.resolve),
    seatNotices,
    batches,
    loan: {
      path,
      turn: queue.turn,
      isWanted: () => queue.waiting > 0,
      leaveCheckpoints: () => writer.exec('PRAGMA wal_autocheckpoint = 0'),
      announceSeats: seatNotices.tell,
      refuse: () => damage.refuse(),
      tellFailure(error) {
        if (damage.note(error) instanceof OutcomeUnknown) failed.resolve(error)
      },
    },
    snapshot: (work) => readSnapshot(path, explain, work),
    async ping() {
      damage.refuse()
      reader.prepare('SELECT 1').get()
    },
    failed: failed.promise,
    damaged: damage.told,
    load: () => ({ waiting: queue.waiting }),
    async close() {
      await queue.idle()
      reader.close()
      writer.close()
    },
  }
}

/** `write`, which tells of a commit that the disk failed: the system has forgotten what it could not write, so nobody asks twice. */
function noticing(write: Database['write'], damage: DamageWatch, tell: (error: Error) => void): Database['write'] {
  let broken = false
  return async (work) => {
    damage.refuse()
    if (broken) throw new StorageFailed('The disk has failed: the server must start anew')
    try {
      return await write(work)
    } catch (error) {
      if (error instanceof OutcomeUnknown) {
        broken = true
        tell(error)
      }
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
