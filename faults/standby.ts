import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { until } from '../server/testing/children.ts'
import { startPostgresServer } from '../server/testing/postgres-server.ts'
import type { PostgresServer } from '../server/testing/postgres-server.ts'
import { asSuperuser, untilPostgresAnswers } from './postgres-crash.ts'

/** A PostgreSQL and its standby, which has all that was ever written there. */
export interface Pair {
  readonly primary: PostgresServer
  readonly standby: PostgresServer
  /** From now on a commit counts when the standby has it. */
  makeSynchronous(): Promise<void>
  /** From now on it counts as soon as the primary has it. */
  makeAsynchronous(): Promise<void>
  /** What the primary writes does not reach the standby any more. */
  freeze(): Promise<void>
  /** Kills the primary, and makes the standby one. */
  failOver(): Promise<void>
  stop(): Promise<void>
}

const settings = { wal_level: 'replica', max_wal_senders: '4', full_page_writes: 'on', wal_keep_size: '256MB' }
/** What a copy of a running server must not have. */
const notCopied = new Set(['postmaster.pid', 'postmaster.opts'])

/** Starts both. */
export async function startPair(): Promise<Pair> {
  const primary = await startPostgresServer(undefined, settings)
  const standby = await startStandby(primary).catch(async (error: unknown) => {
    await primary.stop()
    throw error
  })
  const waitFor = async (names: string) => {
    await asSuperuser(primary.url, async (client) => {
      await client.query(`ALTER SYSTEM SET synchronous_standby_names = '${names}'`)
      await client.query('SELECT pg_reload_conf()')
    })
    // A connection takes the new setting up when it is told of the reload.
    await pause(300)
  }
  return {
    primary,
    standby,
    async makeSynchronous() {
      await waitFor('*')
      await asSuperuser(primary.url, async (client) => {
        await until(async () => {
          const { rows } = await client.query("SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'")
          return rows.length > 0
        }, 'The standby is synchronous')
      })
    },
    makeAsynchronous: () => waitFor(''),
    async freeze() {
      const pids = await asSuperuser(primary.url, async (client) => {
        const { rows } = await client.query<{ pid: number }>('SELECT pid FROM pg_stat_replication')
        return rows.map(({ pid }) => pid)
      })
      for (const pid of pids) process.kill(pid, 'SIGSTOP')
    },
    async failOver() {
      const pids = await asSuperuser(primary.url, async (client) => {
        const { rows } = await client.query<{ pid: number }>('SELECT pid FROM pg_stat_activity')
        return rows.map(({ pid }) => pid)
      })
      await primary.kill()
      // Each is the head of a group of its own, and one may be frozen.
      for (const pid of pids) killIfThere(pid)
      await asSuperuser(standby.url, (client) => client.query('SELECT pg_promote()'))
      await untilPostgresAnswers(standby.url)
    },
    async stop() {
      await Promise.all([primary.stop(), standby.stop()])
    },
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended with its head.
  }
}

/** A copy of a running server, as its manual says (25.3.3, "Making an Exclusive … Backup Using the Low-Level API"), that follows it. */
async function startStandby(primary: PostgresServer): Promise<PostgresServer> {
  const { hostname, port } = new URL(primary.url)
  const conninfo = `host=${hostname} port=${port} user=postgres application_name=standby`
  return await startPostgresServer(undefined, { ...settings, primary_conninfo: conninfo }, async (folder) => {
    const client = new pg.Client({ connectionString: primary.url })
    await client.connect()
    await client.query("SELECT pg_backup_start('standby', true)")
    cpSync(primary.folder, folder, { recursive: true, filter: (path) => !notCopied.has(basename(path)) })
    const { rows } = await client.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop(false)')
    await client.end()
    writeFileSync(join(folder, 'backup_label'), rows[0]?.labelfile ?? '')
    writeFileSync(join(folder, 'standby.signal'), '')
    rmSync(join(folder, 'postmaster.pid'), { force: true })
  })
}
