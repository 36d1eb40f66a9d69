import type { ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { Database } from '../database/database.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { SeatMaps } from './seat-map.ts'
import { resumedVersion } from './epoch.ts'
import { Listeners } from './listeners.ts'
import { SeatNews } from './seat-news.ts'
import type { Batch } from './seat-news.ts'
import { SeatStream } from './seat-stream.ts'
import type { HoldStore } from './store.ts'
import { tidyShowtime } from './tidy.ts'

const heartbeatMs = 10_000
/** A lapsed seat is told of this long after it lapsed, at the latest. */
const expiryDelayMs = 250
const longestTimerMs = 60_000
/** Readers that are written to before others get their turn of the event loop. */
const readersAtOnce = 200
/** Where one lap follows the other, so many times as long as writing takes passes between, up to a bound: holds come first. */
const restShare = 1.5
const longestRestMs = 100
/** News that come while thousands are told are looked up so often at most. */
const lookMs = 20

interface Watched {
  readonly showtimeId: string
  readonly general: boolean
  readonly streams: Set<SeatStream>
  /** The last version that was told to somebody; null: there is nobody yet who hears. */
  version: number | null
  /** The last one that everybody has been told who hears. */
  toldAll: number
  telling: boolean
  again: boolean
  expiry: NodeJS.Timeout | undefined
}

/** Every showtime that somebody watches, and who watches it. */
export class LiveSeats {
  readonly listeners: Listeners
  readonly #database: Database
  readonly #store: HoldStore
  readonly #news: SeatNews
  readonly #clock: Clock
  readonly #log: Log
  readonly #watched = new Map<string, Watched>()
  readonly #unsubscribe: () => void
  readonly #heartbeat: NodeJS.Timeout
  #closed = false

  constructor(parts: {
    readonly database: Database
    readonly store: HoldStore
    readonly seatMaps: SeatMaps
    readonly clock: Clock
    readonly log: Log
    readonly limited: boolean
  }) {
    this.listeners = new Listeners(parts.limited)
    this.#database = parts.database
    this.#store = parts.store
    this.#news = new SeatNews(parts)
    this.#clock = parts.clock
    this.#log = parts.log
    this.#unsubscribe = parts.database.seatNotices.subscribe((showtimeId) => this.#changed(showtimeId))
    this.#heartbeat = setInterval(() => this.#run(this.#beat()), heartbeatMs).unref()
  }

  /** Tells a reader everything from `lastEventId` on, or a snapshot, and then every change until it goes away. */
  async add(
    showtimeId: string,
    response: ServerResponse,
    { address, lastEventId }: { readonly address: string; readonly lastEventId: string | undefined },
  ): Promise<void> {
    const epoch = await this.#news.epoch()
    const general = (await this.#store.findShowtime(showtimeId))?.layout.seating === 'general'
    // While it was being opened, the streams may have been ended, or others have taken the last place.
    const isTooLate = this.#closed || this.listeners.isFullFor(address)
    if (isTooLate) response.end()
    if (isTooLate || response.destroyed) return
    const stream = new SeatStream(response)
    const watched = this.#watch(showtimeId, general)
    watched.streams.add(stream)
    this.listeners.add(address)
    stream.onClose(() => {
      if (this.#remove(watched, stream)) this.listeners.remove(address)
    })
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
      toldAll: 0,
      telling: false,
      again: false,
      expiry: undefined,
    }
    this.#watched.set(showtimeId, fresh)
    this.#run(this.#planExpiry(fresh))
    return fresh
  }

  /** Answers whether it was still there. */
  #remove(watched: Watched, stream: SeatStream): boolean {
    if (!watched.streams.delete(stream)) return false
    if (watched.streams.size === 0) {
      clearTimeout(watched.expiry)
      this.#watched.delete(watched.showtimeId)
    }
    return true
  }

  /** Tells one reader all that it lacks, until it is where the others are; from then on it hears with them. */
  async #bringUp(watched: Watched, stream: SeatStream, known: number | null): Promise<void> {
    stream.isBusy = true
    try {
      let missed = known === null ? null : await this.#news.since(watched, known)
      if (missed) stream.version = missed.from
      else await this.#sendSnapshot(watched, stream)
      stream.isLive = true
      if (missed) stream.hear(missed)
      while (watched.version !== null && stream.version < watched.version && stream.isLive && stream.isOpen) {
        // The others were told something while it was read for this one.
        missed = await this.#news.since(watched, stream.version)
        if (missed) stream.hear(missed)
        else await this.#sendSnapshot(watched, stream)
      }
      if (watched.version === null) watched.version = watched.toldAll = stream.version
    } finally {
      stream.isBusy = false
    }
  }

  #changed(showtimeId: string | null): void {
    const affected = showtimeId === null ? [...this.#watched.values()] : [this.#watched.get(showtimeId)]
    for (const watched of affected) if (watched) this.#run(this.#tell(watched))
  }

  /** Reads what is new and tells it, lap after lap, until everybody has been told everything. */
  async #tell(watched: Watched): Promise<void> {
    if (watched.telling) {
      watched.again = true
      return
    }
    watched.telling = true
    try {
      let rests = false
      do {
        await this.#lap(watched, rests)
        rests = true
      } while (
        watched.again ||
        (watched.version !== null && watched.toldAll < watched.version && watched.streams.size > 0)
      )
    } finally {
      watched.telling = false
    }
  }

  /**
   * Tells each of them once what it lacks. Who comes late in the lap is told what came since it began, too: so with news without
   * end everybody waits for one lap, and not for the rest of this one and their place in the next.
   */
  async #lap(watched: Watched, rests: boolean): Promise<void> {
    watched.again = false
    if (watched.streams.size === 0 || watched.version === null) return
    const from = watched.toldAll
    let batch = await this.#newsFor(watched, from)
    let lookedAt = performance.now()
    if (batch?.to === from) return
    const told = batch?.to ?? from
    // Those who come meanwhile are brought up by themselves.
    const present = [...watched.streams]
    const longestMs = (longestRestMs * readersAtOnce) / present.length
    for (let done = 0; batch && done < present.length; done += readersAtOnce) {
      // First: who comes meanwhile sees that there is something to catch up with.
      watched.version = batch.to
      const beganAt = performance.now()
      for (const stream of present.slice(done, done + readersAtOnce)) stream.hear(batch)
      if (present.length <= readersAtOnce) break
      await takeTurns(rests ? Math.min(longestMs, (performance.now() - beganAt) * restShare) : 0)
      if (!watched.again || performance.now() - lookedAt < lookMs) continue
      watched.again = false
      batch = await this.#newsFor(watched, from)
      lookedAt = performance.now()
    }
    if (batch) watched.toldAll = told
    else await this.#beginAnew(watched)
    await this.#planExpiry(watched)
  }

  async #sendSnapshot(watched: Watched, stream: SeatStream): Promise<void> {
    const read = await this.#news.snapshot(watched.showtimeId)
    if (read) stream.snapshot(read.version, read.event)
    else stream.end()
  }

  /** The hall is another, or the showtime is gone: everybody begins anew, or has reached the end. */
  async #beginAnew(watched: Watched): Promise<void> {
    const read = await this.#news.snapshot(watched.showtimeId)
    watched.version = read?.version ?? null
    watched.toldAll = read?.version ?? 0
    await inTurns(watched.streams, (stream) => {
      if (!read) stream.end()
      else if (stream.isLive && stream.version < read.version) stream.snapshot(read.version, read.event)
    })
  }

  /** What is new for those who know `from`; null where some of it is not kept, or the database knows less than was told. */
  async #newsFor(watched: Watched, from: number): Promise<Batch | null> {
    const batch = await this.#news.since(watched, from)
    return batch && batch.to >= (watched.version ?? 0) ? batch : null
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
    if (done % readersAtOnce === 0) await takeTurns(0)
  }
}

/** Lets others have the event loop, for so long at least. */
async function takeTurns(restMs: number): Promise<void> {
  if (restMs < 0.5) await new Promise((resume) => setImmediate(resume))
  else await wait(restMs, undefined, { ref: false })
}
