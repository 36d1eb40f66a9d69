import { makeTicketCode } from '../tickets/code.ts'
import type { TicketKeys } from '../tickets/keys.ts'
import type { BookingPresenter } from './present.ts'

export interface PresenterParts {
  readonly ticketKeys: TicketKeys
  /** Whether the house gives out passes for wallets. */
  readonly hasWallet: boolean
}

/** A presenter with the key that signs codes now; the key is fetched before any transaction begins. */
export async function createPresenter({ ticketKeys, hasWallet }: PresenterParts): Promise<BookingPresenter> {
  const key = await ticketKeys.signing()
  return {
    hasWallet,
    ticketCode: (ticket) =>
      makeTicketCode(key, { id: ticket.id, showtimeId: ticket.showtimeId, codeRevision: ticket.codeRevision }),
  }
}
