import { errorCodes } from 'fastify'
import type { FastifyInstance, FastifyReply } from 'fastify'

/** So long may a request take, seconds. Then it is answered that it took too long, whatever still goes on. */
export const longestSeconds = 15

/**
 * The requests under way, in the order in which they came, and one timer for all of them. Fastify's own `handlerTimeout` makes a timer
 * and an `AbortController` for each, and ends each with an error and its stack.
 */
export class Deadlines {
  readonly #underWay = new Map<FastifyReply, number>()
  #seconds = 0

  began(reply: FastifyReply): void {
    this.#underWay.set(reply, this.#seconds)
  }

  ended(reply: FastifyReply): void {
    this.#underWay.delete(reply)
  }

  /** A second has passed. */
  tick(): void {
    this.#seconds += 1
    for (const [reply, since] of this.#underWay) {
      // Whoever began just before a tick has the whole time, too.
      if (this.#seconds - since <= longestSeconds) return
      this.#underWay.delete(reply)
      giveUp(reply)
    }
  }
}

/** Watches every request of a server, but for those of routes that are `patient`. */
export function answerInTime(app: FastifyInstance, deadlines: Deadlines = new Deadlines()): void {
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
