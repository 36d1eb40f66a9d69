import type { Role } from '../../contract/operation.ts'

/** How a session is kept: in tokens that the client holds, or in a cookie. */
export type SessionKind = 'token' | 'cookie'

/** What decides in which role somebody acts. `totpConfirmedAt` null: there is no second factor. */
interface Acting {
  readonly role: Role
  readonly totpConfirmedAt: number | null
}

/** What decides whether an account can be used at all. */
interface Standing {
  readonly bannedAt: number | null
  readonly deletedAt: number | null
}

interface SessionTimes {
  readonly kind: SessionKind
  readonly lastUsedAt: number
  readonly expiresAt: number
  readonly endedAt: number | null
}

const rank: Record<Role, number> = { customer: 0, staff: 1, owner: 2, admin: 3 }

/** Whether a change of role takes something away: tokens from before must end then. */
export function isDemotion(from: Role, to: Role): boolean {
  return rank[to] < rank[from]
}

/** Somebody of the house: shorter sessions, and a second factor where it is demanded. */
export function worksHere(role: Role): boolean {
  return role !== 'customer'
}

/**
 * The role an account acts in. Where the house demands a second factor, somebody of the house without one acts as a
 * customer: enough to turn it on, and nothing else.
 */
export function actingRole(account: Acting, factorRequired: boolean): Role {
  return factorRequired && worksHere(account.role) && account.totpConfirmedAt === null ? 'customer' : account.role
}

/** An email as it is compared: `Ada@Example.COM` is `ada@example.com`. */
export function foldEmail(email: string): string {
  return email.normalize('NFKC').toLowerCase()
}

/** Whether somebody may act for this account at all. */
export function isUsable(account: Standing): boolean {
  return account.bannedAt === null && account.deletedAt === null
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** For so long after signing in nobody has to show once more who they are. */
const freshMs = 5 * minuteMs
/** A refresh token that is not used for so long has lapsed, milliseconds. */
export const refreshTokenMs = 30 * dayMs
/** A session by token ends after this, however often it was refreshed. */
const tokenSessionMs = 90 * dayMs
/** A mailed link works for so long. Source: the wire contract. */
export const mailTokenMs = 30 * minuteMs

/** When a session that begins now ends at the latest. Source: the reliability notes, section 5 (cookies). */
export function sessionEnd(kind: SessionKind, role: Role, nowMs: number): number {
  if (kind === 'token') return nowMs + tokenSessionMs
  return nowMs + (worksHere(role) ? 12 * hourMs : 30 * dayMs)
}

/** Whether a session can still be used; one by cookie lapses when nobody uses it (12 hours; 30 minutes in the house). */
export function isLive(session: SessionTimes, role: Role, nowMs: number): boolean {
  if (session.endedAt !== null || session.expiresAt <= nowMs) return false
  if (session.kind === 'token') return true
  return nowMs - session.lastUsedAt <= (worksHere(role) ? 30 * minuteMs : 12 * hourMs)
}

/** Whether somebody signed in so lately that this session cannot have been left open, or carried away. */
export function isFresh(session: { readonly createdAt: number }, nowMs: number): boolean {
  return session.createdAt > nowMs - freshMs
}

const locales = ['en', 'de', 'fr', 'es']

/** The first language of an `Accept-Language` header in which we write mails, or null. */
export function preferredLocale(acceptLanguage: string | undefined): string | null {
  const wanted = (acceptLanguage ?? '').split(',').map((part) => part.trim().slice(0, 2).toLowerCase())
  return wanted.find((language) => locales.includes(language)) ?? null
}
