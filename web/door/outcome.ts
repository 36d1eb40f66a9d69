import { RefusedCall } from '../../contract/client.ts'
import type { CheckIn, DoorPack } from '../../contract/door.ts'
import { failureCode } from '../api.ts'
import type { FailureCode } from '../api.ts'
import type { Judgement } from './judge-code.ts'

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
  /** How the booking stands; null without a network. */
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

const elsewhere: readonly FailureCode[] = ['wrong_showtime', 'not_now']

/** What a judgement without the house comes to. */
export function outcomeOf(judgement: Judgement): Outcome {
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
      party: null,
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
