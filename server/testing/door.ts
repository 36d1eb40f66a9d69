import type { Engine } from '../database/database.ts'
import type { TicketRow } from '../database/tables/money.ts'
import { makeTicketCode } from '../tickets/code.ts'
import { createTicketKeys } from '../tickets/keys.ts'
import { startApp } from './harness.ts'
import type { TestApp } from './harness.ts'
import { employ, makeScreening } from './screening.ts'
import type { Screening, ScreeningWishes } from './screening.ts'
import { signIn } from './sign-in.ts'
import type { SignedIn } from './sign-in.ts'

export interface OpenDoor {
  readonly test: TestApp
  readonly screening: Screening
  /** Works at the theatre. */
  readonly usher: SignedIn
  /** Works at another theatre. */
  readonly stranger: SignedIn
  codeOf(ticket: Pick<TicketRow, 'id' | 'showtimeId' | 'codeRevision'>): Promise<string>
}

/** A theatre whose doors are open: a screening in half an hour, somebody to work there, and somebody from elsewhere. */
export async function openDoor(engine: Engine, wishes: ScreeningWishes = {}): Promise<OpenDoor> {
  const test = await startApp(engine, { environment: { ACCESS_TOKEN_SECONDS: '86400' } })
  const screening = await makeScreening(test, wishes)
  const [usher, stranger] = [await signIn(test, 'staff'), await signIn(test, 'staff')]
  await employ(test, screening, usher.userId)
  await employ(test, await makeScreening(test), stranger.userId)
  const keys = createTicketKeys(test.database, test.clock, test.app.house.secrets)
  return {
    test,
    screening,
    usher,
    stranger,
    codeOf: async (ticket) => makeTicketCode(await keys.signing(), ticket),
  }
}
