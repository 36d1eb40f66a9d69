import type { Database } from '../database/database.ts'
import type { SeatChangeRow } from '../database/tables/ledger.ts'
import type { Clock } from '../platform/clock.ts'
import { readEpoch } from './epoch.ts'
import type { SeatMaps } from './seat-map.ts'
import type { HoldStore } from './store.ts'

/** Events in the order of their versions; those who lack the same of them are sent the same piece of memory. */
export class Batch {
  /** The version before the first of them. */
  readonly from: number
  readonly to: number
  readonly #events: readonly string[]
  readonly #joined = new Map<number, Buffer>()

  constructor(from: number, events: readonly string[]) {
    this.from = from
    this.to = from + events.length
    this.#events = events
  }

  /** What came after a version that is not before `from`. */
  after(version: number): Buffer {
    return this.#joined.getOrInsertComputed(version, () =>
      Buffer.from(this.#events.slice(version - this.from).join('')),
    )
  }
}

interface Parts {
  readonly database: Database
  readonly store: HoldStore
  readonly seatMaps: SeatMaps
  readonly clock: Clock
}

/** What there is to tell of a showtime's seats, as events of a stream. */
export class SeatNews {
  readonly #parts: Parts
  #epoch: Promise<string> | null = null

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Names this life of the database: a restored one has another, so that ids of the old are not mistaken for its own. */
  epoch(): Promise<string> {
    this.#epoch ??= readEpoch(this.#parts.database)
    return this.#epoch
  }

  /** The changes after a version without a gap; null when some are not kept any more. `general`: places are counted. */
  async since(
    { showtimeId, general }: { readonly showtimeId: string; readonly general: boolean },
    version: number,
  ): Promise<Batch | null> {
    const { database, store, seatMaps, clock } = this.#parts
    const counted = general ? await store.findShowtime(showtimeId) : null
    const newest = counted?.version ?? (await this.#versionOf(showtimeId))
    if (newest === undefined || newest < version) return null
    if (newest === version) return new Batch(version, [])
    const changes = await database.readPrepared<SeatChangeRow>(
      'seat-changes',
      'SELECT version, changed FROM seat_changes WHERE showtime_id = $1 AND version > $2 ORDER BY version',
      [showtimeId, version],
    )
    const complete = changes.every((change, index) => change.version === version + index + 1)
    if (!complete || version + changes.length < newest) return null
    const epoch = await this.epoch()
    const counts = counted ? `,"counts":${JSON.stringify(await seatMaps.counts(counted, clock.now()))}` : ''
    const events = changes.map(
      (change) =>
        `id: ${epoch}-${change.version}\nevent: seats\ndata: {"version":${change.version},"changed":${change.changed}${counts}}\n\n`,
    )
    return new Batch(version, events)
  }

  async snapshot(showtimeId: string): Promise<{ readonly version: number; readonly event: string } | null> {
    const { store, seatMaps, clock } = this.#parts
    const showtime = await store.findShowtime(showtimeId)
    if (!showtime) return null
    const { bytes } = await seatMaps.availability(showtime, clock.now())
    const epoch = await this.epoch()
    const { version } = showtime
    return { version, event: `id: ${epoch}-${version}\nevent: snapshot\ndata: ${bytes}\n\n` }
  }

  async #versionOf(showtimeId: string): Promise<number | undefined> {
    const [ledger] = await this.#parts.database.readPrepared<{ version: number }>(
      'ledger-version',
      'SELECT version FROM showtime_ledgers WHERE showtime_id = $1',
      [showtimeId],
    )
    return ledger?.version
  }
}
