import type { Role } from '../../contract/operation.ts'
import type { AccessClaims } from './access-tokens.ts'

/**
 * What ends or changes access tokens that are still in their time. Kept in the database until no token from before can
 * live, and read by every server.
 */
export interface Revocation {
  readonly id: string
  readonly createdAt: number
  /** When nothing is left that it could end. */
  readonly expiresAt: number
  readonly userId: string
  /** This session has ended. */
  readonly sessionId: string | null
  /** Tokens of an earlier generation have ended. */
  readonly generation: number | null
  /** The account has this role now, whatever its tokens say. */
  readonly role: Role | null
}

/** The tokens that no longer hold, in memory, fed by the database. Time is an argument. */
export interface RevocationFeed {
  /**
   * The claims as they are now (a raised role counts at once), or null when the token has ended.
   * It answers from memory while the feed is younger than two seconds; after that it asks the database first, and fails
   * with it: nobody is let in on the word of an old list.
   */
  judge(claims: AccessClaims, nowMs: number): AccessClaims | null | Promise<AccessClaims | null>
  /** What this server itself has just committed: known here at once. */
  apply(revocation: Revocation): void
}

/** Milliseconds after which the feed is read again in the background. */
const refreshAfterMs = 1000
/** Milliseconds after which memory is not believed. */
const staleAfterMs = 2000
/** Rows are read again for so long: a commit on another server may show up later than one with a later time. */
const overlapMs = 30_000

/** `load` answers the revocations made at or after a time that have not expired. */
export function createRevocationFeed(
  load: (sinceMs: number, nowMs: number) => Promise<readonly Revocation[]>,
): RevocationFeed {
  const sessions = new Map<string, number>()
  const generations = new Map<string, { generation: number; expiresAt: number }>()
  const roles = new Map<string, { role: Role; createdAt: number; id: string; expiresAt: number }>()
  let readAtMs = Number.NEGATIVE_INFINITY
  let reading: Promise<void> | null = null

  function apply({ id, userId, sessionId, generation, role, createdAt, expiresAt }: Revocation): void {
    if (sessionId !== null) sessions.set(sessionId, expiresAt)
    if (generation !== null && generation > (generations.get(userId)?.generation ?? -1)) {
      generations.set(userId, { generation, expiresAt })
    }
    const known = roles.get(userId)
    const newer = !known || createdAt > known.createdAt || (createdAt === known.createdAt && id >= known.id)
    if (role !== null && newer) roles.set(userId, { role, createdAt, id, expiresAt })
  }

  function forget(nowMs: number): void {
    for (const [sessionId, expiresAt] of sessions) if (expiresAt <= nowMs) sessions.delete(sessionId)
    for (const [userId, { expiresAt }] of generations) if (expiresAt <= nowMs) generations.delete(userId)
    for (const [userId, { expiresAt }] of roles) if (expiresAt <= nowMs) roles.delete(userId)
  }

  async function read(nowMs: number): Promise<void> {
    for (const revocation of await load(readAtMs - overlapMs, nowMs)) apply(revocation)
    forget(nowMs)
    readAtMs = nowMs
  }

  function refresh(nowMs: number): Promise<void> {
    reading ??= read(nowMs).finally(() => {
      reading = null
    })
    return reading
  }

  function judgeNow(claims: AccessClaims): AccessClaims | null {
    if (sessions.has(claims.sessionId)) return null
    if (claims.generation < (generations.get(claims.userId)?.generation ?? 0)) return null
    const role = roles.get(claims.userId)?.role
    return role === undefined || role === claims.role ? claims : { ...claims, role }
  }

  async function judgeAfterReading(claims: AccessClaims, nowMs: number): Promise<AccessClaims | null> {
    // One that began earlier may have missed what was committed since.
    if (reading) await reading.catch(() => undefined)
    if (nowMs - readAtMs > staleAfterMs) await refresh(nowMs)
    return judgeNow(claims)
  }

  return {
    apply,
    judge(claims, nowMs) {
      const age = nowMs - readAtMs
      if (age > staleAfterMs) return judgeAfterReading(claims, nowMs)
      // A failed reading shows as age: two seconds later the answer waits for the database.
      if (age >= refreshAfterMs) refresh(nowMs).catch(() => undefined)
      return judgeNow(claims)
    },
  }
}
