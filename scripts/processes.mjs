import { spawn } from 'node:child_process'
import * as fs from 'node:fs'
import { constants } from 'node:os'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const pollMilliseconds = 100
/** Longer than anybody needs between making a lock and writing its owner into it. */
const unsignedLockMilliseconds = 5_000

/** @param {string} line */
export function say(line) {
  process.stderr.write(`matinee: ${line}\n`)
}

/**
 * @param {string} line
 * @returns {never}
 */
export function stop(line, code = 1) {
  say(line)
  process.exit(code)
}

/** @param {string} path */
export function readIfThere(path) {
  try {
    return fs.readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

/**
 * Runs a command, passes on the signals that ask it to end, and answers its exit code (128 + number after a signal).
 * Throws when it cannot be started.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {Promise<number>}
 */
export function runForwardingSignals(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, options)
    /** @param {NodeJS.Signals} signal */
    const forward = (signal) => {
      // A terminal sends Ctrl-C to the child as well; twice would look like impatience.
      if (signal === 'SIGINT' && process.stdin.isTTY) return
      child.kill(signal)
    }
    /** @type {NodeJS.Signals[]} */
    const signals = ['SIGTERM', 'SIGINT', 'SIGHUP']
    for (const signal of signals) process.on(signal, forward)
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      for (const name of signals) process.off(name, forward)
      resolve(code ?? 128 + constants.signals[signal ?? 'SIGTERM'])
    })
  })
}

/**
 * Does the work while no other process does it. A lock whose owner is gone is taken over.
 * @param {string} path of the lock file
 * @param {number} limitMilliseconds how long to wait for another's work
 * @param {() => Promise<void>} work
 */
export async function withLock(path, limitMilliseconds, work) {
  fs.mkdirSync(dirname(path), { recursive: true })
  const giveUpAt = performance.now() + limitMilliseconds
  while (!takeLock(path)) {
    if (performance.now() > giveUpAt) throw new Error(`Another process has held ${path} for too long`)
    await pause(pollMilliseconds)
  }
  try {
    await work()
  } finally {
    fs.rmSync(path, { force: true })
  }
}

/** @param {string} path */
function takeLock(path) {
  try {
    fs.writeFileSync(path, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  const owner = ownerOf(path)
  if (owner === null || isAlive(owner)) return false
  const aside = `${path}.${process.pid}`
  try {
    fs.renameSync(path, aside)
    // Somebody else may have taken over in between: then it is theirs.
    if (ownerOf(aside) === owner) fs.rmSync(aside)
    else fs.renameSync(aside, path)
  } catch {
    // Another one was quicker.
  }
  return false
}

/**
 * The process that holds the lock; null while it is being made or has just gone; 0 when it was never signed.
 * @param {string} path
 */
function ownerOf(path) {
  try {
    const text = fs.readFileSync(path, 'utf8')
    if (text !== '') return Number(text)
    return Date.now() - fs.statSync(path).mtimeMs > unsignedLockMilliseconds ? 0 : null
  } catch {
    return null
  }
}

/** @param {number} pid */
function isAlive(pid) {
  if (pid === 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
