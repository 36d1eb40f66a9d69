import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Acknowledged } from '../server/audit/journal.ts'
import type { DatabaseLocation } from '../server/database/open.ts'
import { runMatinee } from '../server/testing/spawned-server.ts'
import { buyOn, emptyJournal } from './buyers.ts'
import type { Habits, Journal } from './buyers.ts'
import { chance } from './chance.ts'
import { compareWithJournal } from './check.ts'
import type { Findings } from './check.ts'
import { createClient } from './client.ts'
import type { Client, Met } from './client.ts'
import { furnish, openDoor, watching } from './ground.ts'
import type { Shop } from './purchase.ts'
import { testTrade } from './trade.ts'
import type { Trade } from './trade.ts'
import { endBy, startWeather } from './weather.ts'
import type { ServerWish, Weather } from './weather.ts'

export interface StormWish extends ServerWish {
  readonly seed: string
  readonly clients: number
  /** It lasts so long, and until the last kill is survived. */
  readonly seconds: number
  /** And until so much was acknowledged; 0 where it is not said. */
  readonly acknowledged?: number
  /** And until so many payments were begun; 0 where it is not said. */
  readonly payments?: number
  /** How often the server is killed, spread over the whole. */
  readonly kills: number
  /** Instead, a pause between two kills: about so many seconds. */
  readonly killEverySeconds?: number
  /** What is done instead of a kill; `round` counts from 0. */
  readonly disturb?: (weather: Weather, round: number) => Promise<void>
  readonly habits: Habits
  /** The test provider, unless it is said otherwise. */
  readonly trade?: Trade
  /** Showtimes of 2,000 numbered seats. */
  readonly halls: number
  /** Another server on the same database: every second request goes there. */
  readonly secondUrl?: string
  /** When the house is furnished and no server runs yet. */
  readonly beforeStart?: () => void
}

export interface StormReport {
  readonly findings: Findings
  readonly journal: Journal
  readonly met: Met
  /** How often the server was disturbed. */
  readonly kills: number
  /** What else was done, in words. */
  readonly lines: readonly string[]
  /** From the start of a process to its first answer, after each kill, milliseconds. */
  readonly startsMs: readonly number[]
  /** What `matinee audit --against-journal` said. */
  readonly audit: { readonly code: number | null; readonly output: string }
}

/** Lines of the servers' logs that are told. */
const mostBugs = 3

/** So much longer, for each client, do they wait at most before they ask again. */
const pauseOfEachMs = 4

/** Lets a crowd buy while the server is killed again and again, and compares what it was told with what is there. */
export async function runStorm(wish: StormWish): Promise<StormReport> {
  const { location, trade = testTrade } = wish
  const furnished = await watching(location, (watcher) => furnish(watcher, wish.halls))
  wish.beforeStart?.()
  const weather = startWeather(wish, trade)
  let turn = 0
  const client = createClient(
    () => {
      turn += 1
      return turn % 2 === 1 && wish.secondUrl !== undefined ? wish.secondUrl : weather.url
    },
    { clockMs: weather.openMs, longestPauseMs: Math.max(500, wish.clients * pauseOfEachMs) },
  )
  try {
    await weather.server.url
    const shop = await openDoor(furnished, weather.url)
    const journal = emptyJournal()
    const kills = await sellInStorm(wish, { weather, client, journal, shop, trade })
    await trade.settle(weather, location)
    const { code, errors } = await endBy(weather.server, 'SIGTERM')
    const findings = await watching(location, ({ database }) =>
      compareWithJournal(database, journal, trade.expectedOf, Date.now()),
    )
    if (code !== 0) findings.other.push(`The server that was told to stop ended with ${code}: ${errors}`)
    // Why somebody heard of a bug stands in the log of the server.
    if (client.met.serverErrors.size > 0) findings.other.push(...weather.bugs().slice(0, mostBugs))
    const more = await trade.compare(location, journal.purchases)
    for (const name of Object.keys(findings) as (keyof Findings)[]) findings[name].push(...more.findings[name])
    const audit = await auditAgainst(location, journal.acknowledged)
    const { startsMs } = weather
    return { findings, journal, met: client.met, kills, lines: more.lines, startsMs, audit }
  } catch (error) {
    const turnedAway = JSON.stringify(Object.fromEntries(client.met.turnedAway))
    throw new Error(`The storm broke off; without an answer ${client.met.unanswered}, turned away ${turnedAway}`, {
      cause: error,
    })
  } finally {
    client.giveUp()
    weather.end()
    await endBy(weather.server, 'SIGKILL')
  }
}

interface Scene {
  readonly weather: Weather
  readonly client: Client
  readonly journal: Journal
  readonly shop: Shop
  readonly trade: Trade
}

/** Sells until enough is done and the last disturbance survived; answers how many there were. */
async function sellInStorm(wish: StormWish, { weather, client, journal, shop, trade }: Scene): Promise<number> {
  const { disturb = kill } = wish
  let [isOver, disturbed] = [false, 0]
  const startedAt = performance.now()
  const share = (done: number, wished = 0) => (wished === 0 ? 1 : done / wished)
  const payments = () => journal.acknowledged.filter(({ table }) => table === 'payments').length
  /** From 0 to 1, by the time and by what is done. */
  const progress = () =>
    Math.min(
      share(performance.now() - startedAt, wish.seconds * 1000),
      share(journal.acknowledged.length, wish.acknowledged),
      wish.payments === undefined ? 1 : share(payments(), wish.payments),
    )
  const isStopped = () => isOver || (wish.signal?.aborted ?? false)
  const counter = { shop, nextStep: trade.nextStep }
  const buyers = Promise.all(
    Array.from({ length: wish.clients }, (_buyer, index) =>
      buyOn(client, journal, counter, `${wish.seed}.${index}`, wish.habits, isStopped),
    ),
  )
  buyers.catch(() => undefined)
  const answered = () =>
    journal.acknowledged.length + [...journal.refused.values()].reduce((sum, times) => sum + times, 0)
  // Where nobody was answered since the last one, another kill would try nothing.
  let enough = 0
  const until = async (moment: number) => {
    while ((progress() < moment || answered() < enough) && !isStopped()) await pause(20)
    enough = answered() + wish.clients
  }
  const raging = rage(wish, { until, progress }, async (round) => {
    await disturb(weather, round)
    disturbed += 1
  })
  try {
    // Whoever fails first says why.
    await Promise.race([raging, buyers.then(() => raging)])
  } finally {
    isOver = true
  }
  await buyers
  return disturbed
}

const kill: NonNullable<StormWish['disturb']> = async (weather) => {
  await weather.restart('SIGKILL')
}

/** Disturbs the storm as often as it is wished, each time at a moment of its own, to its end. */
async function rage(
  wish: StormWish,
  { until, progress }: { until(moment: number): Promise<void>; progress(): number },
  disturb: (round: number) => Promise<void>,
): Promise<void> {
  const { seed, killEverySeconds } = wish
  for (let round = 0; killEverySeconds !== undefined && progress() < 1 && !wish.signal?.aborted; round += 1) {
    const next = performance.now() + killEverySeconds * 1000 * (0.5 + chance(seed, `kill ${round}`))
    while (performance.now() < next && progress() < 1 && !wish.signal?.aborted) await pause(50)
    await disturb(round)
  }
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
