import { errorCodes } from 'fastify'
import type { FastifyInstance, FastifyReply } from 'fastify'

/** So long may a request take, seconds. Then it is answered that it took too long, whatever still goes on. */
export const longestSeconds = 15

declare module 'fastify' {
  interface FastifyRequest {
    /** Where `Deadlines` keeps it. */
    place: number
  }
}

/**
 * The requests under way, and one timer for all of them. Fastify's own `handlerTimeout` makes a timer and an `AbortController` for each,
 * and ends each with an error and its stack. They stand in places that are used again and again: kept in a `Map` they made
 * work for the collector of garbage (record 0017).
 */
export class Deadlines {
  readonly #replies: (FastifyReply | null)[] = []
  /** In which second each of them began. */
  readonly #since: number[] = []
  readonly #free: number[] = []
  #seconds = 0

  began(reply: FastifyReply): void {
    const place = this.#free.pop() ?? this.#replies.length
    this.#replies[place] = reply
    this.#since[place] = this.#seconds
    reply.request.place = place
  }

  ended(reply: FastifyReply): void {
    const { place } = reply.request
    // It was given up, and its place may be another's by now; or it is of a route that is patient.
    if (this.#replies[place] !== reply) return
    this.#replies[place] = null
    this.#free.push(place)
  }

  /** A second has passed. */
  tick(): void {
    this.#seconds += 1
    for (const [place, reply] of this.#replies.entries()) {
      // Whoever began just before a tick has the whole time, too.
      if (!reply || this.#seconds - (this.#since[place] ?? 0) <= longestSeconds) continue
      this.ended(reply)
      giveUp(reply)
    }
  }
}

/** Watches every request of a server, but for those of routes that are `patient`. */
export function answerInTime(app: FastifyInstance, deadlines: Deadlines = new Deadlines()): void {
  app.decorateRequest('place', -1)
  app.addHook('onRequest', (request, reply, done) => {
    if (!request.routeOptions.config.patient) deadlines.began(reply)
    done()
  })
  app.addHook('onResponse', (_request, reply, done) => {
    deadlines.ended(reply)
    done()
  })
  const timer = setInterval(() => deadlines.tick(), 1000).unref()
  app.addHook('onClose', async () => clearInterval(timer))
}

function giveUp(reply: FastifyReply): void {
  if (reply.sent || reply.raw.destroyed) return
  // An answer that has begun cannot become another one.
  if (reply.raw.headersSent) reply.raw.destroy()
  else reply.send(new errorCodes.FST_ERR_HANDLER_TIMEOUT(longestSeconds * 1000, reply.request.url))
}
