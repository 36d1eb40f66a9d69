import { performance } from 'node:perf_hooks'
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { refuse } from '../platform/refusal.ts'
import { problemDocument, problemMediaType } from './problem.ts'

const windowMs = 100
/** So many hear at once that they are turned away, in each tenth of a second. */
const atOncePerWindow = 100
/** So long do the others wait for that word. */
const pauseMs = 1000
const roundMs = 10
/** So many hear it in one round, some 20 ms of work: with more of them those who are served would wait. */
const mostPerRound = 1000

/** Whoever is turned away, and when they hear of it: the first of a crowd at once, the rest after a pause, in turn. */
export class Pacer<Person> {
  #windowEndsMs = 0
  #atOnce = 0
  #waiting: { readonly person: Person; readonly dueMs: number }[] = []
  #next = 0

  get isEmpty(): boolean {
    return this.#next === this.#waiting.length
  }

  /** Whether they hear it now; otherwise they are among those of a later round. */
  hearsAtOnce(person: Person, nowMs: number): boolean {
    if (nowMs >= this.#windowEndsMs) {
      this.#windowEndsMs = nowMs + windowMs
      this.#atOnce = 0
    }
    this.#atOnce += 1
    if (this.#atOnce <= atOncePerWindow) return true
    this.#waiting.push({ person, dueMs: nowMs + pauseMs })
    return false
  }

  /** Whose turn has come. */
  round(nowMs: number): Person[] {
    const begin = this.#next
    while (this.#next - begin < mostPerRound) {
      const first = this.#waiting[this.#next]
      if (!first || first.dueMs > nowMs) break
      this.#next += 1
    }
    const turn = this.#waiting.slice(begin, this.#next).map(({ person }) => person)
    // Those who have heard are let go of many at a time.
    if (this.isEmpty || this.#next > mostPerRound * 10) {
      this.#waiting = this.#waiting.slice(this.#next)
      this.#next = 0
    }
    return turn
  }
}

/**
 * Tells people that there is too much to do. Where all of a crowd hear it at once and ask again, a server does little but tell
 * them: a connection that waits for its answer asks for nothing meanwhile.
 */
export function pacedRefusals(
  headersFor: (request: IncomingMessage) => OutgoingHttpHeaders,
): (request: IncomingMessage, response: ServerResponse) => void {
  const pacer = new Pacer<() => void>()
  const waiting = new WeakSet<object>()
  let timer: NodeJS.Timeout | undefined
  const round = () => {
    for (const tell of pacer.round(performance.now())) tell()
    if (!pacer.isEmpty) return
    clearInterval(timer)
    timer = undefined
  }
  return (request, response) => {
    const { socket } = request
    // What it sends on is read and thrown away, so that the connection can be used again.
    request.resume()
    const tell = () => {
      waiting.delete(socket)
      if (!response.destroyed) refuseByHand(request, response, headersFor(request))
    }
    // A connection waits once. What it sends behind that is answered in its order: Node stops reading where too much is ready.
    if (waiting.has(socket) || pacer.hearsAtOnce(tell, performance.now())) {
      refuseByHand(request, response, headersFor(request))
      return
    }
    waiting.add(socket)
    timer ??= setInterval(round, roundMs)
  }
}

const overloaded = refuse('overloaded', undefined, { retryAfterSeconds: 2 })

function refuseByHand(request: IncomingMessage, response: ServerResponse, headers: OutgoingHttpHeaders): void {
  const body = JSON.stringify(problemDocument(overloaded, request.url ?? '/'))
  response.writeHead(overloaded.status, {
    ...headers,
    'content-type': problemMediaType,
    'content-length': Buffer.byteLength(body),
    'retry-after': String(overloaded.retryAfterSeconds),
  })
  response.end(body)
}
