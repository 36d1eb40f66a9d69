import { DatabaseBusy, DatabaseDamaged, OutcomeUnknown, StorageFailed, StorageFull } from '../database/database.ts'
import type { HoldRow } from '../database/tables/ledger.ts'
import { Replay } from '../http/idempotency.ts'
import type { RefusalCode } from '../../contract/refusals.ts'
import { assert } from '../platform/assert.ts'
import { isRefusal, refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { heldRow } from './commands.ts'
import { changedSince } from './ledger.ts'
import type { ExtendHoldOutcome, LedgerCommand, PlaceHoldOutcome, ReleaseHoldOutcome } from './ledger.ts'

/** What goes to the ledger's thread: commands, and when it is. As text: that is cheaper to hand over. */
export interface LedgerOrder {
  readonly nowMs: number
  readonly commands: readonly LedgerCommand[]
}

/** What comes back for an order, once it is durable. */
export interface BatchReport {
  readonly ends: readonly SentEnd[]
  /** Showtimes whose seats have changed. */
  readonly changed: readonly string[]
}

export type LedgerOutcome = PlaceHoldOutcome | ReleaseHoldOutcome | ExtendHoldOutcome

/** A hold just as its command says: the usual case, in the fewest words. */
export const asAsked = 1

/** An outcome, or an error, as text can carry it. */
type SentEnd =
  | typeof asAsked
  | { readonly row: HoldRow }
  | { readonly changed: true }
  | { readonly replay: { readonly status: number; readonly body: HoldRow } }
  | { readonly refused: SentRefusal }
  | SentFailure

interface SentFailure {
  readonly failed: { readonly name: string; readonly message: string }
}

interface SentRefusal {
  readonly code: RefusalCode
  readonly detail: string
  readonly extra: Readonly<Record<string, unknown>>
  readonly retryAfterSeconds?: number
}

export function sentOutcome({ kind }: LedgerCommand, outcome: LedgerOutcome): SentEnd {
  if (outcome === changedSince) return { changed: true }
  if (outcome instanceof Replay) return { replay: { status: outcome.status, body: outcome.body } }
  if (!isRefusal(outcome)) return kind === 'place' ? asAsked : { row: outcome }
  const { code, detail, extra, retryAfterSeconds } = outcome
  return { refused: { code, detail, extra, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) } }
}

export function sentFailure(error: unknown): SentEnd {
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  return { failed: { name, message } }
}

/** The outcome again, as it was. */
export function receivedOutcome(
  command: LedgerCommand,
  end: Exclude<SentEnd, SentFailure>,
  nowMs: number,
): LedgerOutcome {
  if (end === asAsked) {
    assert(command.kind === 'place', 'Only a new hold is as it was asked for')
    return heldRow(command, command.wish.kind === 'seats' ? command.wish.seatIds : [], nowMs)
  }
  if ('row' in end) return end.row
  if ('changed' in end) return changedSince
  if ('replay' in end) return new Replay(end.replay.status, end.replay.body)
  return receivedRefusal(end.refused)
}

function receivedRefusal({ code, detail, ...options }: SentRefusal): Refusal {
  return refuse(code, detail, options)
}

/** The error again, of the class that says what a caller can do about it. */
export function receivedFailure({ name, message }: SentFailure['failed']): Error {
  for (const known of [DatabaseBusy, DatabaseDamaged, StorageFull, StorageFailed, OutcomeUnknown]) {
    if (known.name === name) return new known(message)
  }
  return new Error(message)
}
