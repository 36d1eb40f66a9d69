import type { Database, Transaction } from '../database/database.ts'
import type { Booking } from '../../contract/bookings.ts'
import type { Request } from '../http/request.ts'
import { assert } from '../platform/assert.ts'
import { isRefusal } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import type { Secrets } from '../platform/secrets.ts'
import { withTokens } from './present.ts'
import type { BookingPresenter } from './present.ts'
import { createPresenter } from './presenter.ts'
import type { PresenterParts } from './presenter.ts'

/** Leaves a transaction: nothing of it stays. */
class TakenBack extends Error {
  override readonly name = 'TakenBack'
}

/**
 * Does the work in a transaction and takes all of it back: answers what would have come of it, by the same rules and at the
 * same prices as the deed itself.
 */
async function rehearse<Result>(database: Database, work: (tx: Transaction) => Promise<Result>): Promise<Result> {
  const end = new TakenBack('A rehearsal ends here')
  const results: Result[] = []
  try {
    await database.write(async (tx) => {
      // A database may begin a transaction anew: the last try counts.
      results.splice(0, 1, await work(tx))
      throw end
    })
  } catch (error) {
    if (error !== end) throw error
  }
  const [result] = results
  assert(result !== undefined, 'A rehearsal has come to its end')
  return result
}

interface Change {
  readonly isRehearsal: boolean
  readonly commit: Request['commit']
  readonly change: (tx: Transaction, presenter: BookingPresenter) => Promise<Booking | Refusal>
}

interface ChangeParts extends PresenterParts {
  readonly database: Database
  readonly secrets: Secrets
}

/** Changes a booking, or only tells what would come of it: then nothing is kept, and no code is given out that might be shown at the door. */
export async function changeOrRehearse(parts: ChangeParts, { isRehearsal, commit, change }: Change) {
  const presenter = await createPresenter(parts)
  const finish = (booking: Booking) => withTokens(parts.secrets, booking)
  if (!isRehearsal) return await commit((tx) => change(tx, presenter), finish)
  const outcome = await rehearse(parts.database, (tx) => change(tx, { ...presenter, ticketCode: null }))
  return isRefusal(outcome) ? outcome : finish(outcome)
}
