import { setTimeout as pause } from 'node:timers/promises'
import { doubledNames, doubles } from '../server/testing/doubles.ts'
import type { DoubledProvider } from '../server/testing/doubles.ts'
import type { Misbehaviour, PostedWebhook, ProviderDouble } from '../server/testing/provider-server.ts'
import { chance } from './chance.ts'
import { count } from './client.ts'

/** The payment providers of a storm, with their payers, their banks and their webhooks: nothing of it dies with the house. */
export interface PaymentWorld {
  /** What the house is told so that it finds them. */
  readonly environment: Readonly<Record<string, string>>
  /** What they did instead of answering, and to their webhooks, counted. */
  readonly injected: ReadonlyMap<string, number>
  /** What may never be, as it was met: a forged webhook that was believed, a true one that was refused. */
  readonly faults: string[]
  double(name: DoubledProvider): ProviderDouble
  /** The payer pays, where the page is still open; `amountMinor`: what the provider makes of the sum. */
  pay(name: DoubledProvider, paymentId: string, amountMinor?: number): void
  /** Something that is told for certain, as nobody would find it otherwise. */
  happen(name: DoubledProvider, what: (double: ProviderDouble) => void): void
  /** From now on they are there, and tell what they still have to tell. */
  calm(): void
  /** Whether all has been told. */
  isQuiet(): boolean
  close(): Promise<void>
}

/** Shares of requests that are treated so, one after another; Mollie keeps no failure for a key. */
const moods: readonly (readonly [how: Misbehaviour, share: number])[] = [
  ['refuses connections', 0.02],
  ['answers 500', 0.02],
  ['says 429', 0.02],
  ['dies after the work', 0.025],
  ['answers 500 after the work', 0.02],
  ['never answers after the work', 0.002],
  ['answers 500 to a key for good', 0.01],
]
const pageSize = 100
/** Shares of webhooks; what is delayed for so long comes in any order. */
const webhookShares = { lost: 0.12, twice: 0.2, forged: 0.02 } as const
const longestDelayMs = 1500
const againAfterMs = 1000

interface Letter {
  readonly to: DoubledProvider
  readonly webhook: PostedWebhook
  readonly isForged: boolean
}

type Doubles = Readonly<Record<DoubledProvider, ProviderDouble>>

/** Opens a double of each provider; `url` is where the house is at the moment. */
export async function openPaymentWorld(seed: string, url: () => string): Promise<PaymentWorld> {
  const stripe = await doubles.stripe.start(() => Date.now(), pageSize)
  const mollie = await doubles.mollie.start(() => Date.now(), pageSize)
  const all: Doubles = { stripe, mollie }
  const injected = new Map<string, number>()
  const faults: string[] = []
  let asked = 0
  for (const name of doubledNames) {
    all[name].server.behave((request) => {
      asked += 1
      const how = moodFor(name, request, chance(seed, `provider ${asked}`))
      if (how !== null) count(injected, how)
      return how
    })
  }
  const postman = createPostman({ seed, url, all, injected, faults })
  const rounds = setInterval(() => postman.collect(false), 20)
  return {
    injected,
    faults,
    environment: Object.fromEntries(
      doubledNames.flatMap((name) => {
        const { environment, urlVariable } = doubles[name]
        return [...Object.entries(environment), [urlVariable, all[name].server.url]]
      }),
    ),
    double: (name) => all[name],
    pay(name, paymentId, amountMinor) {
      if (all[name].truth(paymentId).state === 'open') all[name].pay(paymentId, amountMinor)
    },
    happen(name, what) {
      postman.collect(false)
      what(all[name])
      postman.collect(true)
    },
    calm: () => doubledNames.forEach((name) => all[name].server.behave(() => null)),
    isQuiet: postman.isQuiet,
    async close() {
      clearInterval(rounds)
      postman.retire()
      await Promise.all(doubledNames.map((name) => all[name].server.close()))
    },
  }
}

interface Post {
  readonly seed: string
  readonly url: () => string
  readonly all: Doubles
  readonly injected: Map<string, number>
  readonly faults: string[]
}

/** Brings webhooks to the house, until they are taken. */
function createPostman({ seed, url, all, injected, faults }: Post) {
  let [letters, underWay, isRetired] = [0, 0, false]

  async function deliver({ to, webhook, isForged }: Letter, delayMs: number): Promise<void> {
    underWay += 1
    await pause(delayMs)
    for (;;) {
      const status = await post(`${url()}/api/v1/payments/webhooks/${to}`, webhook)
      if (isForged && status !== null && status < 300) faults.push(`${to}: a forged webhook was believed`)
      if (!isForged && status === 400) faults.push(`${to}: a webhook was refused: ${webhook.payload.slice(0, 200)}`)
      if (isRetired || (status !== null && status < 500)) break
      count(injected, 'webhooks told again')
      await pause(againAfterMs)
    }
    underWay -= 1
  }

  function send(to: DoubledProvider, webhook: PostedWebhook, isCertain: boolean): void {
    letters += 1
    const luck = (question: string) => chance(seed, `${question} ${letters}`)
    count(injected, 'webhooks')
    if (to === 'stripe' && luck('forged') < webhookShares.forged) {
      count(injected, 'webhooks forged')
      void deliver({ to, webhook: { ...webhook, payload: `${webhook.payload} ` }, isForged: true }, 0)
    }
    if (!isCertain && luck('lost') < webhookShares.lost) return count(injected, 'webhooks lost')
    const times = luck('twice') < webhookShares.twice ? 2 : 1
    if (times === 2) count(injected, 'webhooks told twice')
    for (let time = 0; time < times; time += 1) {
      void deliver({ to, webhook, isForged: false }, luck(`delay ${time}`) * longestDelayMs)
    }
  }

  return {
    /** Takes up what there is to tell; some of it is lost, unless it is certain, some told twice, and all of it in any order. */
    collect: (isCertain: boolean) => {
      for (const to of doubledNames) for (const webhook of all[to].webhooks()) send(to, webhook, isCertain)
    },
    isQuiet: () => underWay === 0,
    retire: () => {
      isRetired = true
    },
  }
}

function moodFor(name: DoubledProvider, request: string, luck: number): Misbehaviour | null {
  let upTo = 0
  for (const [how, share] of moods) {
    upTo += share
    if (luck >= upTo) continue
    const isForKeys = how === 'answers 500 to a key for good'
    return isForKeys && (name !== 'stripe' || !request.startsWith('POST')) ? null : how
  }
  return null
}

/** The status; null where nobody answers. */
async function post(url: string, { headers, payload }: PostedWebhook): Promise<number | null> {
  try {
    const answer = await fetch(url, { method: 'POST', headers, body: payload, signal: AbortSignal.timeout(30_000) })
    await answer.text()
    return answer.status
  } catch {
    return null
  }
}
