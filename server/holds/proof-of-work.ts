import { createHash, timingSafeEqual } from 'node:crypto'
import type { WorkChallenge } from '../../contract/holds.ts'
import type { Database } from '../database/database.ts'
import { hasAnswer } from '../http/idempotency.ts'
import type { IdempotencyRequest } from '../http/idempotency.ts'
import { randomText } from '../platform/ids.ts'
import type { Metrics } from '../platform/metrics.ts'
import { isRefusal, refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import type { Secrets } from '../platform/secrets.ts'
import { formatInstant } from '../platform/time.ts'
import type { Pressure } from './pressure.ts'

/** How long a challenge may be solved and its solution sent, milliseconds. */
const challengeMs = 120_000
/** The hardest challenge has so many bits more than the first: sixteen times the work. */
const mostBitsMore = 4
/** Of a signature in a challenge: 132 bits, so that what is hashed fits one block. */
const signatureLength = 22
/** Where a solution is sent. */
export const proofHeader = 'x-proof-of-work'
const purpose = 'proof of work'

export interface WorkSettings {
  /** Unpaid places, in percent of the hall, from which on work is asked for; 0: never. */
  readonly percent: number
  /** Zero bits of the first challenge: each one more doubles the work. */
  readonly bits: number
}

/** Somebody who wants seats. */
export interface Attempt {
  readonly showtime: { readonly id: string; readonly capacity: number }
  readonly client: string
  /** `X-Proof-Of-Work`, as it was sent. */
  readonly proof: string | readonly string[] | undefined
  readonly key: IdempotencyRequest | null
  readonly nowMs: number
}

/** Makes seats cost work while a showtime is under attack: see decision 0091. */
export interface ProofOfWork {
  /** Runs `act`, or refuses with a challenge. A solution is good for one `act` that succeeds, or its repetition by key. */
  pass<Outcome>(attempt: Attempt, act: () => Promise<Outcome>): Promise<Outcome | Refusal<'pow_required'>>
}

interface Parts {
  readonly database: Database
  readonly secrets: Secrets
  readonly pressure: Pressure
  readonly metrics: Metrics
  readonly settings: WorkSettings
}

export function createProofOfWork({ database, secrets, pressure, metrics, settings }: Parts): ProofOfWork {
  const spent = new SpentProofs()
  const answers = metrics.counter(
    'matinee_proofs_of_work_total',
    'Holds of showtimes under attack: asked for work, or let in with a solution',
    ['outcome'],
  )

  async function bitsFor(attempt: Attempt): Promise<number> {
    if (settings.percent === 0) return 0
    return bitsAt(await pressure.unpaidShare(attempt.showtime, attempt.nowMs), settings)
  }

  function challenge({ showtime, client, nowMs }: Attempt, bits: number): WorkChallenge {
    const expiresAtMs = nowMs + challengeMs
    // By chance, so that nobody who asks in the same millisecond gets the same challenge.
    const terms = `${expiresAtMs.toString(36)}.${bits}.${randomText(6)}`
    const text = `${terms}.${signTerms(secrets, showtime.id, client, terms)}`
    return { text, bits, expiresAt: formatInstant(expiresAtMs) }
  }

  return {
    async pass(attempt, act) {
      const bits = await bitsFor(attempt)
      if (bits === 0) return await act()
      const { proof, key, nowMs } = attempt
      const holder = key === null ? null : `${key.caller}\n${key.route}\n${key.key}`
      const taken = typeof proof === 'string' && isSolved(secrets, attempt, proof) && spent.take(proof, holder, nowMs)
      if (taken) {
        const outcome = await act()
        if (!isRefusal(outcome)) answers.add(['solved'])
        // Whose seats were gone has got nothing for the work. What it got somebody seats for before stays spent.
        else if (taken === 'first') spent.giveBack(proof)
        return outcome
      }
      if (key && (await hasAnswer(database, key, nowMs))) return await act()
      answers.add(['asked'])
      return refuse('pow_required', 'Much of this showtime is held and not paid: solve the challenge first.', {
        extra: { challenge: challenge(attempt, bits) },
      })
    },
  }
}

/** The zero bits that are asked for at this share of unpaid places; 0 is none. Each further step of `percent` asks for one more. */
export function bitsAt(share: number, { percent, bits }: WorkSettings): number {
  const steps = Math.floor((share * 100) / percent)
  return steps === 0 ? 0 : bits + Math.min(steps - 1, mostBitsMore)
}

/** Bound to the showtime and to whoever asks, so that nobody solves for others, nor for another showtime. */
function signTerms(secrets: Secrets, showtimeId: string, client: string, terms: string): string {
  return secrets.sign(purpose, `${showtimeId}\n${client}\n${terms}`).slice(0, signatureLength)
}

/** Whether the proof answers a challenge of ours, for this showtime and caller, in time. One signature and one hash. */
function isSolved(secrets: Secrets, { showtime, client, nowMs }: Attempt, proof: string): boolean {
  const [, terms = '', expiresAt = '', bits = '', signature = ''] =
    /^(([\da-z]{1,9})\.(\d{1,2})\.[\w-]{8})\.([\w-]{22})\.\d{1,15}$/.exec(proof) ?? []
  if (signature === '' || Number.parseInt(expiresAt, 36) <= nowMs) return false
  const expected = signTerms(secrets, showtime.id, client, terms)
  if (!timingSafeEqual(Buffer.from(expected), Buffer.from(signature))) return false
  return leadingZeroBits(createHash('sha256').update(proof).digest()) >= Number(bits)
}

export function leadingZeroBits(hash: Uint8Array): number {
  const first = hash.findIndex((byte) => byte !== 0)
  return first < 0 ? hash.length * 8 : first * 8 + Math.clz32(hash[first] ?? 0) - 24
}

/** Solutions that have got somebody seats, until they would be out of date anyway: each has cost its owner the work. */
class SpentProofs {
  readonly #proofs = new Map<string, { readonly holder: string | null; readonly untilMs: number }>()

  /** `first`: the proof was unspent; `again`: it was spent under the same key, which is the same act once more. */
  take(proof: string, holder: string | null, nowMs: number): 'first' | 'again' | null {
    const known = this.#proofs.get(proof)
    if (known) return holder !== null && known.holder === holder ? 'again' : null
    for (const [oldest, { untilMs }] of this.#proofs) {
      if (untilMs > nowMs) break
      this.#proofs.delete(oldest)
    }
    this.#proofs.set(proof, { holder, untilMs: nowMs + challengeMs })
    return 'first'
  }

  giveBack(proof: string): void {
    this.#proofs.delete(proof)
  }
}
