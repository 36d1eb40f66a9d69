import type { HoldRow, SeatChangeRow } from '../../database/tables/ledger.ts'
import type { IdempotencyKeyRow } from '../../database/tables/platform.ts'
import type { LedgerStorage } from '../../holds/ledger.ts'
import { keyName, memoryStorage, noWrites } from '../../holds/memory-storage.ts'
import type { BatchWrites, Loaded } from '../../holds/memory-storage.ts'
import { isLive } from '../../holds/model.ts'
import type { Claim } from '../../holds/model.ts'
import { assert } from '../../platform/assert.ts'
import type { Desk, SimulatedBooking } from './commands.ts'

/** Mistakes that can be planted, to prove that they are found. */
export const bugs = [
  'no lock',
  'expires early',
  'expires late',
  'claim overwritten',
  'key forgotten',
  'answer before commit',
  'torn commit',
] as const
export type Bug = (typeof bugs)[number]

/** What is committed: all that survives a crash. */
export interface Disk {
  /** By showtime, then by seat. */
  readonly claims: Map<string, Map<string, Claim>>
  readonly holds: Map<string, HoldRow>
  readonly bookings: Map<string, SimulatedBooking>
  readonly versions: Map<string, number>
  readonly changes: SeatChangeRow[]
  readonly keys: Map<string, IdempotencyKeyRow>
  /** How often something was written. */
  commits: number
}

export function emptyDisk(showtimes: readonly string[]): Disk {
  return {
    claims: new Map(showtimes.map((id) => [id, new Map()])),
    holds: new Map(),
    bookings: new Map(),
    versions: new Map(showtimes.map((id) => [id, 1])),
    changes: [],
    keys: new Map(),
    commits: 0,
  }
}

/** A transaction: what it has read, what it has decided, and nothing on the disk until it commits. */
export interface Work extends Desk {
  readonly nowMs: number
  readonly writes: BatchWrites
  /** The bookings as they were read. */
  readonly before: ReadonlyMap<string, SimulatedBooking>
}

const alwaysOnSale = {
  auditoriumId: 'hall',
  layoutVersion: 1,
  revision: 1,
  theatreRevision: 1,
  capacity: 100,
  status: 'scheduled',
  salesOpenAt: null,
  salesCloseAt: Number.MAX_SAFE_INTEGER,
  staffSalesCloseAt: Number.MAX_SAFE_INTEGER,
  salesPaused: 0,
} as const

/** Reads what a batch needs, as the ledger on PostgreSQL does: in memory from here on, by the ledger's own storage. */
export function beginWork(disk: Disk, nowMs: number, bug: Bug | null): Work {
  const showtimes = new Map(
    [...disk.versions].map(([showtimeId, version]) => [showtimeId, { ...alwaysOnSale, showtimeId, version }]),
  )
  const loaded: Loaded = {
    showtimes,
    claims: new Map([...disk.claims].map(([id, claims]) => [id, new Map(claims)])),
    holds: new Map(disk.holds),
    usage: { holds: new Map(), places: new Map() },
    kept: new Map(disk.keys),
  }
  const writes = noWrites()
  const storage = memoryStorage(loaded, writes, nowMs)
  const before = new Map(disk.bookings)
  return { nowMs, writes, storage: plant(storage, loaded, bug), bookings: new Map(before), before }
}

/** A storage with a mistake in it. */
function plant(storage: LedgerStorage, { claims }: Loaded, bug: Bug | null): LedgerStorage {
  const slipMs = bug === 'expires early' ? -60_000 : 60_000
  const slipped = (list: readonly Claim[]) =>
    list.map((claim) => (claim.expiresAt === null ? claim : { ...claim, expiresAt: claim.expiresAt + slipMs }))
  const overwriting: Pick<LedgerStorage, 'putClaims'> = {
    putClaims(showtimeId, put) {
      for (const { seatId } of put) claims.get(showtimeId)?.delete(seatId)
      storage.putClaims(showtimeId, put)
    },
  }
  if (bug === 'key forgotten') return { ...storage, keptAnswer: () => null }
  if (bug === 'claim overwritten')
    return {
      ...storage,
      ...overwriting,
      claims: (id, seats) => storage.claims(id, seats).filter(({ kind }) => kind === 'booking'),
    }
  if (bug === 'expires early' || bug === 'expires late') {
    return {
      ...storage,
      ...overwriting,
      claims: (showtimeId, seatIds) => slipped(storage.claims(showtimeId, seatIds)),
      allClaims: (showtimeId) => slipped(storage.allClaims(showtimeId)),
    }
  }
  return storage
}

/** Makes a transaction durable, all of it; its statements' own conditions fail it where the code above was wrong. */
export function commitWork(disk: Disk, { writes, bookings, before, nowMs }: Work, bug: Bug | null): void {
  disk.commits += 1
  const defended = bug === null || bug === 'torn commit'
  for (const { showtimeId, seatId, ref } of writes.dropped.values()) {
    if (disk.claims.get(showtimeId)?.get(seatId)?.ref === ref) disk.claims.get(showtimeId)?.delete(seatId)
  }
  for (const { showtimeId, ...claim } of writes.claims.values()) {
    const standing = disk.claims.get(showtimeId)?.get(claim.seatId)
    const isSafe = !standing || standing.ref === claim.ref || !isLive(standing, nowMs)
    assert(
      isSafe || !defended,
      `Seat ${claim.seatId} is claimed by ${standing?.ref}: the last line of defence was needed`,
    )
    disk.claims.get(showtimeId)?.set(claim.seatId, claim)
  }
  if (bug === 'torn commit') return
  for (const hold of [...writes.inserted.values(), ...writes.updated.values()]) disk.holds.set(hold.id, hold)
  for (const [id, booking] of bookings) if (before.get(id) !== booking) disk.bookings.set(id, booking)
  for (const [showtimeId, version] of writes.versions) disk.versions.set(showtimeId, version)
  disk.changes.push(...writes.changes)
  for (const key of writes.keys.values()) disk.keys.set(keyName(key), key)
}

/** What must be true of the disk after every step. Answers what is not. */
export function findBroken(disk: Disk): string[] {
  const broken: string[] = []
  for (const [showtimeId, claims] of disk.claims) {
    for (const { seatId, kind, ref, expiresAt } of claims.values()) {
      const owner = kind === 'booking' ? disk.bookings.get(ref) : disk.holds.get(ref)
      if (!owner) broken.push(`${seatId} of ${showtimeId} is claimed by ${ref}, which is not there`)
      else if (owner.expiresAt !== expiresAt) broken.push(`${seatId} of ${showtimeId} does not lapse with ${ref}`)
      else if (!['live', 'pending', 'confirmed'].includes(owner.status)) {
        broken.push(`${seatId} of ${showtimeId} is claimed by ${ref}, which is ${owner.status}`)
      }
    }
    const changes = disk.changes.filter((change) => change.showtimeId === showtimeId)
    const isGapless = changes.every(({ version }, index) => version === index + 2)
    if (!isGapless || changes.length + 1 !== disk.versions.get(showtimeId)) {
      broken.push(`the versions of ${showtimeId} are ${changes.map(({ version }) => version).join()}`)
    }
  }
  for (const { id, status, seats, showtimeId } of disk.bookings.values()) {
    const own = seats.filter((seat) => disk.claims.get(showtimeId)?.get(seat)?.ref === id)
    if (status === 'confirmed' && own.length < seats.length) broken.push(`${id} is sold and has not all its seats`)
  }
  for (const { answer } of disk.keys.values()) {
    const { id } = JSON.parse(answer) as { readonly id: string }
    if (!disk.holds.has(id) && !disk.bookings.has(id)) broken.push(`an answer is kept of ${id}, which is not there`)
  }
  return broken
}
