import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import type { DatabaseLocation } from '../database/open.ts'
import { startChild, within } from './children.ts'

/** A start takes a second; on a machine that is busy with other things, many. */
const startPatienceMs = 60_000

const commandPatienceMs = 300_000

const main = resolve(import.meta.dirname, '../main.ts')

export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null
  readonly errors: string
}

/** `matinee serve` in a process of its own. */
export interface ServerProcess {
  readonly child: ChildProcess
  /** Where it answers; rejects when it ends before it does, or takes too long. */
  readonly url: Promise<string>
  readonly ended: Promise<Ended>
  /** What it has called a bug (or worse) in its log. */
  readonly bugs: readonly string[]
}

export interface ServerWish {
  /** Any free one unless told otherwise. */
  readonly port?: number
  readonly environment?: Readonly<Record<string, string>>
  /** What runs it: a program and its first arguments, such as `strace -f`; it ends with the server. */
  readonly under?: readonly string[]
}

/** What `matinee` is told by its environment when a test or a storm runs it. */
export function environmentFor(location: DatabaseLocation): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    SECRET: 'a secret that only tests know, and nobody else',
    SEED_DEMO: 'off',
    RATE_LIMIT: 'off',
    MAX_HOLDS_PER_CLIENT: '0',
    // The tests' own PostgreSQL writes nothing through.
    ALLOW_FORGETFUL_DATABASE: 'on',
    DATABASE_URL: location.engine === 'sqlite' ? `sqlite:${location.path}` : location.url,
  }
}

/** Runs a command of `matinee` to its end; answers its exit code (null when a signal ended it) and what it printed. */
export async function runMatinee(
  location: DatabaseLocation,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly output: string }> {
  const env = { ...environmentFor(location), ...environment }
  const child = startChild(process.execPath, [main, ...args], { env, readsErrors: true })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const kill = setTimeout(() => child.kill('SIGKILL'), commandPatienceMs)
  const code = await codeOf(child)
  clearTimeout(kill)
  return { code, output }
}

/** Starts a server on a database: whoever starts it ends it. Its working folder is its own: there is no `.env` in it. */
export function spawnServer(location: DatabaseLocation, wish: ServerWish = {}): ServerProcess {
  const folder = mkdtempSync(join(tmpdir(), 'matinee-server-'))
  const serve = [main, 'serve', '--port', String(wish.port ?? 0)]
  const [program, ...before] = [...(wish.under ?? []), process.execPath]
  const child = startChild(program ?? process.execPath, [...before, ...serve], {
    cwd: folder,
    env: { ...environmentFor(location), ...wish.environment },
    readsErrors: true,
  })
  const errors: string[] = []
  const bugs: string[] = []
  child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk.toString()))
  const ended = codeOf(child).then((code) => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
    return { code, errors: errors.join('') }
  })
  const opened = Promise.withResolvers<string>()
  let first = ''
  if (child.stdout) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      first ||= line
      if (/"level":"?(50|60|error|fatal)/.test(line)) bugs.push(line)
      const found = /"url":"([^"]+)"/.exec(line)?.[1]
      if (found !== undefined) opened.resolve(found)
    })
  }
  void ended.then(({ errors: said }) =>
    opened.reject(new Error(`The server ended before it was open: ${said || first}`)),
  )
  const url = within(startPatienceMs, 'The start of a server', opened.promise)
  url.catch(() => undefined)
  return { child, url, ended, bugs }
}

/** A process's exit code, when all that it said is read. */
async function codeOf(child: ChildProcess): Promise<number | null> {
  const closed = new Promise((answer) => child.once('close', answer))
  const code = await new Promise<number | null>((answer) => {
    child.once('exit', answer)
    child.once('error', () => answer(null))
  })
  // Somebody whom it started may have its output open for longer.
  await Promise.race([closed, pause(1000)])
  return code
}
