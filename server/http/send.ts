import type { FastifyReply } from 'fastify'
import type { Refusal } from '../platform/refusal.ts'
import { problemDocument, problemMediaType } from './problem.ts'
import { noteFor } from './notes.ts'

/** Answers a refusal as a problem document. */
export function sendRefusal(reply: FastifyReply, refusal: Refusal, url: string): FastifyReply {
  if (refusal.status < 500) {
    noteFor(reply.request, { code: refusal.code, ...(refusal.about !== null && { userId: refusal.about }) })
  }
  if (refusal.retryAfterSeconds !== undefined) void reply.header('retry-after', String(refusal.retryAfterSeconds))
  if (refusal.status === 401) void reply.header('www-authenticate', 'Bearer realm="matinee"')
  return reply
    .code(refusal.status)
    .header('content-type', problemMediaType)
    .header('cache-control', 'no-store')
    .send(JSON.stringify(problemDocument(refusal, url)))
}
