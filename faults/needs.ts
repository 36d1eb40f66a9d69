import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** What some faults need of the machine beside Node. */
export type Need = 'gcc' | 'strace' | 'mount' | 'faketime' | 'linux' | 'shell' | 'prlimit'

const faketimePaths = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1',
]

/** Where libfaketime lies; null where it is not installed. */
export function faketimePath(): string | null {
  return faketimePaths.find((path) => existsSync(path)) ?? null
}

const probes: Readonly<Record<Need, () => boolean>> = {
  gcc: () => runs('gcc', '--version'),
  strace: () => runs('strace', '-o', '/dev/null', 'true'),
  mount: () => process.platform === 'linux' && process.getuid?.() === 0 && runs('unshare', '--mount', 'true'),
  faketime: () => faketimePath() !== null,
  linux: () => process.platform === 'linux',
  shell: () => process.platform !== 'win32',
  prlimit: () => runs('prlimit', '--version'),
}

function runs(program: string, ...args: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** What of this the machine does not have. */
export function missing(needs: readonly Need[]): Need[] {
  return needs.filter((need) => !probes[need]())
}
