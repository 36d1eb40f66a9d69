import type { IdempotencyRequest, KeyRefusal, Replay } from '../http/idempotency.ts'
import type { Refusal } from '../platform/refusal.ts'
import type { HoldRow } from '../database/tables/ledger.ts'
import type { IdempotencyKeyRow } from '../database/tables/platform.ts'
import type { Channel, Claim, SalesState, SeatChange } from './model.ts'

/** What a showtime's row says inside a ledger transaction. */
export interface LedgerShowtime extends SalesState {
  readonly showtimeId: string
  readonly auditoriumId: string
  readonly layoutVersion: number
  readonly capacity: number
  readonly revision: number
  readonly theatreRevision: number
}

/** The answer that was given to a key before. */
export type KeptAnswer = Pick<IdempotencyKeyRow, 'bodyHash' | 'status' | 'answer' | 'createdAt'>

/**
 * What the commands of the seat ledger need of a database, inside one transaction that holds the showtime's lock.
 * SQLite answers each call from a prepared statement; PostgreSQL from what it read for the whole batch, and writes at the end.
 * A command decides first and writes last, so that a refusal leaves nothing.
 */
export interface LedgerStorage {
  readonly nowMs: number
  showtime(showtimeId: string): LedgerShowtime | null
  /** The claims on these seats, live or lapsed. */
  claims(showtimeId: string, seatIds: readonly string[]): readonly Claim[]
  /** Every claim of a showtime, live or lapsed. */
  allClaims(showtimeId: string): readonly Claim[]
  hold(holdId: string): HoldRow | null
  /** Live holds and unpaid bookings of one client. */
  openHoldsOf(client: string): number
  /** Places held by one address, in live holds. */
  placesHeldBy(address: string): number
  keptAnswer(key: IdempotencyRequest): KeptAnswer | null
  putClaims(showtimeId: string, claims: readonly Claim[]): void
  dropClaims(showtimeId: string, ref: string, seatIds: readonly string[]): void
  insertHold(hold: HoldRow): void
  updateHold(holdId: string, change: Pick<HoldRow, 'status' | 'expiresAt' | 'extensionsLeft'>): void
  /** Raises the showtime's version and notes what changed. */
  noteChange(showtimeId: string, changed: readonly SeatChange[]): void
  keepAnswer(key: IdempotencyRequest, status: number, body: unknown): void
}

/** What to hold: named seats, the best that are free, or a number of places. */
export type Wish =
  | { readonly kind: 'seats'; readonly seatIds: readonly string[] }
  | { readonly kind: 'best'; readonly count: number; choose(taken: ReadonlySet<string>): readonly string[] | null }
  | { readonly kind: 'places'; readonly count: number }

export interface PlaceHoldCommand {
  readonly kind: 'place'
  readonly showtimeId: string
  /** What the caller's seats and prices were looked up by; a showtime that has changed since is looked up again. */
  readonly auditoriumId: string
  readonly layoutVersion: number
  readonly revision: number
  readonly theatreRevision: number
  readonly wish: Wish
  /** Judges named seats against the hall as it stands (sofas, single gaps); present only where a rule needs it. */
  readonly judge?: (taken: ReadonlySet<string>, seatIds: readonly string[]) => Refusal | null
  readonly hold: Pick<HoldRow, 'id' | 'terms' | 'client' | 'address' | 'userId' | 'extensionsLeft'> & {
    readonly channel: Channel
  }
  readonly holdMs: number
  readonly limits: { readonly holdsPerClient: number; readonly placesPerAddress: number } | null
  readonly key: IdempotencyRequest | null
}

export interface ReleaseHoldCommand {
  readonly kind: 'release'
  readonly showtimeId: string
  readonly holdId: string
}

export interface ExtendHoldCommand {
  readonly kind: 'extend'
  readonly showtimeId: string
  readonly holdId: string
  readonly holdMs: number
  readonly key: IdempotencyRequest | null
}

export type LedgerCommand = PlaceHoldCommand | ReleaseHoldCommand | ExtendHoldCommand

/** The showtime (its hall, prices, theatre's rules) changed after the caller looked: look again. */
export const changedSince = Symbol('the showtime has changed')

export type PlaceHoldOutcome =
  | HoldRow
  | typeof changedSince
  | Replay<HoldRow>
  | KeyRefusal
  | Refusal<'not_found' | 'sales_closed' | 'showtime_cancelled' | 'too_many_holds' | 'sold_out' | 'seats_unavailable'>
  | Refusal
export type ExtendHoldOutcome =
  | HoldRow
  | Replay<HoldRow>
  | KeyRefusal
  | Refusal<'not_found' | 'hold_expired' | 'no_extensions_left'>
export type ReleaseHoldOutcome = HoldRow | Refusal<'not_found'>

/** The hot path of seats: commands that wait together are committed together, and answered after that. */
export interface SeatLedger {
  place(command: PlaceHoldCommand): Promise<PlaceHoldOutcome>
  release(command: ReleaseHoldCommand): Promise<ReleaseHoldOutcome>
  extend(command: ExtendHoldCommand): Promise<ExtendHoldOutcome>
  /** Ends what it runs; nothing is asked of it any more. */
  close(): Promise<void>
}
