import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'

/** A disk of a server that we can make slow, broken, or dead. */
export interface OwnDisk {
  /** For the server's process. */
  readonly environment: Readonly<Record<string, string>>
  /** From now on every so-manieth read, or write, of the database fails; 0: none. Needs `READ_CTL` and `WRITE_CTL`. */
  fail(what: 'reads' | 'writes', every: number): void
  /** From now on fsync takes so many milliseconds; -1: it fails. */
  setFsync(milliseconds: number): void
  /** Takes what lies there now as fsynced. */
  begin(databasePath: string): void
  /** Puts back what was fsynced, and nothing else: what is there after a power cut. */
  cutPower(databasePath: string): void
  drop(): void
}

/** Compiles the shim and makes its folders. */
export function takeDisk(): OwnDisk {
  const folder = mkdtempSync(join(tmpdir(), 'matinee-disk-'))
  const shadow = join(folder, 'shadow')
  const control = join(folder, 'fsync')
  const failing = { reads: join(folder, 'reads'), writes: join(folder, 'writes') }
  const library = join(folder, 'shim.so')
  mkdirSync(shadow)
  for (const file of [control, failing.reads, failing.writes]) writeFileSync(file, '0')
  execFileSync('gcc', ['-shared', '-fPIC', '-O2', '-o', library, join(import.meta.dirname, 'shim.c'), '-ldl'])
  return {
    environment: {
      LD_PRELOAD: library,
      SHADOW: shadow,
      FSYNC_CTL: control,
      READ_CTL: failing.reads,
      WRITE_CTL: failing.writes,
    },
    fail: (what, every) => writeFileSync(failing[what], String(every)),
    setFsync: (milliseconds) => writeFileSync(control, String(milliseconds)),
    begin: (path) => copyAll(dirname(path), shadow, basename(path)),
    cutPower(path) {
      for (const name of filesOf(dirname(path), basename(path))) rmSync(join(dirname(path), name))
      copyAll(shadow, dirname(path), basename(path))
    },
    drop: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** The database and what lies beside it (`-wal`, `-shm`), but no lock and nothing half copied. */
function filesOf(folder: string, name: string): string[] {
  const all = existsSync(folder) ? readdirSync(folder) : []
  return all.filter((each) => [name, `${name}-wal`, `${name}-shm`].includes(each))
}

function copyAll(from: string, to: string, name: string): void {
  for (const each of filesOf(from, name)) copyFileSync(join(from, each), join(to, each))
}
