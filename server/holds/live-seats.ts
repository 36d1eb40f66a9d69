import type { ServerResponse } from 'node:http'
import type { Database } from '../database/database.ts'
import type { SeatChangeRow } from '../database/tables/ledger.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { SeatMaps } from './seat-map.ts'
import type { HoldStore } from './store.ts'
import { tidyShowtime } from './tidy.ts'

/** A reader whose unsent bytes pass this gets nothing more until it has caught up, and then everything anew. */
const bufferedBytes = 64 * 1024
const heartbeatMs = 10_000
/** A lapsed seat is told of this long after it lapsed, at the latest. */
const expiryDelayMs = 250
const longestTimerMs = 60_000
const mostListeners = 20_000

interface Listener {
  readonly response: ServerResponse
  /** The last version it has been told. */
  version: number
  /** It reads too slowly: it waits for a fresh snapshot. */
  lagging: boolean
}

interface Watched {
  readonly showtimeId: string
  readonly general: boolean
  readonly listeners: Set<Listener>
  /** The last version that was read and told. */
  version: number
  reading: boolean
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

  constructor(parts: { database: Database; store: HoldStore; seatMaps: SeatMaps; clock: Clock; log: Log }) {
    this.#database = parts.database
    this.#store = parts.store
    this.#seatMaps = parts.seatMaps
    this.#clock = parts.clock
    this.#log = parts.log
    this.#unsubscribe = parts.database.seatNotices.subscribe((showtimeId) => this.#changed(showtimeId))
    this.#heartbeat = setInterval(() => this.#beat(), heartbeatMs).unref()
  }

  get count(): number {
    return this.#listeners
  }

  get isFull(): boolean {
    return this.#listeners >= mostListeners
  }

  /** Tells a reader everything from `lastEventId` on, or a snapshot, and then every change until it goes away. */
  async add(showtimeId: string, response: ServerResponse, lastEventId: string | undefined): Promise<void> {
    const listener: Listener = { response, version: 0, lagging: false }
    const epoch = await this.#readEpoch()
    const watched = this.#watch(showtimeId, await this.#isGeneral(showtimeId))
    if (response.destroyed) return
    watched.listeners.add(listener)
    this.#listeners += 1
    response.on('close', () => this.#remove(watched, listener))
    response.on('drain', () => {
      if (listener.lagging) this.#run(this.#sendSnapshot(watched, listener))
    })
    const known = resumedVersion(epoch, lastEventId)
    const missed = known === null ? null : await this.#changesSince(watched, known)
    if (missed) {
      listener.version = known ?? 0
      for (const change of missed) this.#send(listener, change.version, await this.#format(watched, change, epoch))
    } else await this.#sendSnapshot(watched, listener)
    this.#planExpiry(watched)
    this.#changed(showtimeId)
  }

  /** Ends all streams: readers come back to another server, or to this one after its restart. */
  close(): void {
    this.#unsubscribe()
    clearInterval(this.#heartbeat)
    for (const watched of this.#watched.values()) {
      clearTimeout(watched.expiry)
      for (const { response } of watched.listeners) response.end()
    }
    this.#watched.clear()
  }

  #watch(showtimeId: string, general: boolean): Watched {
    return this.#watched.getOrInsertComputed(showtimeId, () => ({
      showtimeId,
      general,
      listeners: new Set(),
      version: 0,
      reading: false,
      again: false,
      expiry: undefined,
    }))
  }

  #remove(watched: Watched, listener: Listener): void {
    if (!watched.listeners.delete(listener)) return
    this.#listeners -= 1
    if (watched.listeners.size > 0) return
    clearTimeout(watched.expiry)
    this.#watched.delete(watched.showtimeId)
  }

  #changed(showtimeId: string | null): void {
    const affected = showtimeId === null ? [...this.#watched.values()] : [this.#watched.get(showtimeId)]
    for (const watched of affected) if (watched) this.#run(this.#tell(watched))
  }

  /** Reads what is new and tells it; news that come meanwhile are read once more afterwards. */
  async #tell(watched: Watched): Promise<void> {
    if (watched.reading) {
      watched.again = true
      return
    }
    watched.reading = true
    try {
      do {
        watched.again = false
        await this.#tellOnce(watched)
      } while (watched.again)
    } finally {
      watched.reading = false
    }
    this.#planExpiry(watched)
  }

  async #tellOnce(watched: Watched): Promise<void> {
    if (watched.listeners.size === 0) return
    const epoch = await this.#readEpoch()
    const behind = Math.min(...[...watched.listeners].filter(({ lagging }) => !lagging).map(({ version }) => version))
    if (behind === Number.POSITIVE_INFINITY) return
    const changes = await this.#changesSince(watched, behind)
    if (!changes) {
      for (const listener of watched.listeners) await this.#sendSnapshot(watched, listener)
      return
    }
    for (const change of changes) {
      const event = await this.#format(watched, change, epoch)
      for (const listener of watched.listeners) this.#send(listener, change.version, event)
    }
  }

  /** The changes after a version without a gap; null when some are not kept any more. */
  async #changesSince({ showtimeId }: Watched, version: number): Promise<SeatChangeRow[] | null> {
    const [ledger] = await this.#database.readPrepared<{ version: number }>(
      'ledger-version',
      'SELECT version FROM showtime_ledgers WHERE showtime_id = $1',
      [showtimeId],
    )
    if (!ledger || ledger.version < version) return null
    if (ledger.version === version) return []
    const changes = await this.#database.readPrepared<SeatChangeRow>(
      'seat-changes',
      'SELECT version, changed FROM seat_changes WHERE showtime_id = $1 AND version > $2 ORDER BY version',
      [showtimeId, version],
    )
    const complete = changes.every((change, index) => change.version === version + index + 1)
    return complete && version + changes.length >= ledger.version ? changes : null
  }

  async #format(watched: Watched, { version, changed }: SeatChangeRow, epoch: string): Promise<string> {
    const counts = watched.general ? `,"counts":${await this.#counts(watched)}` : ''
    return `id: ${epoch}-${version}\nevent: seats\ndata: {"version":${version},"changed":${changed}${counts}}\n\n`
  }

  async #counts({ showtimeId }: Watched): Promise<string> {
    const showtime = await this.#store.findShowtime(showtimeId)
    if (!showtime) return 'null'
    const { bytes } = await this.#seatMaps.availability(showtime, this.#clock.now())
    return JSON.stringify(JSON.parse(bytes).counts)
  }

  async #sendSnapshot(watched: Watched, listener: Listener): Promise<void> {
    const showtime = await this.#store.findShowtime(watched.showtimeId)
    if (!showtime) {
      listener.response.end()
      return
    }
    const { bytes } = await this.#seatMaps.availability(showtime, this.#clock.now())
    const epoch = await this.#readEpoch()
    listener.lagging = false
    this.#send(
      listener,
      showtime.version,
      `id: ${epoch}-${showtime.version}\nevent: snapshot\ndata: ${bytes}\n\n`,
      true,
    )
  }

  #send(listener: Listener, version: number, event: string, snapshot = false): void {
    if (listener.lagging || (version <= listener.version && !snapshot) || listener.response.writableEnded) return
    if (listener.response.writableLength > bufferedBytes) {
      listener.lagging = true
      return
    }
    listener.version = Math.max(version, listener.version)
    listener.response.write(event)
  }

  /** The next claim that lapses is swept away when its time has come, so that those who watch are told. */
  #planExpiry(watched: Watched): void {
    clearTimeout(watched.expiry)
    if (watched.listeners.size === 0) return
    this.#run(this.#setExpiry(watched))
  }

  async #setExpiry(watched: Watched): Promise<void> {
    const expiresAt = await this.#nextExpiry(watched.showtimeId)
    clearTimeout(watched.expiry)
    if (expiresAt === null || watched.listeners.size === 0) return
    const waitMs = Math.min(longestTimerMs, Math.max(0, expiresAt - this.#clock.now()) + expiryDelayMs)
    watched.expiry = setTimeout(() => this.#run(this.#sweep(watched)), waitMs).unref()
  }

  async #nextExpiry(showtimeId: string): Promise<number | null> {
    const [row] = await this.#database.readPrepared<{ next: number | null }>(
      'next-expiry',
      "SELECT MIN(expires_at) AS next FROM seat_claims WHERE showtime_id = $1 AND kind <> 'booking'",
      [showtimeId],
    )
    return row?.next ?? null
  }

  async #sweep(watched: Watched): Promise<void> {
    await tidyShowtime(this.#database, watched.showtimeId)
    this.#planExpiry(watched)
  }

  async #isGeneral(showtimeId: string): Promise<boolean> {
    return (await this.#store.findShowtime(showtimeId))?.layout.seating === 'general'
  }

  /** Names this life of the database: a restored one has another, so that ids of the old are not mistaken for its own. */
  #readEpoch(): Promise<string> {
    this.#epoch ??= readEpoch(this.#database)
    return this.#epoch
  }

  #beat(): void {
    for (const { listeners } of this.#watched.values()) {
      for (const { response } of listeners) if (!response.writableNeedDrain) response.write(': still here\n\n')
    }
  }

  #run(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.#log.warn({ err: error }, 'seats could not be told'))
  }
}

const epochSetting = 'epoch'

async function readEpoch(database: Database): Promise<string> {
  const read = async () =>
    (await database.read.selectFrom('settings').select('value').where('name', '=', epochSetting).executeTakeFirst())
      ?.value
  const known = await read()
  if (known !== undefined) return known
  await database.write(async (tx) => {
    await tx.query
      .insertInto('settings')
      .values({ name: epochSetting, value: tx.nowMs.toString(36) })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .execute()
  })
  return (await read()) ?? ''
}

function resumedVersion(epoch: string, lastEventId: string | undefined): number | null {
  const match = /^([0-9a-z]+)-(\d{1,15})$/.exec(lastEventId ?? '')
  return match && match[1] === epoch ? Number(match[2]) : null
}
