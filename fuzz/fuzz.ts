import { auditDatabase } from '../server/audit/audit.ts'
import type { DatabaseLocation } from '../server/database/open.ts'
import { createRandom } from '../server/testing/simulation/random.ts'
import { createClient } from './client.ts'
import type { Client, Heard } from './client.ts'
import { readDocument } from './document.ts'
import { breakGround, secrets } from './ground.ts'
import type { Ground } from './ground.ts'
import { judge, leaks } from './judge.ts'
import type { Shot } from './judge.ts'
import { createShooter } from './shots.ts'
import { createTrove } from './trove.ts'
import { makeWorld } from './world.ts'
import type { Canary, World } from './world.ts'

export interface FuzzOptions {
  readonly location: DatabaseLocation
  readonly seed: number
  readonly requests: number
  /** Ends earlier when this has passed; milliseconds. */
  readonly withinMs?: number
  /** Only operations whose id this matches. */
  readonly only?: RegExp
  readonly onProgress?: (done: number, findings: number) => void
}

/** Something that is wrong, the first request that showed it, and how many did. */
export interface Finding {
  readonly what: string
  readonly example: string
  times: number
}

export interface FuzzReport {
  readonly requests: number
  readonly statuses: ReadonlyMap<number, number>
  /** How many operations have answered a success at least once, and which have not. */
  readonly succeeded: number
  readonly neverSucceeded: readonly string[]
  /** Refused as not well formed although the document has nothing against it: by operation and detail. */
  readonly stricter: ReadonlyMap<string, number>
  readonly findings: readonly Finding[]
}

/** After so many requests there are new houses: the old ones are sold out, closed and deleted by then. */
const requestsPerWorld = 500
const atOnce = 8

/** Asks a server everything its document offers, as everybody, rightly and wrongly, and judges every answer. */
export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const ground = await breakGround(options.location)
  const client = createClient(ground.port)
  const run = new Run(ground, client, options)
  try {
    await run.all()
    await run.judgeDatabase()
    run.judgeLog()
    return run.report()
  } finally {
    client.close()
    await ground.close()
  }
}

class Run {
  readonly #ground: Ground
  readonly #client: Client
  readonly #options: FuzzOptions
  readonly #operations = readDocument()
  readonly #statuses = new Map<number, number>()
  readonly #succeeded = new Set<string>()
  readonly #stricter = new Map<string, number>()
  readonly #findings = new Map<string, Finding>()
  #canaries: string[] = []
  #done = 0

  constructor(ground: Ground, client: Client, options: FuzzOptions) {
    this.#ground = ground
    this.#client = client
    this.#options = options
  }

  async all(): Promise<void> {
    const { requests, seed, withinMs = Infinity, only = /./, onProgress } = this.#options
    const until = performance.now() + withinMs
    const random = createRandom(seed)
    const operations = this.#operations.filter(({ id }) => only.test(id))
    while (this.#done < requests && performance.now() < until) {
      const { clock, database, app } = this.#ground
      const world = await makeWorld(this.#client, database, clock.now())
      this.#canaries.push(...world.canaries.map(({ text }) => text), ...world.keys.values())
      const trove = createTrove(world, random)
      const shoot = createShooter(operations, random, trove, () => clock.now())
      const end = Math.min(requests, this.#done + requestsPerWorld)
      while (this.#done < end && performance.now() < until) {
        const shots = Array.from({ length: Math.min(atOnce, end - this.#done) }, () => shoot(world))
        await Promise.all(shots.map(async (shot) => trove.learn(await this.#shoot(shot, world))))
        this.#done += shots.length
        clock.advance(random.chance(0.01) ? 400_000 : random.below(3000))
        if (random.chance(0.05)) for (const job of app.jobs) if (job.name !== 'events') await job.run()
      }
      onProgress?.(this.#done, this.#findings.size)
    }
  }

  /** Answers the text of a success. */
  async #shoot(shot: Shot, world: World): Promise<string> {
    const { operation, sent } = shot
    let heard: Heard
    try {
      heard = await this.#client.send(sent)
    } catch (error) {
      this.#find(`${operation.id}: no answer (${error instanceof Error ? error.message : 'for no reason'})`, shot)
      return ''
    }
    this.#statuses.set(heard.status, (this.#statuses.get(heard.status) ?? 0) + 1)
    for (const problem of judge(shot, heard)) this.#find(`${operation.id}: ${problem}`, shot, heard)
    for (const canary of leaks(shot, heard, world)) {
      if (await this.#mayRead(world.users.get(shot.caller.name), canary)) continue
      const what = canary.text.replaceAll(/\d/g, '')
      this.#find(`${operation.id}: ${shot.caller.name} reads ${what}`, shot, heard)
    }
    for (const secret of secrets)
      if (heard.text.includes(secret)) this.#find(`${operation.id}: tells a secret`, shot, heard)
    if (heard.status < 300 && shot.method === operation.method) this.#succeeded.add(operation.id)
    if (heard.status === 400 && shot.wrong === null && shot.method === operation.method) {
      const name = `${operation.id}: ${/"detail":"([^"]{0,80})/.exec(heard.text)?.[1] ?? ''}`
      this.#stricter.set(name, (this.#stricter.get(name) ?? 0) + 1)
    }
    return heard.status < 300 ? heard.text : ''
  }

  /** Whether somebody has been given a role since: as administrator, in that house, or over that person. */
  async #mayRead(userId: string | undefined, { theatreId, userId: person }: Canary): Promise<boolean> {
    if (userId === undefined) return false
    const { read } = this.#ground.database
    const account = await read.selectFrom('users').select('role').where('id', '=', userId).executeTakeFirst()
    const staff = await read.selectFrom('theatreStaff').select(['theatreId', 'userId']).execute()
    const owned = await read.selectFrom('theatres').select('id').where('ownerId', '=', userId).execute()
    const theatres = new Set([
      ...owned.map(({ id }) => id),
      ...staff.filter((member) => member.userId === userId).map((member) => member.theatreId),
    ])
    const isTheirs = staff.some((member) => member.userId === person && theatres.has(member.theatreId))
    if (account?.role === 'admin' || theatres.has(theatreId) || isTheirs) return true
    // Who sells to somebody knows who that is.
    const bought = await read
      .selectFrom('bookings')
      .select('theatreId')
      .where('userId', '=', person ?? '')
      .execute()
    return bought.some((booking) => theatres.has(booking.theatreId))
  }

  #find(what: string, { sent, caller }: Shot, heard?: Heard): void {
    const found = this.#findings.get(what)
    if (found) {
      found.times += 1
      return
    }
    const body = sent.body === undefined ? '' : ` ${sent.body.toString().slice(0, 600)}`
    const asked = `${caller.name}: ${sent.method} ${sent.target.slice(0, 300)} ${JSON.stringify(sent.headers)}${body}`
    const answered = heard ? `\n    ${heard.status} ${heard.text.slice(0, 700)}` : ''
    this.#findings.set(what, { what, example: `${asked}${answered}`, times: 1 })
  }

  /** What the database holds in the end must be sound. */
  async judgeDatabase(): Promise<void> {
    const { database, clock } = this.#ground
    const { invariants } = await auditDatabase(database, clock.now())
    for (const { id, title, violations } of invariants) {
      if (violations.length === 0) continue
      const what = `audit: ${id} ${title}`
      this.#findings.set(what, { what, example: JSON.stringify(violations.slice(0, 3)), times: violations.length })
    }
  }

  /** No line of the log holds a secret, a key, a name or an address of anybody, and none speaks of a bug. */
  judgeLog(): void {
    for (const line of this.#ground.lines) {
      const told = [...secrets, ...this.#canaries].find((text) => line.includes(text))
      const what = told === undefined ? null : `log: holds ${told.replaceAll(/\d/g, '').slice(0, 20)}`
      const bug = /"level":(50|60)/.test(line) ? 'log: speaks of a bug' : null
      for (const problem of [what, bug]) {
        if (problem === null) continue
        const found = this.#findings.getOrInsert(problem, { what: problem, example: line.slice(0, 1500), times: 0 })
        found.times += 1
      }
    }
  }

  report(): FuzzReport {
    const tried = this.#operations.map(({ id }) => id)
    return {
      requests: this.#done,
      statuses: this.#statuses,
      succeeded: this.#succeeded.size,
      neverSucceeded: tried.filter((id) => !this.#succeeded.has(id)),
      stricter: this.#stricter,
      findings: [...this.#findings.values()],
    }
  }
}
