import type { Database } from '../database/database.ts'
import type { OutboxHandler } from '../jobs/outbox-worker.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { accountLetter, accountMailKinds } from './account-mails.ts'
import { bookingLetter } from './booking-letters.ts'
import type { BookingMailParts } from './booking-letters.ts'
import { bookingMails, fanOuts } from './booking-mails.ts'
import type { Letter } from './model.ts'
import { setLetter } from './set-letter.ts'
import { UndeliverableMail } from './transport.ts'
import type { MailTransport } from './transport.ts'

export interface MailParts extends BookingMailParts {
  readonly clock: Clock
  readonly log: Log
  readonly transport: MailTransport
}

/**
 * What the outbox does by mail, by kind. A mail's id is its row's, so a second try (a crash after sending, before the row
 * was marked) is the same message to whoever compares `Message-ID`.
 */
export function mailHandlers(parts: MailParts): Record<string, OutboxHandler> {
  const { database, clock, log, transport } = parts

  async function send(letter: Letter | null, id: string): Promise<void> {
    if (letter === null) return
    try {
      await transport.send(setLetter(letter, id))
    } catch (error) {
      if (!(error instanceof UndeliverableMail)) throw error
      log.warn({ err: error, outboxId: id }, 'a mail cannot be delivered; it is not tried again')
    }
  }

  const handlers: Record<string, OutboxHandler> = {}
  for (const [kind, mail] of Object.entries(bookingMails)) {
    handlers[kind] = async (payload, { id }) => {
      const found = await mail(database, payload)
      if (found) await send(await bookingLetter(parts, found.booking, found.occasion, clock.now()), id)
    }
  }
  for (const kind of accountMailKinds) {
    handlers[kind] = async (payload, { id }) => await send(await accountLetter(parts, kind, payload, clock.now()), id)
  }
  for (const [kind, each] of Object.entries(fanOuts)) {
    handlers[kind] = async (payload, { id }) => await tellEachBooking(database, id, each, payload)
  }
  return handlers
}

/** One row for each confirmed booking of the showtime; its id says where it came from, so that a second try adds nothing. */
async function tellEachBooking(
  database: Database,
  id: string,
  kind: string,
  { showtimeId, before }: Readonly<Record<string, unknown>>,
): Promise<void> {
  await database.write(async (tx) => {
    const bookings = await tx.query
      .selectFrom('bookings')
      .select('id')
      .where('showtimeId', '=', String(showtimeId))
      .where('status', '=', 'confirmed')
      .where('customerEmail', 'is not', null)
      .orderBy('id')
      .execute()
    for (const booking of bookings) {
      await tx.query
        .insertInto('outbox')
        .values({
          id: `${id}-${booking.id}`,
          kind,
          payload: JSON.stringify({ bookingId: booking.id, before }),
          createdAt: tx.nowMs,
          availableAt: tx.nowMs,
          attempts: 0,
        })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute()
    }
  })
}
