import { describe, expect, it } from 'vitest'
import type { AccessClaims } from './access-tokens.ts'
import { createRevocationFeed } from './revocations.ts'
import type { Revocation } from './revocations.ts'

const claims: AccessClaims = {
  userId: 'usr_1',
  sessionId: 'ses_1',
  generation: 1,
  role: 'customer',
  issuedAtMs: 0,
  expiresAtMs: 900_000,
}
let made = 0
function revocation(what: Partial<Revocation>): Revocation {
  made += 1
  const id = String(made).padStart(6, '0')
  return {
    id,
    createdAt: 0,
    expiresAt: 900_000,
    userId: 'usr_1',
    sessionId: null,
    generation: null,
    role: null,
    ...what,
  }
}

/** A database that can be written to behind the feed's back, and that counts how often it is asked. */
function database() {
  const rows: Revocation[] = []
  const asked: number[] = []
  const state = { fails: false }
  const feed = createRevocationFeed(async (sinceMs, nowMs) => {
    asked.push(sinceMs)
    if (state.fails) throw new Error('the database is away')
    return rows.filter((row) => row.createdAt >= sinceMs && row.expiresAt > nowMs)
  })
  return { rows, asked, state, feed }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('the feed of revocations', () => {
  it('asks the database before it first answers, then answers from memory', async () => {
    const { feed, rows, asked } = database()
    rows.push(revocation({ sessionId: 'ses_2' }))
    expect(await feed.judge(claims, 0)).toEqual(claims)
    expect(feed.judge({ ...claims, sessionId: 'ses_2' }, 0)).toBeNull()
    expect(feed.judge(claims, 999)).toEqual(claims)
    expect(asked).toHaveLength(1)
  })

  it('ends a session, a generation, and nothing else', async () => {
    const { feed } = database()
    await feed.judge(claims, 0)
    feed.apply(revocation({ sessionId: 'ses_1' }))
    feed.apply(revocation({ userId: 'usr_2', generation: 4 }))
    expect(feed.judge(claims, 0)).toBeNull()
    expect(feed.judge({ ...claims, sessionId: 'ses_9' }, 0)).not.toBeNull()
    const other = { ...claims, userId: 'usr_2', sessionId: 'ses_9' }
    expect(feed.judge({ ...other, generation: 3 }, 0)).toBeNull()
    expect(feed.judge({ ...other, generation: 4 }, 0)).not.toBeNull()
  })

  it('lets a raised role count at once, the latest of several', async () => {
    const { feed } = database()
    await feed.judge(claims, 0)
    feed.apply(revocation({ role: 'admin', createdAt: 20 }))
    feed.apply(revocation({ role: 'staff', createdAt: 10 }))
    expect(feed.judge(claims, 30)).toMatchObject({ role: 'admin' })
    feed.apply(revocation({ role: 'owner', createdAt: 20 }))
    expect(feed.judge(claims, 30)).toMatchObject({ role: 'owner' })
  })

  it('hears of another server after a second, without making anybody wait', async () => {
    const { feed, rows } = database()
    await feed.judge(claims, 0)
    rows.push(revocation({ sessionId: 'ses_1', createdAt: 100 }))
    expect(feed.judge(claims, 1000)).toEqual(claims)
    await settled()
    expect(feed.judge(claims, 1001)).toBeNull()
  })

  it('asks first when it has heard nothing for two seconds, and lets nobody in when it gets no answer', async () => {
    const { feed, rows, state } = database()
    await feed.judge(claims, 0)
    rows.push(revocation({ sessionId: 'ses_1', createdAt: 100 }))
    expect(await feed.judge(claims, 2001)).toBeNull()
    state.fails = true
    await expect(feed.judge({ ...claims, sessionId: 'ses_2' }, 5000)).rejects.toThrow('away')
    state.fails = false
    expect(await feed.judge({ ...claims, sessionId: 'ses_2' }, 5000)).not.toBeNull()
  })

  it('reads half a minute twice, because commits do not appear in the order of their times', async () => {
    const { feed, rows, asked } = database()
    await feed.judge(claims, 100_000)
    rows.push(revocation({ sessionId: 'ses_1', createdAt: 80_000 }))
    expect(await feed.judge(claims, 103_000)).toBeNull()
    expect(asked).toEqual([Number.NEGATIVE_INFINITY, 70_000])
  })

  it('forgets what no living token can need', async () => {
    const { feed } = database()
    await feed.judge(claims, 0)
    feed.apply(revocation({ sessionId: 'ses_1', generation: 5, role: 'admin', expiresAt: 1000 }))
    expect(feed.judge(claims, 500)).toBeNull()
    expect(await feed.judge(claims, 5000)).toEqual(claims)
  })
})
