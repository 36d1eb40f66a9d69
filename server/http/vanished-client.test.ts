import { expect, it } from 'vitest'
import type { IncomingMessage } from 'node:http'
import { listenOn } from '../testing/event-stream.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import { makeShowtime } from '../testing/showtimes.ts'

onBothEngines('a client that has gone before its request is looked at', (engine) => {
  it('has had no effect, and its key is free for its retry', async () => {
    const test = await startApp(engine)
    const { showtimeId } = await makeShowtime(test)
    const url = `${await listenOn(test)}/api/v1/showtimes/${showtimeId}/holds`
    const request = {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'once' },
      body: JSON.stringify({ seats: ['A1'] }),
    }
    const { server } = test.app.http
    // As a socket looks that was reset when all of the request had come.
    const leave = ({ socket }: IncomingMessage) => Object.defineProperty(socket, 'remoteAddress', { value: undefined })
    server.prependOnceListener('request', leave)
    expect((await fetch(url, { ...request, headers: { ...request.headers, connection: 'close' } })).status).toBe(400)
    const retried = await fetch(url, request)
    expect(retried.status).toBe(201)
    expect(retried.headers.get('idempotency-replayed')).toBeNull()
    const holds = await test.database.read.selectFrom('holds').select('address').execute()
    expect(holds).toEqual([{ address: '127.0.0.1' }])
  })
})
