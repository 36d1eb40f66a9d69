import { refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { formatInstant, formatLocal } from '../platform/time.ts'

const minuteMs = 60_000

/** A ticket with what the door must know of its booking and showtime. Times are milliseconds since the epoch. */
export interface DoorRow {
  readonly id: string
  readonly bookingId: string
  readonly showtimeId: string
  readonly theatreId: string
  readonly seatId: string | null
  readonly rowLabel: string | null
  readonly seatNumber: string | null
  readonly ticketType: string
  readonly category: string
  readonly status: 'valid' | 'used' | 'void'
  readonly codeRevision: number
  readonly checkedInAt: number | null
  readonly reference: string
  readonly bookingStatus: 'pending' | 'confirmed' | 'expired' | 'cancelled'
  readonly confirmedAt: number | null
  readonly customerName: string | null
  /** What to ask to see, where the ticket type needs a proof. */
  readonly proof: string | null
}

export interface DoorShow {
  readonly id: string
  readonly theatreId: string
  readonly movieTitle: string
  readonly auditoriumName: string
  readonly startsAt: number
  readonly endsAt: number
  readonly timeZone: string
  readonly doorsOpenMinutes: number
}

export type EntryRefusal = Refusal<
  'invalid_code' | 'booking_cancelled' | 'booking_not_confirmed' | 'wrong_showtime' | 'not_now' | 'already_checked_in'
>

/** What is asked at the door: for which showtime it is open (if the door knows), and when. */
export interface Door {
  readonly showtimeId: string | undefined
  readonly nowMs: number
}

/** Whether a ticket stands: not cancelled, paid, and its code not replaced. Judged before anything else. */
export function judgeValidity(row: DoorRow, codeRevision: number | undefined): EntryRefusal | null {
  if (row.bookingStatus === 'cancelled') return refuse('booking_cancelled', undefined, { extra: seatOf(row) })
  if (row.bookingStatus !== 'confirmed') return refuse('booking_not_confirmed', undefined, { extra: seatOf(row) })
  if (row.status === 'void')
    return refuse('booking_cancelled', 'This ticket has been cancelled.', { extra: seatOf(row) })
  if (codeRevision !== undefined && codeRevision !== row.codeRevision) {
    return refuse('invalid_code', 'This code was replaced by another when the seat changed: ask for the new ticket.')
  }
  return null
}

/** Whether it is for here and now. A door that names its showtime lets in at any hour: whoever works it has decided that. */
export function judgeOccasion(row: DoorRow, show: DoorShow, door: Door): EntryRefusal | null {
  const extra = { showtime: presentShow(show), ...seatOf(row) }
  if (door.showtimeId !== undefined) {
    return door.showtimeId === show.id ? null : refuse('wrong_showtime', undefined, { extra })
  }
  const doorsOpenAt = show.startsAt - show.doorsOpenMinutes * minuteMs
  if (door.nowMs >= doorsOpenAt && door.nowMs < show.endsAt) return null
  const detail = door.nowMs < doorsOpenAt ? 'The doors are not open yet for this ticket.' : 'This showtime is over.'
  return refuse('not_now', detail, { extra })
}

/** The refusal of a ticket that was used, with the first time. */
export function alreadyCheckedIn(used: readonly DoorRow[], remaining: number): Refusal<'already_checked_in'> {
  const times = used.flatMap((row) => row.checkedInAt ?? [])
  const [only] = used.length === 1 ? used : []
  return refuse('already_checked_in', undefined, {
    extra: {
      checkedInAt: times.length > 0 ? formatInstant(Math.min(...times)) : null,
      seats: used.map((row) => row.seatId),
      remaining,
      ...(only && seatOf(only)),
    },
  })
}

export function presentShow(show: DoorShow) {
  return {
    id: show.id,
    movieTitle: show.movieTitle,
    auditoriumName: show.auditoriumName,
    startsAt: formatInstant(show.startsAt),
    endsAt: formatInstant(show.endsAt),
    localStartsAt: formatLocal(show.startsAt, show.timeZone),
    timeZone: show.timeZone,
  }
}

function seatOf(row: DoorRow) {
  return { seat: row.seatId, ticketType: row.ticketType }
}

const collator = new Intl.Collator('en', { numeric: true })

/** By row and seat as people count them; general admission by name, then reference. */
export function byPlace(left: DoorRow, right: DoorRow): number {
  return (
    collator.compare(left.rowLabel ?? '', right.rowLabel ?? '') ||
    collator.compare(left.seatNumber ?? '', right.seatNumber ?? '') ||
    collator.compare(left.customerName ?? '', right.customerName ?? '') ||
    collator.compare(left.reference, right.reference) ||
    (left.id < right.id ? -1 : 1)
  )
}
