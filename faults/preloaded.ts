import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'

/** Environment by which a process loads a file of `preload/` before anything else. */
export function preloading(name: 'shift-clock' | 'kill-at'): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, 'preload', `${name}.ts`)).href}` }
}

/** The clock of a server's host, in our hands. */
export interface HostClock {
  /** For the server's process. */
  readonly environment: Readonly<Record<string, string>>
  /** By how much it is wrong now, milliseconds. */
  readonly shiftMs: number
  /** Sets it; answers when the server goes by it. */
  shift(milliseconds: number): Promise<void>
  drop(): void
}

/** Longer than a server takes to read the file again. */
const noticedMs = 100

export function takeHostClock(shiftMs = 0): HostClock {
  const folder = mkdtempSync(join(tmpdir(), 'matinee-clock-'))
  const file = join(folder, 'shift')
  let current = shiftMs
  writeFileSync(file, String(shiftMs))
  return {
    environment: { ...preloading('shift-clock'), CLOCK_SHIFT: file },
    get shiftMs() {
      return current
    },
    async shift(milliseconds) {
      current = milliseconds
      writeFileSync(file, String(milliseconds))
      await pause(noticedMs)
    },
    drop: () => rmSync(folder, { recursive: true, force: true }),
  }
}
