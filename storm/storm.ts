import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Acknowledged } from '../server/audit/journal.ts'
import type { DatabaseLocation } from '../server/database/open.ts'
import { endChild, until as untilSo } from '../server/testing/children.ts'
import { runMatinee, spawnServer } from '../server/testing/spawned-server.ts'
import type { Ended, ServerProcess } from '../server/testing/spawned-server.ts'
import { buyOn, emptyJournal } from './buyers.ts'
import type { Habits, Journal } from './buyers.ts'
import { chance } from './chance.ts'
import { compareWithJournal } from './check.ts'
import type { Findings } from './check.ts'
import { createClient } from './client.ts'
import type { Met } from './client.ts'
import { doorEnvironment, furnish, openDoor, watching } from './ground.ts'

/** What a storm can do to its server. */
export interface Weather {
  /** The one that runs now. */
  readonly server: ServerProcess
  readonly url: string
  /** Waits until something is so, or the storm is over; throws where that takes too long. */
  until(isSo: () => boolean, what: string): Promise<void>
  /** Ends the server by a signal, lets `meanwhile` happen to what it left, and starts it again; answers how it ended. */
  restart(signal: NodeJS.Signals, meanwhile?: () => Promise<void>): Promise<Ended>
}

export interface StormWish {
  readonly location: DatabaseLocation
  readonly seed: string
  readonly clients: number
  /** It lasts so long, and until the last kill is survived. */
  readonly seconds: number
  /** And until so much was acknowledged; 0 where it is not said. */
  readonly acknowledged?: number
  /** How often the server is killed, spread over the whole. */
  readonly kills: number
  /** What is done instead of a kill; `round` counts from 0. */
  readonly disturb?: (weather: Weather, round: number) => Promise<void>
  readonly habits: Habits
  /** Showtimes of 2,000 numbered seats. */
  readonly halls: number
  /** Settings of the server, above those of a storm. */
  readonly environment?: Readonly<Record<string, string>>
  /** What runs the server: a program and its first arguments. */
  readonly under?: readonly string[]
  /** How the server reaches the database, where that is another way than ours. */
  readonly serverLocation?: DatabaseLocation
  /** Another server on the same database: every second request goes there. */
  readonly secondUrl?: string
  /** When the house is furnished and no server runs yet. */
  readonly beforeStart?: () => void
  /** Ends it before its time, in order. */
  readonly signal?: AbortSignal
}

export interface StormReport {
  readonly findings: Findings
  readonly journal: Journal
  readonly met: Met
  readonly kills: number
  /** From the start of a process to its first answer, after each kill, milliseconds. */
  readonly startsMs: readonly number[]
  /** What `matinee audit --against-journal` said. */
  readonly audit: { readonly code: number | null; readonly output: string }
}

/** Short times, so that holds and bookings lapse while the storm is on. */
const stormEnvironment = { HOLD_SECONDS: '10', PAYMENT_SECONDS: '4', ...doorEnvironment }

/** Lets a crowd buy while the server is killed again and again, and compares what it was told with what is there. */
export async function runStorm(wish: StormWish): Promise<StormReport> {
  const { location, disturb = kill } = wish
  const furnished = await watching(location, (watcher) => furnish(watcher, wish.halls))
  wish.beforeStart?.()
  const weather = startWeather(wish)
  let turn = 0
  const client = createClient(() => {
    turn += 1
    return turn % 2 === 1 && wish.secondUrl !== undefined ? wish.secondUrl : weather.url
  })
  let isOver = false
  try {
    await weather.server.url
    const shop = await openDoor(furnished, weather.url)
    const journal = emptyJournal()
    const startedAt = performance.now()
    /** From 0 to 1, by the time and by what is done. */
    const progress = () =>
      Math.min(
        (performance.now() - startedAt) / (wish.seconds * 1000),
        wish.acknowledged === undefined ? 1 : journal.acknowledged.length / wish.acknowledged,
      )
    const isStopped = () => isOver || (wish.signal?.aborted ?? false)
    const buyers = Promise.all(
      Array.from({ length: wish.clients }, (_buyer, index) =>
        buyOn(client, journal, shop, `${wish.seed}.${index}`, wish.habits, isStopped),
      ),
    )
    buyers.catch(() => undefined)
    const until = async (moment: number) => {
      while (progress() < moment && !isStopped()) await pause(20)
    }
    const raging = rage(wish, until, (round) => disturb(weather, round))
    // Whoever fails first says why.
    await Promise.race([raging, buyers.then(() => raging)])
    isOver = true
    await buyers
    const { code, errors } = await endBy(weather.server, 'SIGTERM')
    const findings = await watching(location, ({ database }) => compareWithJournal(database, journal, Date.now()))
    if (code !== 0) findings.other.push(`The server that was told to stop ended with ${code}: ${errors}`)
    const audit = await auditAgainst(location, journal.acknowledged)
    return { findings, journal, met: client.met, kills: wish.kills, startsMs: weather.startsMs, audit }
  } catch (error) {
    const turnedAway = JSON.stringify(Object.fromEntries(client.met.turnedAway))
    throw new Error(`The storm broke off; without an answer ${client.met.unanswered}, turned away ${turnedAway}`, {
      cause: error,
    })
  } finally {
    isOver = true
    client.giveUp()
    weather.end()
    await endBy(weather.server, 'SIGKILL')
  }
}

const kill: NonNullable<StormWish['disturb']> = async (weather) => {
  await weather.restart('SIGKILL')
}

/** The server of a storm, and how long each start after the first took, milliseconds. */
function startWeather(wish: StormWish): Weather & { readonly startsMs: number[]; end(): void } {
  const environment = { ...stormEnvironment, ...wish.environment }
  const start = () =>
    spawnServer(wish.serverLocation ?? wish.location, { environment, ...(wish.under && { under: wish.under }) })
  const startsMs: number[] = []
  let server = start()
  let url = ''
  let isOver = false
  const opened = async () => {
    url = await server.url
  }
  void opened().catch(() => undefined)
  return {
    startsMs,
    get server() {
      return server
    },
    get url() {
      return url
    },
    end() {
      isOver = true
    },
    until: (isSo, what) => untilSo(() => isOver || wish.signal?.aborted === true || isSo(), what),
    async restart(signal, meanwhile) {
      const ended = await endBy(server, signal)
      await meanwhile?.()
      // Whoever waited for this has gone: nobody would end another one.
      if (isOver) return ended
      const startingAt = performance.now()
      server = start()
      await opened()
      startsMs.push(performance.now() - startingAt)
      return ended
    },
  }
}

/** Disturbs the storm as often as it is wished, each time at a moment of its own, to its end. */
async function rage(
  wish: StormWish,
  until: (moment: number) => Promise<void>,
  disturb: (round: number) => Promise<void>,
): Promise<void> {
  for (const [round, moment] of killMoments(wish).entries()) {
    await until(moment)
    if (wish.signal?.aborted) return
    await disturb(round)
  }
  await until(1)
}

/** When the server is killed, from 0 to 1: each at a random moment of its share of the storm. */
function killMoments({ seed, kills }: StormWish): number[] {
  return Array.from({ length: kills }, (_kill, index) => (index + 0.2 + 0.7 * chance(seed, `kill ${index}`)) / kills)
}

/** Sends a signal to a server that this process started, and waits for its end; one that does not end is killed. */
export async function endBy(server: ServerProcess, signal: NodeJS.Signals): ServerProcess['ended'] {
  await endChild(server.child, signal)
  return await server.ended
}

const kinds = { holds: 'hold', bookings: 'booking', payments: 'payment', refunds: 'refund', tickets: 'ticket' } as const

/** The command of an operator, on the journal that the clients wrote. */
async function auditAgainst(
  location: DatabaseLocation,
  acknowledged: readonly Acknowledged[],
): Promise<StormReport['audit']> {
  const folder = mkdtempSync(join(tmpdir(), 'matinee-journal-'))
  const file = join(folder, 'journal.txt')
  const lines = acknowledged.map(({ table, id, confirmed }) => `${confirmed ? 'confirmed' : kinds[table]} ${id}`)
  writeFileSync(file, `${lines.join('\n')}\n`)
  try {
    return await runMatinee(location, ['audit', '--against-journal', file])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
