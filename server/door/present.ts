import type { CheckIn, DoorPack, DoorTicket, Manifest } from '../../contract/door.ts'
import { formatInstant, formatInstantOrNull } from '../platform/time.ts'
import { rawPublicKeyOf, showtimeTagOf } from '../tickets/code.ts'
import type { TicketKey } from '../tickets/code.ts'
import { byPlace, presentShow } from './model.ts'
import type { DoorRow, DoorShow } from './model.ts'

export function presentDoorTicket(row: DoorRow): DoorTicket {
  return {
    id: row.id,
    seat: row.seatId,
    row: row.rowLabel,
    number: row.seatNumber,
    ticketType: row.ticketType,
    category: row.category,
    status: row.status,
    checkedInAt: formatInstantOrNull(row.checkedInAt),
    proof: row.proof,
  }
}

/** What the door shows after a scan: who was let in, and how the party stands now. */
export function presentCheckIn(
  admitted: readonly DoorRow[],
  party: readonly DoorRow[],
  show: DoorShow,
  nowMs: number,
): CheckIn {
  const [first] = admitted
  if (!first) throw new Error('a check-in lets somebody in')
  const proofs = [...new Set(admitted.flatMap(({ proof }) => proof ?? []))]
  return {
    ticket: presentDoorTicket(first),
    tickets: admitted.map(presentDoorTicket),
    booking: {
      id: first.bookingId,
      reference: first.reference,
      customerName: first.customerName,
      ticketCount: party.filter(({ status }) => status !== 'void').length,
      checkedInCount: party.filter(({ status }) => status === 'used').length,
    },
    showtime: presentShow(show),
    seat: first.seatId,
    checkedInAt: formatInstant(nowMs),
    ...(proofs.length > 0 && { proof: proofs }),
  }
}

/** Those who are expected: tickets of confirmed bookings that were not cancelled, by seat. */
export function presentManifest(house: readonly DoorRow[], show: DoorShow): Manifest {
  const sold = house.filter(stands).toSorted(byPlace)
  const checkedIn = sold.filter(({ status }) => status === 'used').length
  return {
    showtime: presentShow(show),
    counts: { sold: sold.length, checkedIn, expected: sold.length - checkedIn },
    tickets: sold.map((row) => ({
      ...presentDoorTicket(row),
      bookingId: row.bookingId,
      reference: row.reference,
      customerName: row.customerName,
    })),
  }
}

/** What a phone takes along: no names, only what a code is judged by. */
export function presentDoorPack(
  house: readonly DoorRow[],
  departed: readonly string[],
  show: DoorShow,
  keys: readonly TicketKey[],
  asOfMs: number,
): DoorPack {
  const here = new Set(house.map(({ id }) => id))
  const cancelled = house.filter((row) => row.confirmedAt !== null && !stands(row)).map(({ id }) => id)
  return {
    showtime: presentShow(show),
    showtimeTag: showtimeTagOf(show.id),
    asOf: formatInstant(asOfMs),
    publicKeys: keys.map(({ keyTag, publicKey }) => ({
      keyTag,
      publicKey: rawPublicKeyOf(publicKey).toString('base64url'),
    })),
    tickets: house
      .filter(stands)
      .toSorted(byPlace)
      .map((row) => ({
        id: row.id,
        codeRevision: row.codeRevision,
        bookingId: row.bookingId,
        reference: row.reference,
        seat: row.seatId,
        ticketType: row.ticketType,
        proof: row.proof,
        checkedInAt: formatInstantOrNull(row.checkedInAt),
      })),
    revoked: [...cancelled, ...departed.filter((id) => !here.has(id))],
  }
}

function stands(row: DoorRow): boolean {
  return row.bookingStatus === 'confirmed' && row.status !== 'void'
}
