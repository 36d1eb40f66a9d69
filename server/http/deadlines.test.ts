import { PassThrough } from 'node:stream'
import Fastify from 'fastify'
import type { FastifyReply } from 'fastify'
import { expect, test } from 'vitest'
import { answerInTime, Deadlines, longestSeconds } from './deadlines.ts'

/** A server with a route that never answers, and whose seconds pass when they are told to. */
async function slowServer() {
  const deadlines = new Deadlines()
  const app = Fastify()
  answerInTime(app, deadlines)
  // In an object: a reply is a promise itself, of its own end.
  const begun = Promise.withResolvers<{ readonly reply: FastifyReply }>()
  const never = async (_request: unknown, reply: FastifyReply) => {
    begun.resolve({ reply })
    return await new Promise(() => undefined)
  }
  app.get('/slow', never)
  app.get('/patient', { config: { patient: true } }, never)
  app.get('/begun', (_request, reply) => {
    const body = new PassThrough()
    void reply.send(body)
    body.write('so far')
    begun.resolve({ reply })
  })
  await app.ready()
  const pass = (seconds: number) => {
    for (let second = 0; second < seconds; second += 1) deadlines.tick()
  }
  return { app, begun: begun.promise, pass }
}

test('a request that takes too long is answered that it does, and not before its time', async () => {
  const { app, begun, pass } = await slowServer()
  const asked = app.inject('/slow')
  const { reply } = await begun
  pass(longestSeconds)
  expect(reply.sent).toBe(false)
  pass(1)
  const answer = await asked
  expect(answer.statusCode).toBe(503)
  expect(answer.json()).toMatchObject({ code: 'FST_ERR_HANDLER_TIMEOUT' })
  await app.close()
})

test('a route that is patient has no such time', async () => {
  const { app, begun, pass } = await slowServer()
  void app.inject('/patient').catch(() => undefined)
  const { reply } = await begun
  pass(longestSeconds * 100)
  expect(reply.sent).toBe(false)
})

test('an answer that has begun is cut off: it cannot become another one', async () => {
  const { app, begun, pass } = await slowServer()
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  const answer = await fetch(`${address}/begun`)
  await begun
  pass(longestSeconds + 1)
  await expect(answer.text()).rejects.toThrow('terminated')
  await app.close()
})
