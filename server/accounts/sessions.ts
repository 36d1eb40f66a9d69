import type { Kysely, Selectable } from 'kysely'
import type { Transaction } from '../database/database.ts'
import type { RefreshTokenRow, SessionRow } from '../database/tables/accounts.ts'
import type { Tables } from '../database/tables/index.ts'
import { newId } from '../platform/ids.ts'
import { refreshTokenMs, sessionEnd } from './model.ts'
import type { SessionKind } from './model.ts'
import { hashToken, newSecretToken } from './secret-token.ts'
import type { Account } from './store.ts'

export type AccountSession = Selectable<SessionRow>

/** Where somebody signs in from, and how the session is to be kept. */
export interface SessionRequest {
  readonly kind: SessionKind
  readonly userAgent: string | undefined
  readonly address: string
}

/** A session that has just begun; `secret` is the refresh token or the cookie's value, and is stored only hashed. */
export interface NewSession {
  readonly id: string
  readonly kind: SessionKind
  readonly secret: string
  readonly expiresAt: number
}

const longestUserAgent = 300

export async function startSession(tx: Transaction, account: Account, request: SessionRequest): Promise<NewSession> {
  const { kind } = request
  const secret = newSecretToken()
  const session: AccountSession = {
    id: newId('session', tx.nowMs),
    userId: account.id,
    kind,
    secretHash: kind === 'cookie' ? hashToken(secret) : null,
    createdAt: tx.nowMs,
    lastUsedAt: tx.nowMs,
    expiresAt: sessionEnd(kind, account.role, tx.nowMs),
    endedAt: null,
    userAgent: request.userAgent?.slice(0, longestUserAgent) ?? null,
    address: request.address,
  }
  await tx.query.insertInto('sessions').values(session).execute()
  if (kind === 'token') await keepRefreshToken(tx, session, secret)
  return { id: session.id, kind, secret, expiresAt: session.expiresAt }
}

async function keepRefreshToken(
  tx: Transaction,
  session: Pick<AccountSession, 'id' | 'expiresAt'>,
  token: string,
): Promise<void> {
  const row: RefreshTokenRow = {
    hash: hashToken(token),
    sessionId: session.id,
    createdAt: tx.nowMs,
    expiresAt: Math.min(session.expiresAt, tx.nowMs + refreshTokenMs),
    usedAt: null,
  }
  await tx.query.insertInto('refreshTokens').values(row).execute()
}

/** The next refresh token of a session. */
export async function rotateRefreshToken(
  tx: Transaction,
  session: Pick<AccountSession, 'id' | 'expiresAt'>,
): Promise<string> {
  const token = newSecretToken()
  await keepRefreshToken(tx, session, token)
  await tx.query.updateTable('sessions').set({ lastUsedAt: tx.nowMs }).where('id', '=', session.id).execute()
  return token
}

/** Another secret for a session by cookie: the one from before opens nothing any more. */
export async function renewCookieSecret(tx: Transaction, sessionId: string): Promise<string> {
  const secret = newSecretToken()
  const change = { secretHash: hashToken(secret), lastUsedAt: tx.nowMs }
  await tx.query.updateTable('sessions').set(change).where('id', '=', sessionId).execute()
  return secret
}

/** Marks a refresh token as used; false when it was used before: one of several at once wins. */
export async function useRefreshToken(tx: Transaction, hash: string): Promise<boolean> {
  const { numUpdatedRows } = await tx.query
    .updateTable('refreshTokens')
    .set({ usedAt: tx.nowMs })
    .where('hash', '=', hash)
    .where('usedAt', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** The session's earlier refresh tokens open nothing any more; its next one does. */
export async function dropRefreshTokens(tx: Transaction, sessionId: string): Promise<void> {
  await tx.query.deleteFrom('refreshTokens').where('sessionId', '=', sessionId).execute()
}

export async function findRefreshToken(query: Kysely<Tables>, hash: string): Promise<RefreshTokenRow | undefined> {
  return await query.selectFrom('refreshTokens').selectAll().where('hash', '=', hash).executeTakeFirst()
}

export async function findSession(query: Kysely<Tables>, id: string): Promise<AccountSession | undefined> {
  return await query.selectFrom('sessions').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function findCookieSession(query: Kysely<Tables>, secret: string): Promise<AccountSession | undefined> {
  return await query.selectFrom('sessions').selectAll().where('secretHash', '=', hashToken(secret)).executeTakeFirst()
}

/** Ends one session; false when it had ended already. Its access tokens are the caller's to revoke. */
export async function endSessionRow(tx: Transaction, id: string): Promise<boolean> {
  const { numUpdatedRows } = await tx.query
    .updateTable('sessions')
    .set({ endedAt: tx.nowMs })
    .where('id', '=', id)
    .where('endedAt', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Ends every session of an account but one. */
export async function endSessionRows(tx: Transaction, userId: string, exceptId: string | null): Promise<void> {
  let ending = tx.query
    .updateTable('sessions')
    .set({ endedAt: tx.nowMs })
    .where('userId', '=', userId)
    .where('endedAt', 'is', null)
  if (exceptId !== null) ending = ending.where('id', '!=', exceptId)
  await ending.execute()
}

/** Notes that a session by cookie is in use. */
export async function touchSession(tx: Transaction, id: string): Promise<void> {
  await tx.query.updateTable('sessions').set({ lastUsedAt: tx.nowMs }).where('id', '=', id).execute()
}

/** Whether somebody signed in to this account from this address in the last 30 days. */
export async function signedInFrom(
  query: Kysely<Tables>,
  userId: string,
  address: string,
  nowMs: number,
): Promise<boolean> {
  const session = await query
    .selectFrom('sessions')
    .select('id')
    .where('userId', '=', userId)
    .where('address', '=', address)
    .where('lastUsedAt', '>', nowMs - refreshTokenMs)
    .executeTakeFirst()
  return session !== undefined
}

/** Every session of an account that is remembered, newest first. */
export async function listAllSessions(query: Kysely<Tables>, userId: string): Promise<AccountSession[]> {
  return await query.selectFrom('sessions').selectAll().where('userId', '=', userId).orderBy('id', 'desc').execute()
}
