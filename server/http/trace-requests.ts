import type { FastifyInstance, FastifyRequest } from 'fastify'
import { parseTraceparent, withinTrace } from '../platform/trace-context.ts'
import type { Span, Tracer } from '../platform/tracing.ts'
import type { OperationLookup } from './measure.ts'

/**
 * A span for each request, part of the caller's trace where it sends a `traceparent`. It names the route, never the path's
 * query (keys of guests), nor who called. Lines of the log carry the trace's id.
 */
export function traceRequests(app: FastifyInstance, tracer: Tracer, operationOf: OperationLookup): void {
  const spans = new WeakMap<FastifyRequest, Span>()
  app.addHook('onRequest', async (request) => {
    const { traceparent } = request.headers
    const span = tracer.start(request.method, {
      kind: 'server',
      parent: typeof traceparent === 'string' ? traceparent : null,
      attributes: { 'http.request.method': request.method, 'url.scheme': request.protocol },
    })
    spans.set(request, span)
    const { traceId } = parseTraceparent(span.traceparent) ?? {}
    request.log = request.log.child({ traceId })
  })
  // By callback: what is run inside of it is the rest of the request.
  app.addHook('preHandler', (request, _reply, done) => {
    const span = spans.get(request)
    if (span) withinTrace(span.traceparent, done)
    else done()
  })
  app.addHook('onResponse', async (request, reply) => {
    const span = spans.get(request)
    if (!span) return
    const route = request.routeOptions.url ?? 'unknown'
    const operation = operationOf(request.method, route)
    span.name = `${request.method} ${route}`
    span.set('http.route', route)
    span.set('http.response.status_code', reply.statusCode)
    span.set('matinee.request_id', request.id)
    if (operation !== undefined) span.set('matinee.operation', operation)
    if (reply.statusCode >= 500) span.fail(`status ${reply.statusCode}`)
    span.end()
  })
}
