import type { FastifyRequest } from 'fastify'
import type { RefusalCode } from '../../contract/refusals.ts'

/** What the log tells of a request that was refused, beside its status: ids alone. */
interface Note {
  readonly code?: RefusalCode
  /** Who was refused, or whose account it was about. */
  readonly userId?: string
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Null while nothing was refused. */
    note: Note | null
  }
}

/** What was noted first stays. */
export function noteFor(request: FastifyRequest, note: Note): void {
  request.note = { ...note, ...request.note }
}
