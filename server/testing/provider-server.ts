import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { DoubleStatement } from './provider-statement.ts'

/** What a payment provider's server may do instead of answering: some of it before the work is done, some of it after. */
export type Misbehaviour =
  | 'refuses connections'
  | 'answers 500'
  | 'says 429'
  | 'dies after the work'
  | 'answers 500 after the work'
  // As Stripe does: whatever a key was answered first, it is answered again.
  | 'answers 500 to a key for good'
  | 'never answers after the work'

export interface Asked {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export interface Answered {
  readonly status: number
  readonly body: unknown
  /** Its key was answered so before. */
  readonly isAgain?: boolean
}

export interface ProviderServer {
  readonly url: string
  /** `METHOD path`, of all that was asked. */
  readonly asked: readonly string[]
  /** The next `times` requests whose `METHOD path` matches are treated so. */
  misbehave(request: RegExp, how: Misbehaviour, times?: number): void
  /** From now on `mood` says of each request what becomes of it; null: it is answered. */
  behave(mood: (request: string) => Misbehaviour | null): void
  close(): Promise<void>
}

interface Trap {
  readonly request: RegExp
  readonly how: Misbehaviour
  left: number
}

/** A server that does a provider's work, keeps its idempotency keys, and can be told to misbehave. */
export async function startProviderServer(
  keyHeader: string,
  work: (asked: Asked) => Answered,
  errorBody: (status: number) => unknown,
): Promise<ProviderServer> {
  const asked: string[] = []
  const traps: Trap[] = []
  const known = new Map<string, { readonly asked: string; readonly answered: Answered }>()
  let moodOf: (request: string) => Misbehaviour | null = () => null

  function once(request: Asked): Answered {
    const key = request.headers[keyHeader]
    if (typeof key !== 'string' || request.method !== 'POST') return work(request)
    const what = `${request.path} ${request.body}`
    const earlier = known.get(key)
    if (earlier && earlier.asked !== what) return { status: 400, body: errorBody(400) }
    if (earlier) return { ...earlier.answered, isAgain: true }
    const answered = work(request)
    if (answered.status < 400) known.set(key, { asked: what, answered })
    return answered
  }

  function keepFailure({ headers, path, body }: Asked, answered: Answered): void {
    const key = headers[keyHeader]
    if (typeof key === 'string') known.set(key, { asked: `${path} ${body}`, answered })
  }

  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const { method = '', url: path = '', headers } = request
      const name = `${method} ${path}`
      asked.push(name)
      const trap = traps.find((each) => each.left > 0 && each.request.test(name))
      if (trap) trap.left -= 1
      const how = trap?.how ?? moodOf(name)
      const failed = { status: 500, body: errorBody(500) }
      if (how === 'refuses connections') return request.socket.destroy()
      if (how === 'answers 500') return send(response, failed)
      if (how === 'says 429') return send(response, { status: 429, body: errorBody(429) })
      const answered = once({ method, path, headers, body })
      if (how === 'never answers after the work') return undefined
      if (how === 'dies after the work') return request.socket.destroy()
      if (how === 'answers 500 to a key for good') keepFailure({ method, path, headers, body }, failed)
      return send(response, how === null ? answered : failed)
    })
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    misbehave: (request, how, times = 1) => void traps.push({ request, how, left: times }),
    behave(mood) {
      moodOf = mood
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString()
}

function send(response: ServerResponse, { status, body, isAgain }: Answered): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    // No client waits before it tries again: tests have no time.
    'stripe-should-retry': 'false',
    ...(isAgain && { 'idempotent-replayed': 'true' }),
  })
  response.end(body === null ? undefined : JSON.stringify(body))
}

/** A provider's webhook, as it is posted. */
export interface PostedWebhook {
  readonly headers: Readonly<Record<string, string>>
  readonly payload: string
}

/** A provider that is not there: what the tests of all providers need of it, whatever language it speaks. */
export interface ProviderDouble {
  readonly server: ProviderServer
  /** What begins, reads, captures, cancels, refunds, and lists the statement, as `METHOD path`. */
  readonly requests: Readonly<Record<'begin' | 'read' | 'capture' | 'cancel' | 'refund' | 'statement', RegExp>>
  /** Its account of the house: every movement above has left its line there, with its fee. */
  readonly statement: DoubleStatement
  /** The payer pays, on the page of a payment; `amountMinor`: what the provider makes of the sum. */
  pay(paymentId: string, amountMinor?: number): void
  /** The page has run out. */
  expirePage(paymentId: string): void
  /** The bank lets an authorisation lapse. */
  lapse(paymentId: string): void
  /** Somebody gives money back in the provider's own pages. */
  refundThere(paymentId: string, amountMinor: number): void
  /** Our refunds of a payment come back. */
  failRefunds(paymentId: string): void
  /** The payer disputes it, or the dispute ends. */
  dispute(paymentId: string, state: 'open' | 'won' | 'lost'): void
  /** Webhooks of all that happened since the last call, in order. */
  webhooks(): PostedWebhook[]
  /** Our ids of all that was ever begun here. */
  payments(): readonly string[]
  /** What it has of a payment, on all of its pages: minor units. `pages`: how often it was begun. */
  truth(paymentId: string): {
    readonly state: string
    readonly captured: number
    readonly refunded: number
    readonly pages: number
  }
}
