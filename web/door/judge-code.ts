import type { DoorPack } from '../../contract/door.ts'
import type { RefusalCode } from '../../contract/refusals.ts'
import { parseTicketCode } from '../../contract/ticket-code.ts'
import type { ParsedTicketCode } from '../../contract/ticket-code.ts'

/** A showtime's pack as this device keeps it. */
export interface KeptPack {
  readonly pack: DoorPack
  readonly doorsOpenMinutes: number
}

/** Who was let in by this device, by ticket: when, ISO. */
export type LetIn = ReadonlyMap<string, string>

/** What a code comes to without asking the house. */
export type Judgement =
  | {
      readonly isIn: true
      readonly kept: KeptPack
      readonly ticketId: string
      /** Null where the ticket was sold after the pack was made: the signature alone speaks for it. */
      readonly ticket: DoorPack['tickets'][number] | null
    }
  | {
      readonly isIn: false
      readonly reason: RefusalCode
      readonly kept: KeptPack | null
      readonly ticket: DoorPack['tickets'][number] | null
      readonly checkedInAt: string | null
    }

/** Checks an Ed25519 signature over a message. */
export type Verify = (publicKey: string, signature: BufferSource, message: BufferSource) => Promise<boolean>

interface Asked {
  readonly code: string
  readonly packs: readonly KeptPack[]
  readonly letIn: LetIn
  /** The one showtime that this door is for; null: whichever has its doors open. */
  readonly showtimeId: string | null
  readonly nowMs: number
}

/**
 * Judges a code by what this device keeps, in the order of the house: is it ours, does it still count, is it for here and
 * now, was it used. A good signature that no list knows was sold since.
 */
export async function judgeCode(asked: Asked, verify: Verify): Promise<Judgement> {
  const { code, packs, letIn } = asked
  const parsed = parseTicketCode(code)
  if (!parsed || !(await isSigned(parsed, packs, verify))) return stop('invalid_code')
  const kept = packs.find(({ pack }) => pack.showtimeTag === parsed.showtimeTag)
  if (!kept) return stop('wrong_showtime')
  const { pack } = kept
  const ticket = pack.tickets.find(({ id }) => id === parsed.ticketId) ?? null
  if (pack.revoked.includes(parsed.ticketId)) return stop('booking_cancelled', kept, ticket)
  if (ticket && parsed.codeRevision < ticket.codeRevision) return stop('invalid_code', kept, ticket)
  const occasion = judgeOccasion(kept, asked)
  if (occasion) return stop(occasion, kept, ticket)
  const checkedInAt = letIn.get(parsed.ticketId) ?? ticket?.checkedInAt ?? null
  if (checkedInAt !== null) return stop('already_checked_in', kept, ticket, checkedInAt)
  return { isIn: true, kept, ticketId: parsed.ticketId, ticket }
}

/** The tickets of a booking that nobody has let in: not when the pack was made, and not at this device since. */
export function notYetIn({ pack }: KeptPack, bookingId: string, letIn: LetIn): DoorPack['tickets'] {
  return pack.tickets.filter(
    (ticket) => ticket.bookingId === bookingId && ticket.checkedInAt === null && !letIn.has(ticket.id),
  )
}

function stop(
  reason: RefusalCode,
  kept: KeptPack | null = null,
  ticket: DoorPack['tickets'][number] | null = null,
  checkedInAt: string | null = null,
): Judgement {
  return { isIn: false, reason, kept, ticket, checkedInAt }
}

/** Tags are short: two keys may share one, and the one that fits counts. */
async function isSigned(parsed: ParsedTicketCode, packs: readonly KeptPack[], verify: Verify): Promise<boolean> {
  const keys = packs.flatMap(({ pack }) => pack.publicKeys.filter(({ keyTag }) => keyTag === parsed.keyTag))
  for (const publicKey of new Set(keys.map((key) => key.publicKey))) {
    if (await verify(publicKey, parsed.signature, parsed.signed)) return true
  }
  return false
}

function judgeOccasion({ pack, doorsOpenMinutes }: KeptPack, { showtimeId, nowMs }: Asked): RefusalCode | null {
  const { id, startsAt, endsAt } = pack.showtime
  if (showtimeId !== null) return showtimeId === id ? null : 'wrong_showtime'
  const opensAt = Date.parse(startsAt) - doorsOpenMinutes * 60_000
  return nowMs >= opensAt && nowMs < Date.parse(endsAt) ? null : 'not_now'
}

/** By the browser's own cryptography. Throws where it has no Ed25519: then nothing can be judged here. */
export const verifyByBrowser: Verify = async (publicKey, signature, message) => {
  const raw = Uint8Array.from(atob(publicKey.replaceAll('-', '+').replaceAll('_', '/')), (byte) => byte.charCodeAt(0))
  const key = await crypto.subtle.importKey('raw', raw, 'Ed25519', false, ['verify'])
  return await crypto.subtle.verify('Ed25519', key, signature, message)
}
