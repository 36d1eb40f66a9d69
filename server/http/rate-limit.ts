import type { FastifyReply } from 'fastify'
import type { Clock } from '../platform/clock.ts'
import { refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { Buckets } from './buckets.ts'
import type { ContextParts } from './context.ts'
import { classOf } from './quotas.ts'
import type { Quota } from './quotas.ts'
import type { SharedBuckets } from './shared-buckets.ts'

/** One bucket that a request draws from. */
export interface Draw {
  readonly quota: Quota
  /** Whose bucket: the client or the address. */
  readonly key: string
}

type Judgement = Refusal<'rate_limited'> | null

/**
 * Limits by class of route and caller. Each server counts in its memory; where there are `shared` buckets, the classes
 * that several servers must count together ask these too, and go by memory alone while they are away (0060). A refused
 * request costs nothing. Headers: draft-ietf-httpapi-ratelimit-headers-11.
 */
export function createRateLimits(clock: Clock, shared: SharedBuckets | null): ContextParts['admit'] {
  const own = new OwnBuckets()
  const policies = new Map<readonly Quota[], string>()

  function policyOf(quotas: readonly Quota[]): string {
    let policy = policies.get(quotas)
    if (policy === undefined) policies.set(quotas, (policy = quotas.map(describe).join(', ')))
    return policy
  }
  function tell(reply: FastifyReply, quotas: readonly Quota[], debts: readonly number[]): void {
    const state = quotas.map((quota, index) => own.stateOf(quota, debts[index] ?? 0)).join(', ')
    void reply.header('ratelimit-policy', policyOf(quotas)).header('ratelimit', state)
  }

  async function judgeTogether(
    buckets: SharedBuckets,
    quotas: readonly Quota[],
    draws: readonly Draw[],
    reply: FastifyReply,
  ): Promise<Judgement> {
    const debts = await buckets.draw(draws, clock.now())
    if (debts === null) return judgeAlone(quotas, draws, reply)
    tell(reply, quotas, debts)
    const refused = own.judge(draws, debts)
    if (!refused) own.draw(draws, clock.now())
    return refused
  }

  function judgeAlone(quotas: readonly Quota[], draws: readonly Draw[], reply: FastifyReply): Judgement {
    const nowMs = clock.now()
    const debts = own.debtsAfter(draws, nowMs)
    tell(reply, quotas, debts)
    const refused = own.judge(draws, debts)
    if (!refused) own.draw(draws, nowMs)
    return refused
  }

  return function admit(shape, caller, client, address, reply) {
    const { quotas, together } = classOf(shape, caller)
    if (quotas.length === 0) return null
    const draws = quotas.map((quota) => ({ quota, key: quota.by === 'client' ? client : address }))
    if (!together || shared === null) return judgeAlone(quotas, draws, reply)
    // What is too much for this server alone is too much for all: a flood ends here.
    const tooMuchHere = own.judge(draws, own.debtsAfter(draws, clock.now())) !== null
    return tooMuchHere ? judgeAlone(quotas, draws, reply) : judgeTogether(shared, quotas, draws, reply)
  }
}

/** The buckets of this server, one family per quota. */
class OwnBuckets {
  readonly #families = new Map<Quota, Buckets>()

  #of(quota: Quota): Buckets {
    let buckets = this.#families.get(quota)
    if (!buckets) this.#families.set(quota, (buckets = new Buckets(quota)))
    return buckets
  }

  /** What each bucket would owe after one request more, milliseconds. */
  debtsAfter(draws: readonly Draw[], nowMs: number): number[] {
    return draws.map(({ quota, key }) => this.#of(quota).debtAfterOne(key, nowMs))
  }

  judge(draws: readonly Draw[], debts: readonly number[]): Judgement {
    let waitMs = 0
    for (const [index, { quota }] of draws.entries()) {
      const buckets = this.#of(quota)
      const debtMs = debts[index] ?? 0
      if (!buckets.allows(debtMs)) waitMs = Math.max(waitMs, buckets.waitMs(debtMs))
    }
    if (waitMs === 0) return null
    return refuse('rate_limited', undefined, { retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) })
  }

  draw(draws: readonly Draw[], nowMs: number): void {
    for (const { quota, key } of draws) {
      const buckets = this.#of(quota)
      buckets.take(key, nowMs, buckets.debtAfterOne(key, nowMs))
    }
  }

  stateOf(quota: Quota, debtMs: number): string {
    return `"${quota.name}";r=${this.#of(quota).left(debtMs)};t=${Math.ceil(debtMs / 1000)}`
  }
}

function describe({ name, requests, windowSeconds }: Quota): string {
  return `"${name}";q=${requests};w=${windowSeconds}`
}
