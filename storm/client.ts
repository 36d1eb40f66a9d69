import { setTimeout as pause } from 'node:timers/promises'

/** One request, exactly as it is sent again when nobody knows what became of it. */
export interface Sent {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly body?: object
  /** A guest's key to a hold or a booking. */
  readonly accessToken?: string
  /** Somebody who is signed in. */
  readonly bearer?: string
  readonly key?: string
}

/** A complete answer that settles a request. */
export interface Heard {
  readonly status: number
  readonly text: string
  readonly body: Record<string, unknown>
  readonly replayed: boolean
}

/** What clients met on their way to an answer, counted. */
export interface Met {
  /** Connections that ended, or never came to be, before there was an answer. */
  unanswered: number
  /** 503 and 507 with `Retry-After`, by code: nothing is wrong, but not now. */
  readonly turnedAway: Map<string, number>
  /** Any other 5xx, by status and code: there should be none. */
  readonly serverErrors: Map<string, number>
}

export interface Client {
  readonly met: Met
  /** Null is the unknown: a broken connection, or "try again with the same key". */
  send(request: Sent): Promise<Heard | null>
  /** Sends, with the same key, until somebody answers. Throws when nobody has for too long, or all is over. */
  settle(request: Sent): Promise<Heard>
  /** From now on nobody waits for an answer any more. */
  giveUp(): void
}

/** What hears nothing for so long is an unknown. */
const answerPatienceMs = 30_000

const firstPauseMs = 20

export interface ClientWish {
  /** How long somebody asks until nobody has answered, milliseconds of `clockMs`. */
  readonly patienceMs?: number
  /** The time in which somebody could have answered, milliseconds: where a server is killed, without the time it was away. */
  readonly clockMs?: () => number
  /** The longest pause before it is asked again, milliseconds: many who wait for a server that starts are in its way. */
  readonly longestPauseMs?: number
}

/** A client over real HTTP; `url` is where the server is at the moment. */
export function createClient(
  url: () => string,
  { patienceMs = 90_000, clockMs = () => performance.now(), longestPauseMs = 500 }: ClientWish = {},
): Client {
  let isOver = false
  const met: Met = { unanswered: 0, turnedAway: new Map(), serverErrors: new Map() }

  /** An answer; `unknown`; or `later`: it was told when to come back, and has waited for that. */
  async function attempt(request: Sent): Promise<Heard | 'unknown' | 'later'> {
    let answer: Response
    let text: string
    try {
      answer = await fetch(`${url()}/api/v1${request.path}`, initOf(request))
      text = await answer.text()
    } catch {
      met.unanswered += 1
      return 'unknown'
    }
    const body = bodyOf(text)
    if (answer.status >= 500) {
      const name = `${answer.status} ${String(body['code'])}`
      const isForNow = [503, 507].includes(answer.status) && answer.headers.has('retry-after')
      count(isForNow ? met.turnedAway : met.serverErrors, name)
      // Where there is too much to do one comes back when one was told to, and not all at once.
      if (body['code'] === 'overloaded') {
        await pause(Number(answer.headers.get('retry-after')) * 1000 * (0.5 + Math.random()))
        return 'later'
      }
      return 'unknown'
    }
    // The first of two clicks is still being worked on.
    if (body['code'] === 'idempotency_in_progress') return 'unknown'
    return { status: answer.status, text, body, replayed: answer.headers.get('idempotency-replayed') === 'true' }
  }

  return {
    met,
    async send(request) {
      const heard = await attempt(request)
      return typeof heard === 'object' ? heard : null
    },
    async settle(request) {
      const until = clockMs() + patienceMs
      for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
        const heard = await attempt(request)
        if (typeof heard === 'object') return heard
        if (isOver || clockMs() > until) throw new Error(`Nobody answered ${request.method} ${request.path}`)
        // Whoever comes back when it was told to waits no longer than that: who is let in is a lottery, and each turn counts.
        if (heard === 'later') pauseMs = firstPauseMs
        else await pause(pauseMs)
      }
    },
    giveUp() {
      isOver = true
    },
  }
}

function initOf({ method, body, accessToken, bearer, key }: Sent): RequestInit {
  return {
    method,
    signal: AbortSignal.timeout(answerPatienceMs),
    headers: {
      ...(body && { 'content-type': 'application/json' }),
      ...(accessToken !== undefined && { 'x-access-token': accessToken }),
      ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
      ...(key !== undefined && { 'idempotency-key': key }),
    },
    ...(body && { body: JSON.stringify(body) }),
  }
}

function bodyOf(text: string): Record<string, unknown> {
  return text.startsWith('{') ? JSON.parse(text) : {}
}

/** Adds one to what is counted under a name. */
export function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
