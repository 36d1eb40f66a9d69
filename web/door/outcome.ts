import { RefusedCall } from '../../contract/client.ts'
import type { CheckIn, DoorPack } from '../../contract/door.ts'
import { failureCode } from '../api.ts'
import type { FailureCode } from '../api.ts'
import { notYetIn } from './judge-code.ts'
import type { Judgement, KeptPack, LetIn } from './judge-code.ts'

type Show = Pick<DoorPack['showtime'], 'id' | 'movieTitle' | 'auditoriumName' | 'localStartsAt' | 'timeZone'>

/** Somebody comes in. */
export interface Admitted {
  readonly isIn: true
  readonly ticketIds: readonly string[]
  readonly seat: string | null
  /** Null: sold since the list was made. */
  readonly ticketType: string | null
  readonly show: Show
  readonly proof: readonly string[]
  /** How the booking stands, as far as this device knows; null where it was sold since the list was made. */
  readonly party: { readonly bookingId: string; readonly inside: number; readonly all: number } | null
}

/** Somebody does not, and why. */
export interface Stopped {
  readonly isIn: false
  readonly reason: FailureCode
  readonly firstAt: string | null
  readonly seat: string | null
  /** What the ticket is for, where that is not what is on here. */
  readonly show: Show | null
}
export type Outcome = Admitted | Stopped

export function admittedBy({ ticket, tickets, booking, showtime, proof = [] }: CheckIn): Admitted {
  return {
    isIn: true,
    ticketIds: tickets.map(({ id }) => id),
    seat: ticket.seat,
    ticketType: ticket.ticketType,
    show: showtime,
    proof,
    party: { bookingId: booking.id, inside: booking.checkedInCount, all: booking.ticketCount },
  }
}

export function stoppedBy(error: unknown): Stopped {
  const { seat, showtime, checkedInAt } = error instanceof RefusedCall ? error.problem : {}
  return {
    isIn: false,
    reason: failureCode(error),
    firstAt: checkedInAt ?? null,
    seat: seat ?? null,
    show: showtime ?? null,
  }
}

function partyOf(kept: KeptPack, bookingId: string, letIn: LetIn): Admitted['party'] {
  const all = kept.pack.tickets.filter((ticket) => ticket.bookingId === bookingId).length
  return { bookingId, inside: all - notYetIn(kept, bookingId, letIn).length, all }
}

/** What letting in the rest of a booking comes to without the house; null where nobody of it is left outside. */
export function restOf(kept: KeptPack, bookingId: string, letIn: LetIn): Admitted | null {
  const rest = notYetIn(kept, bookingId, letIn)
  const [first] = rest
  if (!first) return null
  return {
    isIn: true,
    ticketIds: rest.map(({ id }) => id),
    seat: first.seat,
    ticketType: first.ticketType,
    show: kept.pack.showtime,
    proof: [...new Set(rest.flatMap(({ proof }) => proof ?? []))],
    party: partyOf(kept, bookingId, new Map([...letIn, ...rest.map(({ id }) => [id, ''] as const)])),
  }
}

const elsewhere: readonly FailureCode[] = ['wrong_showtime', 'not_now']

/** What a judgement without the house comes to; `letIn` is who came in at this device before. */
export function outcomeOf(judgement: Judgement, letIn: LetIn): Outcome {
  const { kept, ticket } = judgement
  if (judgement.isIn) {
    const { proof = null, seat = null, ticketType = null } = ticket ?? {}
    return {
      isIn: true,
      ticketIds: [judgement.ticketId],
      seat,
      ticketType,
      show: judgement.kept.pack.showtime,
      proof: proof === null ? [] : [proof],
      party: ticket && partyOf(judgement.kept, ticket.bookingId, new Map([...letIn, [ticket.id, '']])),
    }
  }
  return {
    isIn: false,
    reason: judgement.reason,
    firstAt: judgement.checkedInAt,
    seat: ticket?.seat ?? null,
    show: elsewhere.includes(judgement.reason) ? (kept?.pack.showtime ?? null) : null,
  }
}
