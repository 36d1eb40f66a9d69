import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { onTestFinished } from 'vitest'
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
}

export interface ServerWish {
  /** Any free one unless told otherwise. */
  readonly port?: number
  readonly environment?: Readonly<Record<string, string>>
}

/** Starts a server on a database; it is killed when the test ends, if it still runs. */
export function startServerProcess(location: DatabaseLocation, wish: ServerWish = {}): ServerProcess {
  // Its working folder is its own: there is no `.env` in it.
  const folder = mkdtempSync(join(tmpdir(), 'matinee-server-'))
  const child = spawn(process.execPath, [main, 'serve', '--port', String(wish.port ?? 0)], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      SECRET: 'a secret that only tests know, and nobody else',
      SEED_DEMO: 'off',
      RATE_LIMIT: 'off',
      MAX_HOLDS_PER_CLIENT: '0',
      DATABASE_URL: location.engine === 'sqlite' ? `sqlite:${location.path}` : location.url,
      ...wish.environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const errors: string[] = []
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()))
  const ended = new Promise<Ended>((resolveEnd) => {
    child.on('close', (code) => {
      rmSync(folder, { recursive: true, force: true })
      resolveEnd({ code, errors: errors.join('') })
    })
  })
  const url = new Promise<string>((resolveUrl, reject) => {
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-100_000)
      const opened = /"url":"([^"]+)"/.exec(output)
      if (opened?.[1]) resolveUrl(opened[1])
    })
    void ended.then(({ errors: said }) => reject(new Error(`The server ended before it was open: ${said || output}`)))
  })
  url.catch(() => undefined)
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  return { child, url, ended }
}
