import { bucket, countAttempt, refuseWhenFull } from '../accounts/attempts.ts'
import type { Bucket } from '../accounts/attempts.ts'
import { perPeriod } from '../accounts/throttle.ts'
import { createTurns } from '../accounts/turns.ts'
import type { Database } from '../database/database.ts'
import type { Approach } from '../http/request.ts'
import type { Clock } from '../platform/clock.ts'
import { isRefusal } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'

const quarterHourMs = 15 * 60_000
const hourMs = 4 * quarterHourMs

/** Wrong guesses; right ones cost nothing. In the database: all servers count them together, and a restart forgets none. */
const limits = {
  lookUp: perPeriod(20, quarterHourMs),
  code: perPeriod(10, hourMs),
  /** Whoever gets a new cookie for each guess. */
  codeByAddress: perPeriod(40, hourMs),
}

/** The refusals that tell a guesser that a code is not one. They are the same for an unknown code and one of elsewhere. */
const wrongCodes: ReadonlySet<string> = new Set(['promo_not_valid', 'voucher_not_valid'])

type Guesser = Pick<Approach, 'client' | 'address' | 'now'>
type Guarded<Result> = Promise<Result | Refusal<'rate_limited'>>

/** Lets work run that would tell whether a guess is right, unless its caller has guessed wrong too often. */
export interface Guesses {
  /** For a reference with an email: wrong is `not_found`. */
  lookUp<Result>(guesser: Guesser, work: () => Promise<Result>): Guarded<Result>
  /** For codes of promotions and vouchers. */
  code<Result>(guesser: Guesser, work: () => Promise<Result>): Guarded<Result>
}

export interface GuessParts {
  readonly database: Database
  readonly clock: Clock
  readonly throttled: boolean
}

export function createGuesses({ database, clock, throttled }: GuessParts): Guesses {
  const inTurn = createTurns()

  async function guard<Result>(
    buckets: readonly Bucket[],
    isWrong: (code: string) => boolean,
    work: () => Promise<Result>,
  ): Guarded<Result> {
    for (const one of buckets) {
      const refused = await refuseWhenFull(database.read, one, clock.now())
      if (refused) return refused
    }
    const result = await work()
    if (isRefusal(result) && isWrong(result.code)) {
      await database.write(async (tx) => {
        for (const one of buckets) await countAttempt(tx, one)
      })
    }
    return result
  }

  // One after the other: a hundred guesses at once would all be judged before the first is counted.
  return {
    async lookUp({ address }, work) {
      if (!throttled) return await work()
      const buckets = [bucket(limits.lookUp, 'look-up', address)]
      return await inTurn(`look-up ${address}`, async () => await guard(buckets, (code) => code === 'not_found', work))
    },
    async code({ client, address }, work) {
      if (!throttled) return await work()
      const byClient = bucket(limits.code, 'code', client)
      const isAccount = !/^(guest|address):/.test(client)
      const buckets = isAccount ? [byClient] : [byClient, bucket(limits.codeByAddress, 'code', address)]
      const turn = isAccount ? client : address
      return await inTurn(`code ${turn}`, async () => await guard(buckets, (code) => wrongCodes.has(code), work))
    },
  }
}
