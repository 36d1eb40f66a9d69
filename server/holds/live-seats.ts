import type { ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { Database } from '../database/database.ts'
import type { SeatChangeRow } from '../database/tables/ledger.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { SeatMaps } from './seat-map.ts'
import { readEpoch, resumedVersion } from './epoch.ts'
import { batchOf, SeatStream } from './seat-stream.ts'
import type { Batch } from './seat-stream.ts'
import type { HoldStore } from './store.ts'
import { tidyShowtime } from './tidy.ts'

const heartbeatMs = 10_000
/** A lapsed seat is told of this long after it lapsed, at the latest. */
const expiryDelayMs = 250
const longestTimerMs = 60_000
const mostListeners = 20_000
/** Readers that are written to before others get their turn of the event loop. */
const readersAtOnce = 200
/** After telling, so many times as long as it took passes before the next, up to a bound: holds come first. */
const restShare = 1.5
const longestRestMs = 100

interface Watched {
  readonly showtimeId: string
  readonly general: boolean
  readonly streams: Set<SeatStream>
  /** The last version that was told to all; null: there is nobody yet who hears. */
  version: number | null
  telling: boolean
  again: boolean
  expiry: NodeJS.Timeout | undefined
}

/** Every showtime that somebody watches, and who watches it. */
export class LiveSeats {
  readonly #database: Database
  readonly #store: HoldStore
  readonly #seatMaps: SeatMaps
  readonly #clock: Clock
  readonly #log: Log
  readonly #watched = new Map<string, Watched>()
  readonly #unsubscribe: () => void
  readonly #heartbeat: NodeJS.Timeout
  #epoch: Promise<string> | null = null
  #listeners = 0
  #closed = false

  constructor(parts: { database: Database; store: HoldStore; seatMaps: SeatMaps; clock: Clock; log: Log }) {
    this.#database = parts.database
    this.#store = parts.store
    this.#seatMaps = parts.seatMaps
    this.#clock = parts.clock
    this.#log = parts.log
    this.#unsubscribe = parts.database.seatNotices.subscribe((showtimeId) => this.#changed(showtimeId))
    this.#heartbeat = setInterval(() => this.#run(this.#beat()), heartbeatMs).unref()
  }

  get count(): number {
    return this.#listeners
  }

  get isFull(): boolean {
    return this.#listeners >= mostListeners
  }

  /** Tells a reader everything from `lastEventId` on, or a snapshot, and then every change until it goes away. */
  async add(showtimeId: string, response: ServerResponse, lastEventId: string | undefined): Promise<void> {
    const epoch = await this.#readEpoch()
    const general = (await this.#store.findShowtime(showtimeId))?.layout.seating === 'general'
    // While it was being opened, the streams may have been ended.
    if (this.#closed) response.end()
    if (this.#closed || response.destroyed) return
    const stream = new SeatStream(response)
    const watched = this.#watch(showtimeId, general)
    watched.streams.add(stream)
    this.#listeners += 1
    stream.onClose(() => this.#remove(watched, stream))
    stream.onDrain(() => {
      if (!stream.isLive && !stream.isBusy) this.#run(this.#bringUp(watched, stream, null))
    })
    await this.#bringUp(watched, stream, resumedVersion(epoch, lastEventId))
    // What was committed since it was read, by a commit whose notice came before anybody listened.
    this.#changed(showtimeId)
  }

  /** Ends all streams, also those being opened: readers come back to another server, or to this one after its restart. */
  close(): void {
    this.#closed = true
    this.#unsubscribe()
    clearInterval(this.#heartbeat)
    for (const watched of this.#watched.values()) {
      clearTimeout(watched.expiry)
      for (const stream of watched.streams) stream.end()
    }
    this.#watched.clear()
  }

  #watch(showtimeId: string, general: boolean): Watched {
    const known = this.#watched.get(showtimeId)
    if (known) return known
    const fresh: Watched = {
      showtimeId,
      general,
      streams: new Set(),
      version: null,
      telling: false,
      again: false,
      expiry: undefined,
    }
    this.#watched.set(showtimeId, fresh)
    this.#run(this.#planExpiry(fresh))
    return fresh
  }

  #remove(watched: Watched, stream: SeatStream): void {
    if (!watched.streams.delete(stream)) return
    this.#listeners -= 1
    if (watched.streams.size > 0) return
    clearTimeout(watched.expiry)
    this.#watched.delete(watched.showtimeId)
  }

  /** Tells one reader all that it lacks, until it is where the others are; from then on it hears with them. */
  async #bringUp(watched: Watched, stream: SeatStream, known: number | null): Promise<void> {
    stream.isBusy = true
    try {
      let missed = known === null ? null : await this.#batchSince(watched, known)
      if (missed) stream.version = missed.from
      else await this.#sendSnapshot(watched, stream)
      stream.isLive = true
      if (missed) stream.hear(missed)
      while (watched.version !== null && stream.version < watched.version && stream.isLive && stream.isOpen) {
        // The others were told something while it was read for this one.
        missed = await this.#batchSince(watched, stream.version)
        if (missed) stream.hear(missed)
        else await this.#sendSnapshot(watched, stream)
      }
      watched.version ??= stream.version
    } finally {
      stream.isBusy = false
    }
  }

  #changed(showtimeId: string | null): void {
    const affected = showtimeId === null ? [...this.#watched.values()] : [this.#watched.get(showtimeId)]
    for (const watched of affected) if (watched) this.#run(this.#tell(watched))
  }

  /** Reads what is new and tells it; news that come meanwhile are told together afterwards. */
  async #tell(watched: Watched): Promise<void> {
    if (watched.telling) {
      watched.again = true
      return
    }
    watched.telling = true
    try {
      do {
        watched.again = false
        const beganAt = performance.now()
        const told = await this.#tellOnce(watched)
        // A few readers are told at once; thousands cost so much that news are gathered for a moment.
        const restMs = Math.min(longestRestMs, (performance.now() - beganAt) * restShare)
        if (told && watched.streams.size > readersAtOnce) await wait(restMs, undefined, { ref: false })
      } while (watched.again)
    } finally {
      watched.telling = false
    }
  }

  /** Answers whether there was anything. */
  async #tellOnce(watched: Watched): Promise<boolean> {
    if (watched.streams.size === 0 || watched.version === null) return false
    const batch = await this.#batchSince(watched, watched.version)
    if (batch?.events.length === 0) return false
    if (batch) {
      // First: who comes meanwhile sees that there is something to catch up with.
      watched.version = batch.to
      await inTurns(watched.streams, (stream) => stream.hear(batch))
    } else await this.#beginAnew(watched)
    await this.#planExpiry(watched)
    return true
  }

  /** The changes after a version without a gap; null when some are not kept any more. */
  async #batchSince(watched: Watched, version: number): Promise<Batch | null> {
    const { showtimeId } = watched
    const [ledger] = await this.#database.readPrepared<{ version: number }>(
      'ledger-version',
      'SELECT version FROM showtime_ledgers WHERE showtime_id = $1',
      [showtimeId],
    )
    if (!ledger || ledger.version < version) return null
    if (ledger.version === version) return batchOf(version, [])
    const changes = await this.#database.readPrepared<SeatChangeRow>(
      'seat-changes',
      'SELECT version, changed FROM seat_changes WHERE showtime_id = $1 AND version > $2 ORDER BY version',
      [showtimeId, version],
    )
    const complete = changes.every((change, index) => change.version === version + index + 1)
    if (!complete || version + changes.length < ledger.version) return null
    const epoch = await this.#readEpoch()
    const counts = watched.general ? `,"counts":${await this.#counts(watched)}` : ''
    const events = changes.map(
      (change) =>
        `id: ${epoch}-${change.version}\nevent: seats\ndata: {"version":${change.version},"changed":${change.changed}${counts}}\n\n`,
    )
    return batchOf(version, events)
  }

  async #counts({ showtimeId }: Watched): Promise<string> {
    const showtime = await this.#store.findShowtime(showtimeId)
    if (!showtime) return 'null'
    const { bytes } = await this.#seatMaps.availability(showtime, this.#clock.now())
    return JSON.stringify(JSON.parse(bytes).counts)
  }

  async #readSnapshot({ showtimeId }: Watched): Promise<{ readonly version: number; readonly event: string } | null> {
    const showtime = await this.#store.findShowtime(showtimeId)
    if (!showtime) return null
    const { bytes } = await this.#seatMaps.availability(showtime, this.#clock.now())
    const epoch = await this.#readEpoch()
    const { version } = showtime
    return { version, event: `id: ${epoch}-${version}\nevent: snapshot\ndata: ${bytes}\n\n` }
  }

  async #sendSnapshot(watched: Watched, stream: SeatStream): Promise<void> {
    const read = await this.#readSnapshot(watched)
    if (read) stream.snapshot(read.version, read.event)
    else stream.end()
  }

  /** The hall is another, or the showtime is gone: everybody begins anew, or has reached the end. */
  async #beginAnew(watched: Watched): Promise<void> {
    const read = await this.#readSnapshot(watched)
    watched.version = read?.version ?? null
    await inTurns(watched.streams, (stream) => {
      if (!read) stream.end()
      else if (stream.isLive && stream.version < read.version) stream.snapshot(read.version, read.event)
    })
  }

  /** The next claim that lapses is swept away when its time has come, so that those who watch are told. */
  async #planExpiry(watched: Watched): Promise<void> {
    const [row] = await this.#database.readPrepared<{ next: number | null }>(
      'next-expiry',
      "SELECT MIN(expires_at) AS next FROM seat_claims WHERE showtime_id = $1 AND kind <> 'booking'",
      [watched.showtimeId],
    )
    clearTimeout(watched.expiry)
    const expiresAt = row?.next ?? null
    if (expiresAt === null || this.#watched.get(watched.showtimeId) !== watched) return
    const waitMs = Math.min(longestTimerMs, Math.max(0, expiresAt - this.#clock.now()) + expiryDelayMs)
    watched.expiry = setTimeout(() => this.#run(this.#sweep(watched)), waitMs).unref()
  }

  async #sweep(watched: Watched): Promise<void> {
    await tidyShowtime(this.#database, watched.showtimeId)
    await this.#planExpiry(watched)
  }

  /** Names this life of the database: a restored one has another, so that ids of the old are not mistaken for its own. */
  #readEpoch(): Promise<string> {
    this.#epoch ??= readEpoch(this.#database)
    return this.#epoch
  }

  async #beat(): Promise<void> {
    for (const { streams } of this.#watched.values()) await inTurns(streams, (stream) => stream.beat())
  }

  #run(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.#log.warn({ err: error }, 'seats could not be told'))
  }
}

/** Some of them in each turn of the event loop, so that nobody waits for all. */
async function inTurns(streams: ReadonlySet<SeatStream>, act: (stream: SeatStream) => void): Promise<void> {
  // Those who come meanwhile are brought up by themselves.
  const present = [...streams]
  let done = 0
  for (const stream of present) {
    act(stream)
    done += 1
    if (done % readersAtOnce === 0) await new Promise((resume) => setImmediate(resume))
  }
}
