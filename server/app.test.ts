import { expect, it } from 'vitest'
import { readHealth, readOpenApi, readReadiness } from '../contract/platform.ts'
import { onBothEngines, startApp } from './testing/harness.ts'

onBothEngines('the platform', (engine) => {
  it('answers that it lives and is ready', async () => {
    const test = await startApp(engine)
    expect((await test.call(readHealth)).body).toEqual({ status: 'ok' })
    expect((await test.call(readReadiness)).body).toEqual({ status: 'ok' })
  })

  it('describes itself', async () => {
    const test = await startApp(engine)
    const { body } = await test.call(readOpenApi)
    expect(body).toMatchObject({ openapi: '3.1.0', paths: { '/healthz': { get: { operationId: 'readHealth' } } } })
    expect(body).toMatchObject({
      components: { schemas: { Movie: { type: 'object' }, Hold: { type: 'object' }, Problem: { type: 'object' } } },
    })
  })

  it('answers a problem document for what is not there, the wrong method and a broken address', async () => {
    const test = await startApp(engine)
    const missing = await test.inject({ url: '/api/v1/nothing?x=1' })
    expect(missing.statusCode).toBe(404)
    expect(missing.headers['content-type']).toContain('application/problem+json')
    expect(missing.json()).toMatchObject({ code: 'not_found', status: 404, instance: '/api/v1/nothing' })
    const wrong = await test.inject({ method: 'DELETE', url: '/healthz' })
    expect(wrong.statusCode).toBe(405)
    expect(wrong.headers['allow']).toBe('GET, HEAD, OPTIONS')
    expect(wrong.json()).toMatchObject({ code: 'method_not_allowed' })
    const broken = await test.inject({ url: '/api/v1/%E0%A4%A' })
    expect(broken.statusCode).toBe(400)
    expect(broken.json()).toMatchObject({ code: 'malformed_request' })
  })

  it('says while it drains that it takes no new work', async () => {
    const test = await startApp(engine)
    test.app.drain()
    const answer = await test.inject({ url: '/readyz' })
    expect(answer.statusCode).toBe(503)
    expect(answer.json()).toMatchObject({ code: 'draining' })
    expect((await test.inject({ url: '/healthz' })).statusCode).toBe(200)
  })
})
