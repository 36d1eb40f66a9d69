import type { FastifyReply } from 'fastify'
import type { OperationShape } from '../../contract/operation.ts'
import type { Clock } from '../platform/clock.ts'
import { refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import type { Caller } from './caller.ts'
import type { ContextParts } from './context.ts'

/** So many requests at once, and as many again over the window. */
export interface Quota {
  /** How the headers call it. */
  readonly name: string
  readonly requests: number
  readonly windowSeconds: number
  /** Whom it counts: the client (account, guest's cookie, else address), or the address whoever comes from it. */
  readonly by: 'client' | 'address'
}

const browse: Quota = { name: 'browse', requests: 600, windowSeconds: 60, by: 'address' }
const browseSignedIn: Quota = { name: 'browse', requests: 600, windowSeconds: 60, by: 'client' }
const holds: Quota = { name: 'holds', requests: 120, windowSeconds: 60, by: 'client' }
const holdsByAddress: Quota = { name: 'holds-address', requests: 300, windowSeconds: 60, by: 'address' }
const sales: Quota = { name: 'sales', requests: 120, windowSeconds: 60, by: 'client' }
const salesByAddress: Quota = { name: 'sales-address', requests: 300, windowSeconds: 60, by: 'address' }
const lookUps: Quota = { name: 'look-ups', requests: 30, windowSeconds: 60, by: 'address' }
const checkIns: Quota = { name: 'check-ins', requests: 20, windowSeconds: 1, by: 'client' }
const changes: Quota = { name: 'changes', requests: 300, windowSeconds: 60, by: 'client' }
const prints: Quota = { name: 'prints', requests: 60, windowSeconds: 60, by: 'client' }

const none: readonly Quota[] = []

/** Operations whose class does not follow from method and tag. */
const byOperation: Readonly<Record<string, readonly Quota[]>> = {
  placeHold: [holds, holdsByAddress],
  extendHold: [holds, holdsByAddress],
  releaseHold: [holds, holdsByAddress],
  createBooking: [sales, salesByAddress],
  cancelBooking: [sales],
  exchangeBooking: [sales],
  createPayment: [sales, salesByAddress],
  confirmPayment: [sales, salesByAddress],
  lookUpBooking: [lookUps],
  resendBooking: [lookUps],
  checkIn: [checkIns],
  undoCheckIn: [checkIns],
  downloadTickets: [prints],
  downloadReceipt: [prints],
  downloadWalletPass: [prints],
  // The provider's own servers, known by their signature.
  receiveWebhook: none,
  // A probe or a scraper that is told to wait is of no use.
  readHealth: none,
  readReadiness: none,
  readMetrics: none,
}

/** The quotas of an operation; sign-in and the mails of accounts have limits of their own, kept in the database. */
export function quotasOf(shape: OperationShape, caller: Caller): readonly Quota[] {
  const own = byOperation[shape.id]
  if (own !== undefined) return own
  if (shape.path.startsWith('/auth/')) return none
  if (shape.method !== 'GET') return changing
  return caller.kind === 'guest' ? browsing : browsingSignedIn
}

const browsing: readonly Quota[] = [browse]
const browsingSignedIn: readonly Quota[] = [browseSignedIn]
const changing: readonly Quota[] = [changes]

/** Counters kept per quota before the older half is forgotten: bounds the memory that strangers can use up. */
const mostCounters = 100_000

/**
 * One number per caller: when its bucket will be full again (GCRA). Two generations, so that nothing has to be swept:
 * what was not touched for a whole window counts no more and goes with the older one.
 */
export class Buckets {
  readonly #windowMs: number
  readonly #stepMs: number
  #current = new Map<string, number>()
  #older = new Map<string, number>()
  #turnsAt = 0

  constructor({ requests, windowSeconds }: Pick<Quota, 'requests' | 'windowSeconds'>) {
    this.#windowMs = windowSeconds * 1000
    this.#stepMs = this.#windowMs / requests
  }

  /** Milliseconds until the bucket of `key` is full again, were one more request taken from it. */
  debtAfterOne(key: string, nowMs: number): number {
    const fullAt = this.#current.get(key) ?? this.#older.get(key) ?? 0
    return Math.max(fullAt - nowMs, 0) + this.#stepMs
  }

  /** Whether a bucket holds that much; a step of tolerance for the rounding of fractions. */
  allows(debtMs: number): boolean {
    return debtMs <= this.#windowMs + 1e-6
  }

  take(key: string, nowMs: number, debtMs: number): void {
    if (nowMs >= this.#turnsAt || this.#current.size >= mostCounters) {
      this.#older = this.#current
      this.#current = new Map()
      this.#turnsAt = nowMs + this.#windowMs
    }
    this.#current.set(key, nowMs + debtMs)
  }

  /** Whole requests left at that debt. */
  left(debtMs: number): number {
    return Math.max(0, Math.floor((this.#windowMs - debtMs) / this.#stepMs + 1e-6))
  }

  /** Milliseconds until one more request is allowed. */
  waitMs(debtMs: number): number {
    return debtMs - this.#windowMs
  }
}

/**
 * Limits by class of route and caller, in this server's memory: each server of several counts for itself. A refused
 * request costs nothing. Headers: draft-ietf-httpapi-ratelimit-headers-11.
 */
export function createRateLimits(clock: Clock): ContextParts['admit'] {
  const bucketsOf = new Map<Quota, Buckets>()
  const policies = new Map<readonly Quota[], string>()

  function bucketsFor(quota: Quota): Buckets {
    let buckets = bucketsOf.get(quota)
    if (!buckets) bucketsOf.set(quota, (buckets = new Buckets(quota)))
    return buckets
  }
  function policyFor(quotas: readonly Quota[]): string {
    let policy = policies.get(quotas)
    if (policy === undefined) policies.set(quotas, (policy = quotas.map(policyOf).join(', ')))
    return policy
  }

  return function admit(shape, caller, client, address, reply): Refusal<'rate_limited'> | null {
    const quotas = quotasOf(shape, caller)
    if (quotas.length === 0) return null
    const nowMs = clock.now()
    let state = ''
    let waitMs = 0
    for (const quota of quotas) {
      const buckets = bucketsFor(quota)
      const debtMs = buckets.debtAfterOne(quota.by === 'client' ? client : address, nowMs)
      if (!buckets.allows(debtMs)) waitMs = Math.max(waitMs, buckets.waitMs(debtMs))
      state += `${state === '' ? '' : ', '}"${quota.name}";r=${buckets.left(debtMs)};t=${Math.ceil(debtMs / 1000)}`
    }
    setHeaders(reply, policyFor(quotas), state)
    if (waitMs > 0) {
      return refuse('rate_limited', undefined, { retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) })
    }
    for (const quota of quotas) {
      const key = quota.by === 'client' ? client : address
      const buckets = bucketsFor(quota)
      buckets.take(key, nowMs, buckets.debtAfterOne(key, nowMs))
    }
    return null
  }
}

function policyOf({ name, requests, windowSeconds }: Quota): string {
  return `"${name}";q=${requests};w=${windowSeconds}`
}

function setHeaders(reply: FastifyReply, policy: string, state: string): void {
  void reply.header('ratelimit-policy', policy).header('ratelimit', state)
}
