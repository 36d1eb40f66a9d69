import { parentPort, workerData } from 'node:worker_threads'
import type { DatabaseSync } from 'node:sqlite'
import { assert } from '../platform/assert.ts'
import { openConnection } from './sqlite-connection.ts'

/*
 * The thread that moves pages of a SQLite file's write-ahead log into the file, by a connection of its own, while others go
 * on committing: a pass for each message, answered by what went wrong, or null. It loads little, as it stays.
 */

assert(parentPort, 'This is a thread')
const port = parentPort
const path: string = workerData
let connection: DatabaseSync | null = null

port.on('message', () => port.postMessage(pass()))

function pass(): string | null {
  try {
    connection ??= openConnection(path)
    connection.prepare('PRAGMA wal_checkpoint(PASSIVE)').get()
    return null
  } catch (error) {
    return String(error)
  }
}
