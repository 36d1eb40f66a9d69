import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { freshDatabase, onBothEngines, startAppOn } from '../testing/harness.ts'
import { startPostgresServer } from '../testing/postgres-server.ts'
import { startServerProcess } from '../testing/server-process.ts'
import { makeShowtime } from '../testing/showtimes.ts'

interface Line {
  readonly socket: Socket
  /** All that was heard, when the connection has ended. */
  readonly heard: Promise<string>
  /** Answers when this has been heard. */
  hears(part: string): Promise<void>
}

/** A raw connection, so that a request can be sent in halves. */
async function dial(url: string): Promise<Line> {
  const { port, hostname } = new URL(url)
  const socket = connect(Number(port), hostname)
  let text = ''
  socket.on('data', (chunk) => (text += chunk.toString()))
  const heard = new Promise<string>((resolve) => {
    socket.on('error', () => resolve(text))
    socket.on('close', () => resolve(text))
  })
  await new Promise((resolve) => socket.once('connect', resolve))
  return {
    socket,
    heard,
    async hears(part) {
      while (!text.includes(part)) await new Promise((resolve) => socket.once('data', resolve))
    },
  }
}

function holdRequest(showtimeId: string, seats: readonly string[]): { readonly head: string; readonly body: string } {
  const body = JSON.stringify({ seats })
  const lines = [
    `POST /api/v1/showtimes/${showtimeId}/holds HTTP/1.1`,
    'Host: localhost',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
  ]
  return { head: `${lines.join('\r\n')}\r\n\r\n`, body }
}

/** A request whose body never comes. */
async function sendHalf(url: string): Promise<void> {
  const { head } = holdRequest('sho_none', ['A1'])
  const { socket } = await dial(url)
  socket.write(head.replace('showtimes/sho_none/holds', 'auth/login'))
}

onBothEngines('a server that is told to stop', (engine) => {
  it('lets running requests finish, takes no new ones and exits 0 within ten seconds', async () => {
    const { location, drop } = await freshDatabase(engine)
    const local = await startAppOn(location)
    const { showtimeId } = await makeShowtime(local, { startsInMs: Date.now() - local.clock.now() + 3600_000 })
    await local.close()
    const server = startServerProcess(location)
    const url = await server.url
    const { head, body } = holdRequest(showtimeId, ['A1'])
    const running = await dial(url)
    running.socket.write(head + body.slice(0, 5))
    const idle = await dial(url)
    const watching = await dial(url)
    watching.socket.write(`GET /api/v1/showtimes/${showtimeId}/seats/events HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    await watching.hears('event: snapshot')
    // One that never sends the rest does not keep the others waiting for ever.
    if (engine === 'sqlite') await sendHalf(url)
    // What was sent before this answer came has been read.
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    const toldAt = performance.now()
    server.child.kill('SIGTERM')
    await refusedSoon(url)
    // A stream's connection ends at once, whatever else is still running.
    await watching.heard
    running.socket.write(body.slice(5))
    const answer = await running.heard
    expect(answer).toContain('HTTP/1.1 201')
    expect(answer.toLowerCase()).toContain('connection: close')
    await idle.heard
    const { code } = await server.ended
    expect(code).toBe(0)
    expect(performance.now() - toldAt).toBeLessThan(10_000)
    const after = await startAppOn(location)
    expect(await after.database.read.selectFrom('holds').select('seats').execute()).toEqual([{ seats: '["A1"]' }])
    await after.close()
    await drop()
  })
})

/** Asks until a new request is refused: with 503 `draining`, or because nobody listens any more. */
async function refusedSoon(url: string): Promise<void> {
  for (;;) {
    const answer = await fetch(`${url}/api/v1/genres`).catch(() => null)
    if (answer === null) return
    if (answer.status === 503) {
      expect((await answer.json()).code).toBe('draining')
      expect(answer.headers.get('retry-after')).not.toBeNull()
      return
    }
    expect(answer.status).toBe(200)
  }
}

describe('a server', () => {
  it('ends at once when it is told a second time', async () => {
    const { location, drop } = await freshDatabase('sqlite')
    const server = startServerProcess(location)
    const url = await server.url
    await sendHalf(url)
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    server.child.kill('SIGTERM')
    await refusedSoon(url)
    const toldAt = performance.now()
    server.child.kill('SIGTERM')
    expect((await server.ended).code).toBe(1)
    expect(performance.now() - toldAt).toBeLessThan(1000)
    await drop()
  })

  it('refuses a file that another server uses, and a port that is taken, and says what to do', async () => {
    const { location, drop } = await freshDatabase('sqlite')
    const other = await freshDatabase('sqlite')
    const first = startServerProcess(location)
    const url = await first.url
    const second = await startServerProcess(location).ended
    expect(second.code).toBe(1)
    expect(second.errors).toContain('Another server is using this database file')
    const port = Number(new URL(url).port)
    const third = await startServerProcess(other.location, { port }).ended
    expect(third.code).toBe(1)
    expect(third.errors).toContain(String(port))
    expect(third.errors).toContain('--port')
    expect(third.errors.trim().split('\n')).toHaveLength(1)
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    first.child.kill('SIGTERM')
    expect((await first.ended).code).toBe(0)
    await drop()
    await other.drop()
  })

  it('refuses a PostgreSQL that may forget what it acknowledged, and names the settings', async () => {
    const postgres = await startPostgresServer(undefined, { fsync: 'off', full_page_writes: 'off' })
    try {
      const location = { engine: 'postgres', url: postgres.url } as const
      const { code, errors } = await startServerProcess(location, { environment: { ALLOW_FORGETFUL_DATABASE: 'off' } })
        .ended
      expect(code).toBe(1)
      expect(errors.trim().replaceAll(/\n */g, ' ')).toBe(
        'matinee: This PostgreSQL has fsync = off, full_page_writes = off: a power cut may lose bookings that were acknowledged. Turn that on, or, for a trial, set ALLOW_FORGETFUL_DATABASE=on.',
      )
    } finally {
      await postgres.stop()
    }
  })

  it('starts again on the same file right after it was killed, and when nobody reads its log', async () => {
    const { location, drop } = await freshDatabase('sqlite')
    const first = startServerProcess(location)
    await first.url
    first.child.kill('SIGKILL')
    await first.ended
    const again = startServerProcess(location)
    const url = await again.url
    again.child.stdout?.destroy()
    again.child.stderr?.destroy()
    for (let count = 0; count < 20; count += 1) {
      expect((await fetch(`${url}/api/v1/genres`)).status).toBe(200)
    }
    again.child.kill('SIGTERM')
    const code = await new Promise((resolve) => again.child.once('exit', resolve))
    expect(code).toBe(0)
    await drop()
  })
})
