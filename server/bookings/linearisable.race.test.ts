import { expect, it } from 'vitest'
import type { Engine } from '../database/database.ts'
import { guestCustomer } from '../testing/buying.ts'
import { crowd } from '../testing/crowd.ts'
import { listenOn } from '../testing/event-stream.ts'
import { onBothEngines, startApp, startAppOn } from '../testing/harness.ts'
import type { TestApp } from '../testing/harness.ts'
import { makeShowtime, plainLayout } from '../testing/showtimes.ts'
import { SimulatedClient } from '../testing/simulation/client.ts'
import type { Wish } from '../testing/simulation/client.ts'
import { judgeHistory } from '../testing/simulation/history.ts'
import type { Heard, Observed } from '../testing/simulation/history.ts'
import { createRandom } from '../testing/simulation/random.ts'
import type { Random } from '../testing/simulation/random.ts'
import { tell } from '../testing/tell.ts'

const environment = { MAX_HOLDS_PER_CLIENT: '0' }
const seats = ['A1', 'A2', 'A3', 'A4'] as const
const clients = 10
const wishes = 25

interface Answer {
  readonly id: string
  readonly token?: string
  readonly accessToken?: string
  readonly expiresAt?: string | null
  readonly code?: string
  readonly seats?: readonly unknown[]
}

/** The real servers as the clients of the simulation see them, over HTTP; some answers are not waited for. */
async function openMarket(engine: Engine) {
  const first = await startApp(engine, { environment })
  const servers =
    engine === 'postgres' ? [first, await startAppOn(first.location, { environment, clock: first.clock })] : [first]
  const made = await makeShowtime(first, { layout: plainLayout(1, 4) })
  const other = await makeShowtime(first, { layout: plainLayout(1, 4), beside: made })
  const urls = await Promise.all(servers.map((server) => listenOn(server)))
  const tokens = new Map<string, string>()

  async function send(random: Random, method: string, path: string, body: object | null, key: string, token?: string) {
    const signal = random.chance(0.05) ? AbortSignal.timeout(1 + random.below(5)) : null
    const answer = await fetch(`${random.pick([urls[0] ?? '', ...urls])}/api/v1${path}`, {
      method,
      signal,
      headers: {
        'idempotency-key': key,
        ...(body && { 'content-type': 'application/json' }),
        ...(token !== undefined && { 'x-access-token': token }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, body: (text === '' ? {} : JSON.parse(text)) as Answer }
  }

  /** What an operation comes to; null where nobody knows. */
  async function act({ ask, key }: Wish, random: Random): Promise<Heard | null> {
    const from = 'hold' in ask ? ask.hold : 'booking' in ask ? ask.booking : ''
    const post = (path: string, body: object, name = key) => send(random, 'POST', path, body, name, tokens.get(from))
    try {
      switch (ask.do) {
        case 'hold':
          return heard(await post(`/showtimes/${ask.showtime}/holds`, { seats: ask.seats }))
        case 'extend':
          return heard(await post(`/holds/${from}/extend`, {}))
        case 'release':
          return heard(await send(random, 'DELETE', `/holds/${from}`, null, key, tokens.get(from)), from)
        case 'book':
          return heard(await post('/bookings', { holdId: from, customer: guestCustomer }), '', tokens.get(from))
        case 'cancel':
          return heard(await post(`/bookings/${from}/cancel`, {}), from)
        case 'confirm': {
          const payment = await post('/payments', { bookingId: from, provider: 'test' }, `${key} begin`)
          if (payment.status !== 201) return heard(payment)
          return heard(await post(`/payments/${payment.body.id}/confirm`, {}), from)
        }
        default:
          return seen(await send(random, 'GET', `/showtimes/${ask.showtime}/seats`, null, key))
      }
    } catch {
      return null
    }
  }

  function heard({ status, body }: { status: number; body: Answer }, id = '', token?: string): Heard | null {
    expect(status, JSON.stringify(body)).toBeLessThan(500)
    if (body.code === 'idempotency_in_progress') return null
    if (status >= 400) {
      return { kind: 'refused', code: String(body.code), ...(body.seats && { seats: body.seats.map(String) }) }
    }
    const secret = body.token ?? body.accessToken ?? token
    if (secret !== undefined) tokens.set(body.id, secret)
    const until = id === '' && typeof body.expiresAt === 'string' ? Date.parse(body.expiresAt) : null
    return { kind: 'made', id: id === '' ? body.id : id, expiresAt: until }
  }
  return { first, act, market: { showtimes: [made.showtimeId, other.showtimeId] as const, seats } }
}

function seen({ body }: { body: Answer }): Heard {
  const list = (body.seats ?? []) as readonly {
    readonly id: string
    readonly status: 'available' | 'held' | 'booked'
  }[]
  return { kind: 'seen', statuses: Object.fromEntries(list.map(({ id, status }) => [id, status])) }
}

/** Everything in the order in which it was sent and heard, and what the clock said. */
function createDiary(test: TestApp) {
  const history: Observed[] = []
  const clock = [{ from: 0, nowMs: test.clock.now() }]
  let moment = 0
  return {
    history,
    begin(client: string, { ask, key }: Wish): Observed {
      moment += 1
      const entry: Observed = { client, ask, key, invokedAt: moment, returnedAt: Infinity, heard: null }
      history.push(entry)
      return entry
    },
    end(entry: Observed, what: Heard | null): void {
      moment += 1
      if (what) Object.assign(entry, { heard: what, returnedAt: moment })
    },
    move(milliseconds: number): void {
      test.clock.advance(milliseconds)
      moment += 1
      clock.push({ from: moment, nowMs: test.clock.now() })
    },
    clockBetween(from: number, to: number): [number, number] {
      const during = clock.filter((one, index) => one.from <= to && (clock[index + 1]?.from ?? Infinity) >= from)
      return [during[0]?.nowMs ?? 0, during.at(-1)?.nowMs ?? 0]
    },
  }
}

onBothEngines('what many clients see of the real servers at once', (engine) => {
  it('can be put into an order in which each seat is had by one at a time', { timeout: 120_000 }, async () => {
    const { first, act, market } = await openMarket(engine)
    const diary = createDiary(first)
    await crowd(clients, async (index) => {
      const random = createRandom(1000 + index)
      const client = new SimulatedClient(`c${index}`, random, market)
      for (let count = 0; count < wishes || client.isUncertain; count += 1) {
        if (random.chance(0.02)) diary.move(random.pick([1000, 299_000, 300_000]))
        const wish = client.next()
        const entry = diary.begin(client.name, wish)
        const what = await act(wish, random)
        diary.end(entry, what)
        if (what) client.hear(what)
      }
    })
    expect(judgeHistory(diary.history, (from, to) => diary.clockBetween(from, to))).toEqual([])
    const { history } = diary
    const made = history.filter((entry) => entry.heard?.kind === 'made').length
    const unknown = history.filter((entry) => entry.heard === null).length
    expect(made).toBeGreaterThan(10)
    tell(`linearisable [${engine}]: ${history.length} requests, ${made} done, ${unknown} unanswered`)
  })
})
