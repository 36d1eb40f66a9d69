import type { Log } from '../platform/log.ts'
import type { Secrets } from '../platform/secrets.ts'
import type { Draw } from './rate-limit.ts'

/** Buckets that several servers draw from together. */
export interface SharedBuckets {
  /**
   * Draws one request from each bucket, or from none when one is empty. Answers what each owes after it, milliseconds;
   * null when nobody could be asked: then the server goes by what it counted itself.
   */
  draw(draws: readonly Draw[], nowMs: number): Promise<readonly number[] | null>
  readonly isUp: () => boolean
  close(): void
}

/** A request waits so long for Redis, and no longer, milliseconds. */
const usualPatienceMs = 250
/** After a failure it is left alone for so long: what is down is not asked by every request. */
const pauseMs = 1000

/**
 * All buckets of a request in one step, with the clock of the house and not of Redis. Keys: one per bucket. Arguments:
 * now, then window and step of each, milliseconds. Answers what each owes after this request, as text.
 */
const drawScript = `
local now, debts, allowed = tonumber(ARGV[1]), {}, true
for i, key in ipairs(KEYS) do
  local window, step = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
  local full_at = tonumber(redis.call('GET', key) or '0')
  debts[i] = math.max(full_at - now, 0) + step
  if debts[i] > window + 0.001 then allowed = false end
end
for i, key in ipairs(KEYS) do
  if allowed then
    redis.call('SET', key, string.format('%.3f', now + debts[i]), 'PX', math.ceil(debts[i]) + 1000)
  end
  debts[i] = string.format('%.3f', debts[i])
end
return debts`

/** Loads the client only here: a house without `REDIS_URL` never does. It connects by itself, now and after every failure. */
export async function openRedisBuckets(
  url: string,
  secrets: Secrets,
  log: Log,
  patienceMs = usualPatienceMs,
): Promise<SharedBuckets> {
  const { createClient } = await import('@redis/client')
  const client = createClient({
    url,
    RESP: 2,
    maintNotifications: 'disabled',
    disableOfflineQueue: true,
    socket: { connectTimeout: 2000, reconnectStrategy: (attempt) => Math.min(100 * 2 ** attempt, 5000) },
  })
  let told = false
  let askAgainAt = 0
  const fail = (error: unknown) => {
    if (!told) log.warn({ err: error }, 'Redis is away: this server counts its limits alone')
    told = true
  }
  client.on('error', fail)
  client.on('ready', () => {
    if (told) log.info('Redis is back: limits are shared again')
    told = false
  })
  client.connect().catch(fail)

  return {
    async draw(draws, nowMs) {
      if (!client.isReady || nowMs < askAgainAt) return null
      const keys = draws.map(({ quota, key }) => `matinee:limit:${quota.name}:${secrets.sign('limits', key)}`)
      const terms = draws.flatMap(({ quota }) => {
        const windowMs = quota.windowSeconds * 1000
        return [String(windowMs), String(windowMs / quota.requests)]
      })
      try {
        const reply: unknown = await within(
          patienceMs,
          client.sendCommand(['EVAL', drawScript, String(keys.length), ...keys, String(nowMs), ...terms]),
        )
        return readDebts(reply, draws.length)
      } catch (error) {
        askAgainAt = nowMs + pauseMs
        fail(error)
        return null
      }
    },
    isUp: () => client.isReady,
    close: () => client.destroy(),
  }
}

function readDebts(reply: unknown, count: number): number[] {
  const debts = Array.isArray(reply) ? reply.map(Number) : []
  if (debts.length !== count || !debts.every(Number.isFinite))
    throw new Error('Redis gave another answer than the script')
  return debts
}

async function within<Result>(limitMs: number, work: Promise<Result>): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`Redis did not answer within ${limitMs} ms`)), limitMs)
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}
