import { assert } from '../platform/assert.ts'
import type { HoldRow, SeatChangeRow, SeatClaimRow } from '../database/tables/ledger.ts'
import type { IdempotencyKeyRow } from '../database/tables/platform.ts'
import type { IdempotencyRequest } from '../http/idempotency.ts'
import type { LedgerShowtime, LedgerStorage } from './ledger.ts'
import { isLive } from './model.ts'
import type { Claim } from './model.ts'

/** What a batch has decided to write, in memory until all of it is decided. */
export interface BatchWrites {
  readonly claims: Map<string, SeatClaimRow>
  readonly dropped: Map<string, { readonly showtimeId: string; readonly seatId: string; readonly ref: string }>
  readonly inserted: Map<string, HoldRow>
  readonly updated: Map<string, HoldRow>
  readonly versions: Map<string, number>
  readonly changes: SeatChangeRow[]
  readonly keys: Map<string, IdempotencyKeyRow>
}

export interface LoadedShowtime extends LedgerShowtime {
  readonly version: number
}

export const seatKey = (showtimeId: string, seatId: string) => `${showtimeId}\n${seatId}`
export const keyName = (key: Pick<IdempotencyRequest, 'caller' | 'route' | 'key'>) =>
  `${key.caller}\n${key.route}\n${key.key}`

/** What was read for a batch; the batch's own changes are put in as it goes. */
export interface Loaded {
  readonly showtimes: ReadonlyMap<string, LoadedShowtime>
  /** By showtime, then by seat. */
  readonly claims: Map<string, Map<string, Claim>>
  readonly holds: Map<string, HoldRow>
  readonly usage: Usage
  readonly kept: Map<string, IdempotencyKeyRow>
}

export interface Usage {
  readonly holds: Map<string, number>
  readonly places: Map<string, number>
}

/** The ledger's storage over what was read, noting what is to be written: for batches and for simulations. */
export function memoryStorage(loaded: Loaded, writes: BatchWrites, nowMs: number): LedgerStorage {
  const claimsOf = (showtimeId: string) => loaded.claims.getOrInsertComputed(showtimeId, () => new Map())
  const count = (counts: Map<string, number>, name: string, more: number) =>
    counts.set(name, (counts.get(name) ?? 0) + more)
  return {
    nowMs,
    showtime: (id) => loaded.showtimes.get(id) ?? null,
    claims: (showtimeId, seatIds) => seatIds.flatMap((seatId) => claimsOf(showtimeId).get(seatId) ?? []),
    allClaims: (showtimeId) => [...claimsOf(showtimeId).values()],
    hold: (id) => loaded.holds.get(id) ?? null,
    openHoldsOf: (client) => loaded.usage.holds.get(client) ?? 0,
    placesHeldBy: (address) => loaded.usage.places.get(address) ?? 0,
    keptAnswer: (key) => loaded.kept.get(keyName(key)) ?? null,
    putClaims(showtimeId, claims) {
      for (const claim of claims) {
        const standing = claimsOf(showtimeId).get(claim.seatId)
        assert(!standing || standing.ref === claim.ref || !isLive(standing, nowMs), `Seat ${claim.seatId} is claimed`)
        claimsOf(showtimeId).set(claim.seatId, claim)
        writes.claims.set(seatKey(showtimeId, claim.seatId), { showtimeId, ...claim })
      }
    },
    dropClaims(showtimeId, ref, seatIds) {
      for (const seatId of seatIds) {
        if (claimsOf(showtimeId).get(seatId)?.ref !== ref) continue
        claimsOf(showtimeId).delete(seatId)
        writes.claims.delete(seatKey(showtimeId, seatId))
        // Several may have had the seat in turn, each to be dropped before the last one's claim is put.
        writes.dropped.set(`${seatKey(showtimeId, seatId)}\n${ref}`, { showtimeId, seatId, ref })
      }
    },
    insertHold(hold) {
      loaded.holds.set(hold.id, hold)
      writes.inserted.set(hold.id, hold)
      count(loaded.usage.holds, hold.client, 1)
      count(loaded.usage.places, hold.address, hold.count)
    },
    updateHold(id, change) {
      const hold = loaded.holds.get(id)
      assert(hold, 'A hold that was not read cannot be changed')
      const row = { ...hold, ...change }
      if (row.status === 'released' && isLive(hold, nowMs)) {
        count(loaded.usage.holds, hold.client, -1)
        count(loaded.usage.places, hold.address, -hold.count)
      }
      loaded.holds.set(id, row)
      writes.updated.set(id, row)
    },
    noteChange(showtimeId, changed) {
      const version = (writes.versions.get(showtimeId) ?? loaded.showtimes.get(showtimeId)?.version ?? 0) + 1
      writes.versions.set(showtimeId, version)
      writes.changes.push({ showtimeId, version, changed: JSON.stringify(changed), at: nowMs })
    },
    keepAnswer(key, status, body) {
      const row = { ...key, status, answer: JSON.stringify(body), createdAt: nowMs }
      loaded.kept.set(keyName(key), row)
      writes.keys.set(keyName(key), row)
    },
  }
}

/** Nothing decided yet. */
export function noWrites(): BatchWrites {
  return {
    claims: new Map(),
    dropped: new Map(),
    inserted: new Map(),
    updated: new Map(),
    versions: new Map(),
    changes: [],
    keys: new Map(),
  }
}
