import { writeFileSync } from 'node:fs'
import { DatabaseSync, StatementSync } from 'node:sqlite'
import pg from 'pg'

/*
 * Loaded into a command before anything else (`--import`): before its statement number KILL_AT the process is killed.
 * Without a number, it says in the file COUNT_INTO how many statements there were.
 */
const killAt = Number(process.env['KILL_AT'] ?? Infinity)
const countInto = process.env['COUNT_INTO']
let count = 0

function tick(): void {
  count += 1
  if (count === killAt) process.kill(process.pid, 'SIGKILL')
}

/** Counts the calls of one method of a prototype. */
function watch(prototype: object, name: string): void {
  const method: unknown = Reflect.get(prototype, name)
  if (typeof method !== 'function') throw new Error(`There is no ${name}`)
  Reflect.set(prototype, name, function counted(this: unknown, ...args: unknown[]) {
    tick()
    return Reflect.apply(method, this, args)
  })
}

for (const name of ['all', 'get', 'run']) watch(StatementSync.prototype, name)
watch(DatabaseSync.prototype, 'exec')
watch(pg.Client.prototype, 'query')
process.once('exit', () => countInto !== undefined && writeFileSync(countInto, String(count)))
