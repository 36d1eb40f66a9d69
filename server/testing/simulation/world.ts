import { isLive, statusOf } from '../../holds/model.ts'
import { commandOf, rules, SimulatedClient } from './client.ts'
import { emptyDisk, findBroken } from './disk.ts'
import type { Bug, Disk } from './disk.ts'
import { judgeHistory } from './history.ts'
import type { Heard, Observed } from './history.ts'
import { createRandom } from './random.ts'
import type { Random } from './random.ts'
import { SimulatedServer } from './server.ts'
import type { Letter, Locks, Reply } from './server.ts'

export interface Outcome {
  readonly seed: number
  /** Every step, a line each: the same seed gives the same lines. */
  readonly trace: readonly string[]
  /** What went wrong; empty where all is well. */
  readonly problems: readonly string[]
  readonly counts: {
    readonly steps: number
    readonly crashes: number
    readonly unknown: number
    readonly asked: number
  }
}

const startMs = Date.UTC(2026, 10, 21, 12)
const steps = 260

/** Tells one history from beginning to end; everything that happens follows from the seed. */
export function simulate(seed: number, bug: Bug | null = null): Outcome {
  const world = new World(seed, bug)
  try {
    for (let step = 0; step < steps && world.problems.length === 0; step += 1) world.step()
    world.settle()
    world.judge()
  } catch (error) {
    world.problems.push(error instanceof Error ? error.message : String(error))
  }
  const { trace, problems, counts } = world
  return { seed, trace, problems, counts }
}

class World {
  readonly problems: string[] = []
  readonly trace: string[] = []
  readonly counts = { steps: 0, crashes: 0, unknown: 0, asked: 0 }
  readonly #random: Random
  readonly #disk: Disk = emptyDisk(rules.showtimes)
  readonly #servers: [SimulatedServer, ...SimulatedServer[]]
  readonly #clients: [SimulatedClient, ...SimulatedClient[]]
  readonly #history: Observed[] = []
  /** Who waits for an answer, and which entry of the history it will complete. */
  readonly #asking = new Map<string, Observed>()
  readonly #letters: { readonly letter: Letter; readonly entry: Observed }[] = []
  readonly #entries = new Map<Letter, Observed>()
  readonly #replies: Reply[] = []
  /** What the clocks said from a moment on. */
  readonly #clocks: { readonly from: number; readonly earliest: number; readonly latest: number }[] = []
  #moment = 0
  #nowMs = startMs
  #made = 0
  #checked = 0

  constructor(seed: number, bug: Bug | null) {
    this.#random = createRandom(seed)
    const locks: Locks = new Map()
    const parts = { disk: this.#disk, locks, bug, readTime: () => this.#nowMs }
    const names = ['server 1', 'server 2', 'server 3'].slice(0, 1 + this.#random.below(3))
    this.#servers = [
      new SimulatedServer('server 0', parts),
      ...names.slice(1).map((name) => new SimulatedServer(name, parts)),
    ]
    const people = Array.from({ length: 2 + this.#random.below(4) }, (_person, index) => `c${index + 1}`)
    this.#clients = [
      new SimulatedClient('c0', this.#random),
      ...people.map((name) => new SimulatedClient(name, this.#random)),
    ]
    this.#noteClocks()
  }

  /** Whatever may happen next, happens by chance. */
  step(): void {
    const luck = this.#random.next()
    if (luck < 0.12) this.#ask(this.#random.pick(this.#clients))
    else if (luck < 0.24) this.#deliverLetter(this.#random.chance(0.05))
    else if (luck < 0.78) this.#serve(this.#busyServer())
    else if (luck < 0.9) this.#deliverReply(this.#random.chance(0.08))
    else if (luck < 0.92) this.#giveUp(this.#random.pick(this.#clients))
    else if (luck < 0.94) this.#crash(this.#random.pick(this.#servers))
    else if (luck < 0.97) this.#moveClock()
    else this.#sweep(this.#random.pick(this.#servers))
    this.#check()
  }

  /** Nothing breaks any more: whoever does not know asks until it is known. */
  settle(): void {
    for (const client of this.#clients) {
      if (this.#asking.has(client.name)) this.#giveUp(client)
      for (let tries = 0; client.isUncertain && this.problems.length === 0; tries += 1) {
        this.#ask(client)
        this.#drain()
        if (tries > 5) this.problems.push(`${client.name} hears nothing`)
      }
    }
    this.#drain()
    for (const showtime of rules.showtimes) this.#read(this.#clients[0].name, showtime, `last ${showtime}`)
    this.#check()
  }

  judge(): void {
    this.problems.push(...judgeHistory(this.#history, (from, to) => this.#clockBetween(from, to)))
    this.counts.unknown = this.#history.filter(({ heard }) => heard === null).length
    this.counts.asked = this.#history.length
  }

  #drain(): void {
    while (this.#letters.length > 0) this.#deliverLetter(false)
    while (this.#servers.some(({ isBusy }) => isBusy) && this.problems.length === 0) {
      for (const server of this.#servers) if (server.isBusy) this.#serve(server)
      this.#check()
    }
    while (this.#replies.length > 0) this.#deliverReply(false)
  }

  #tell(line: string): void {
    this.trace.push(`${this.#moment} ${line}`)
  }

  #ask(client: SimulatedClient): void {
    if (this.#asking.has(client.name)) return
    const wish = client.next()
    this.#made += 1
    const command = commandOf(client.name, wish, `${wish.ask.do}-${this.#made}`)
    if (!command) {
      const showtime = wish.showtimeId
      client.hear(this.#read(client.name, showtime, wish.key))
      return
    }
    const entry = this.#begin(client.name, wish.ask, wish.key)
    const letter = { from: client.name, command }
    this.#entries.set(letter, entry)
    this.#asking.set(client.name, entry)
    this.#letters.push({ letter, entry })
    this.#tell(`${client.name} asks ${JSON.stringify(wish.ask)} with key ${wish.key}`)
  }

  #begin(client: string, ask: Observed['ask'], key: string): Observed {
    this.#moment += 1
    const entry: Observed = { client, ask, key, invokedAt: this.#moment, returnedAt: Infinity, heard: null }
    this.#history.push(entry)
    return entry
  }

  /** Reads wait for nobody: they see what is committed. */
  #read(client: string, showtime: string, key: string): Heard {
    const entry = this.#begin(client, { do: 'read', showtime }, key)
    const server = this.#random.pick(this.#servers)
    const claims = this.#disk.claims.get(showtime)
    const statuses = rules.seats.map((seat) => {
      const claim = claims?.get(seat)
      const status = claim && isLive(claim, server.now()) ? statusOf(claim) : 'available'
      return [seat, status === 'blocked' ? 'held' : status] as const
    })
    const heard: Heard = { kind: 'seen', statuses: Object.fromEntries(statuses) }
    this.#moment += 1
    entry.returnedAt = this.#moment
    entry.heard = heard
    this.#tell(`${client} reads ${showtime}: ${JSON.stringify(heard.statuses)}`)
    return heard
  }

  #deliverLetter(isLost: boolean): void {
    const [sent] = this.#letters.splice(this.#random.below(this.#letters.length), 1)
    if (!sent) return
    const server = this.#random.pick(this.#servers)
    this.#tell(`the request of ${sent.letter.from} ${isLost ? 'is lost' : `reaches ${server.name}`}`)
    if (!isLost) server.receive(sent.letter)
  }

  #busyServer(): SimulatedServer {
    const [first, ...others] = this.#servers.filter(({ isBusy }) => isBusy)
    return first ? this.#random.pick([first, ...others]) : this.#servers[0]
  }

  #serve(server: SimulatedServer): void {
    if (!server.isBusy) return
    const { did, replies } = server.step(1 + this.#random.below(4))
    this.#tell(`${server.name} ${did}`)
    this.#replies.push(...replies)
  }

  #deliverReply(isLost: boolean): void {
    const [reply] = this.#replies.splice(this.#random.below(this.#replies.length), 1)
    if (!reply) return
    const { letter, heard } = reply
    const entry = this.#entries.get(letter)
    // Whoever has given up does not listen any more.
    if (!entry || this.#asking.get(letter.from) !== entry) return
    this.#tell(`${letter.from} ${isLost ? 'does not hear' : 'hears'} ${JSON.stringify(heard)}`)
    if (isLost) return
    this.#moment += 1
    entry.returnedAt = this.#moment
    entry.heard = heard
    this.#asking.delete(letter.from)
    this.#clients.find(({ name }) => name === letter.from)?.hear(heard)
  }

  #giveUp(client: SimulatedClient): void {
    if (!this.#asking.delete(client.name)) return
    this.#tell(`${client.name} gives up waiting`)
  }

  #crash(server: SimulatedServer): void {
    server.crash()
    this.counts.crashes += 1
    this.#moment += 1
    this.#noteClocks()
    this.#tell(`${server.name} crashes`)
  }

  #moveClock(): void {
    const byMs = this.#random.pick([1000, 60_000, 299_999, 300_000, 600_000, -60_000, -3600_000, 3600_000])
    this.#nowMs += byMs
    this.#moment += 1
    this.#noteClocks()
    this.#tell(`the clock moves by ${byMs} ms`)
  }

  #sweep(server: SimulatedServer): void {
    const showtimeId = this.#random.pick(rules.showtimes)
    server.receive({ from: 'the sweeper', command: { kind: 'sweep', showtimeId } })
  }

  #noteClocks(): void {
    const times = [this.#nowMs, ...this.#servers.map((server) => server.now())]
    this.#clocks.push({ from: this.#moment, earliest: Math.min(...times), latest: Math.max(...times) })
  }

  #clockBetween(from: number, to: number): readonly [number, number] {
    const during = this.#clocks.filter((clock, index) => {
      const next = this.#clocks[index + 1]
      return clock.from <= to && (next === undefined || next.from >= from)
    })
    return [Math.min(...during.map(({ earliest }) => earliest)), Math.max(...during.map(({ latest }) => latest))]
  }

  #check(): void {
    this.counts.steps += 1
    // What is committed changes by commits alone.
    if (this.#checked === this.#disk.commits) return
    this.#checked = this.#disk.commits
    for (const broken of findBroken(this.#disk)) this.problems.push(broken)
  }
}
