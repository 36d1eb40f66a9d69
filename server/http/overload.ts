import { performance } from 'node:perf_hooks'
import type { IncomingMessage, OutgoingHttpHeaders, Server } from 'node:http'
import { pacedRefusals } from './turn-away.ts'

/** Tells whether this process has more to do than it can. */
export interface LoadGuard {
  /** Whoever came now would wait too long. */
  readonly isOverloaded: () => boolean
  /** A request was let in. */
  began(): void
  /** It has its answer; `served`: one that says what came of it, and not "another time". */
  ended(served: boolean): void
  /** From when on it watches: before, nobody is waiting. */
  start(): void
  stop(): void
}

const sampleMs = 100

/** Nobody is let in who would wait longer than this for those before, seconds. */
const longestWaitSeconds = 0.25
/** Requests a second that a process is believed to serve until it was seen. */
const believedAtFirst = 2000
/** So many may always be under way, however slow it is: a thousand who come at once for one hall are let in whole. */
const fewest = 1000
/** How much of what is believed one sample changes. */
const weight = 0.3
/** An event loop that is at work for this share of its time has as much to do as it can. */
const busyShare = 0.9

/**
 * How many requests may be under way: as many as are served in a quarter of a second less what they have waited outside already,
 * so that whoever is let in has an answer soon. What can be served is learned while there is enough to do; an idle house
 * has learned nothing new.
 */
export class Room {
  #perSecond = believedAtFirst
  /** How late the event loop is: so long does a request wait before it is even read, seconds. */
  #late = 0
  #underWay = 0
  #served = 0

  get limit(): number {
    return Math.max(fewest, Math.round(this.#perSecond * (longestWaitSeconds - this.#late)))
  }

  get isFull(): boolean {
    return this.#underWay >= this.limit
  }

  began(): void {
    this.#underWay += 1
  }

  ended(served: boolean): void {
    this.#underWay -= 1
    if (served) this.#served += 1
  }

  /** Notes the time that has passed since the last sample, how much of it the event loop was at work, and how late it is. */
  sample(seconds: number, busy = 0, lateSeconds = 0): void {
    const perSecond = this.#served / seconds
    this.#served = 0
    this.#late += (lateSeconds - this.#late) * weight
    const hasEnoughToDo = busy >= busyShare || this.#underWay * 2 >= this.limit
    if (hasEnoughToDo) this.#perSecond += (perSecond - this.#perSecond) * weight
  }
}

/** Watches this process: how late its event loop is (everybody's answers are as late), and how many are waiting in it. */
export function watchLoad(): LoadGuard {
  const room = new Room()
  let timer: NodeJS.Timeout | undefined
  return {
    isOverloaded: () => room.isFull,
    began: () => room.began(),
    ended: (served) => room.ended(served),
    start() {
      let dueAt = performance.now() + sampleMs
      let before = performance.eventLoopUtilization()
      timer ??= setInterval(() => {
        const now = performance.now()
        const lateMs = now - dueAt
        const used = performance.eventLoopUtilization(before)
        before = performance.eventLoopUtilization()
        room.sample((lateMs + sampleMs) / 1000, used.utilization, lateMs / 1000)
        dueAt = now + sampleMs
      }, sampleMs).unref()
    },
    stop: () => clearInterval(timer),
  }
}

/** Probes and scrapers are told how it is whatever happens. */
const always = /^\/(healthz|metrics)(\?|$)/
/** Streams stay open for hours: they are nobody's work. By the path alone: a query that looks like one is no stream. */
const streams = /^[^?]*\/seats\/events(\?|$)/

/**
 * Turns requests away at the door of a server that has too much to do, before anything is made for them: a refusal that
 * costs as much as an answer is no relief.
 */
export function guardDoor(
  server: Server,
  guard: LoadGuard,
  headersFor: (request: IncomingMessage) => OutgoingHttpHeaders,
): void {
  const inside = server.listeners('request')
  const turnAway = pacedRefusals(headersFor)
  server.removeAllListeners('request')
  server.on('request', (request, response) => {
    const url = request.url ?? '/'
    if (!always.test(url)) {
      if (guard.isOverloaded()) {
        turnAway(request, response)
        return
      }
      if (!streams.test(url)) {
        guard.began()
        response.once('close', () => guard.ended(response.statusCode !== 503))
      }
    }
    for (const listener of inside) listener.call(server, request, response)
  })
}
