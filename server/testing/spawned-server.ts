import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { DatabaseLocation } from '../database/open.ts'

const main = resolve(import.meta.dirname, '../main.ts')

export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null
  readonly errors: string
}

/** `matinee serve` in a process of its own. */
export interface ServerProcess {
  readonly child: ChildProcess
  /** Where it answers; rejects when it ends before it does. */
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
    DATABASE_URL: location.engine === 'sqlite' ? `sqlite:${location.path}` : location.url,
  }
}

/** Runs a command of `matinee` to its end; answers its exit code and what it printed. */
export async function runMatinee(
  location: DatabaseLocation,
  args: readonly string[],
): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(process.execPath, [main, ...args], {
    env: environmentFor(location),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const code = await new Promise<number | null>((ended) => child.on('close', ended))
  return { code, output }
}

/** Starts a server on a database: whoever starts it ends it. Its working folder is its own: there is no `.env` in it. */
export function spawnServer(location: DatabaseLocation, wish: ServerWish = {}): ServerProcess {
  const folder = mkdtempSync(join(tmpdir(), 'matinee-server-'))
  const serve = [main, 'serve', '--port', String(wish.port ?? 0)]
  const [program, ...before] = [...(wish.under ?? []), process.execPath]
  const child = spawn(program ?? process.execPath, [...before, ...serve], {
    cwd: folder,
    env: { ...environmentFor(location), ...wish.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const errors: string[] = []
  const bugs: string[] = []
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()))
  const ended = new Promise<Ended>((resolveEnd) => {
    child.on('close', (code) => {
      rmSync(folder, { recursive: true, force: true })
      resolveEnd({ code, errors: errors.join('') })
    })
  })
  const url = new Promise<string>((resolveUrl, reject) => {
    let output = ''
    let isOpen = false
    const lines = createInterface({ input: child.stdout })
    lines.on('line', (line) => {
      if (/"level":"?(50|60|error|fatal)/.test(line)) bugs.push(line)
    })
    child.stdout.on('data', (chunk: Buffer) => {
      if (isOpen) return
      output += chunk.toString()
      const opened = /"url":"([^"]+)"/.exec(output)
      if (!opened?.[1]) return
      isOpen = true
      resolveUrl(opened[1])
    })
    void ended.then(({ errors: said }) => reject(new Error(`The server ended before it was open: ${said || output}`)))
  })
  url.catch(() => undefined)
  return { child, url, ended, bugs }
}
