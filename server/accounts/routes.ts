import * as security from '../../contract/account-security.ts'
import * as contract from '../../contract/accounts.ts'
import { readAccessKeys } from '../../contract/platform.ts'
import { Answer } from '../http/answer.ts'
import { signedIn } from '../http/caller.ts'
import type { Caller } from '../http/caller.ts'
import { readFetchSite } from '../http/context.ts'
import type { Approach } from '../http/request.ts'
import type { Routes } from '../http/routes.ts'
import { isRefusal, refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import type { Accounts } from './accounts.ts'
import { changePassword } from './change-password.ts'
import { closeAccount } from './close-account.ts'
import { endSession, logOut } from './end-session.ts'
import { exportAccount } from './export-account.ts'
import { listSessions } from './list-accounts.ts'
import { logIn } from './log-in.ts'
import { preferredLocale } from './model.ts'
import type { AccountParts } from './parts.ts'
import { maySeeSession } from './policy.ts'
import { presentSession, presentUser } from './present.ts'
import { refreshSession } from './refresh-session.ts'
import { register } from './register.ts'
import { requestPasswordReset, resetPassword } from './reset-password.ts'
import { addAdministrationRoutes } from './routes-administration.ts'
import { addSecondFactorRoutes } from './routes-second-factor.ts'
import { clearedSessionCookie, isSameOrigin, sessionCookie, sessionCookieName } from './session-cookie.ts'
import { findSession } from './sessions.ts'
import type { SessionRequest } from './sessions.ts'
import { issueAccessToken } from './sign-in.ts'
import type { SignIn } from './sign-in.ts'
import { findUsableAccount } from './store.ts'
import { updateProfile } from './update-profile.ts'
import { resendVerification, verifyEmail } from './verify-email.ts'

/** Everything under `/auth` and `/admin/users`. */
export function addAccountRoutes(routes: Routes, { parts }: Accounts, publicUrl: string | null): void {
  addSignInRoutes(routes, parts, publicUrl)
  addProfileRoutes(routes, parts)
  addSessionRoutes(routes, parts)
  addPasswordRoutes(routes, parts)
  addSecondFactorRoutes(routes, parts)
  addAdministrationRoutes(routes, parts)
}

/** `/.well-known/jwks.json`: with it anybody can check an access token. */
export function addKeyRoute(root: Routes, { parts }: Accounts): void {
  root.add(readAccessKeys, {
    handle: async () => new Answer({ keys: await parts.keys.publicKeys() }, { 'cache-control': 'public, max-age=300' }),
  })
}

function addSignInRoutes(routes: Routes, parts: AccountParts, publicUrl: string | null): void {
  routes.add(contract.register, {
    async handle(request) {
      const from = readOrigin(request, request.body.session, publicUrl)
      if (isRefusal(from)) return from
      const { email, password, name, role } = request.body
      const locale = preferredLocale(request.headers['accept-language'])
      return await answerSignIn(parts, await register(parts, { email, password, name, role, locale }, from))
    },
  })
  routes.add(contract.login, {
    async handle(request) {
      const from = readOrigin(request, request.body.session, publicUrl)
      if (isRefusal(from)) return from
      const signIn = await logIn(parts, request.body, from)
      if (!isRefusal(signIn)) {
        const { account, session } = signIn
        const how = account.totpConfirmedAt === null ? 'password' : 'password and code'
        request.log.info({ userId: account.id, sessionId: session.id, session: session.kind, how }, 'signed in')
        // The cookie of before is thrown away: nobody who has it is to go on with it.
        const { caller, headers } = request
        const isReplaced = session.kind === 'cookie' && headers.authorization === undefined
        if (isReplaced && caller.kind === 'account') await logOut(parts, caller.sessionId, undefined)
      }
      return await answerSignIn(parts, signIn)
    },
  })
  routes.add(contract.refresh, {
    async handle({ body }) {
      const refreshed = await refreshSession(parts, body.refreshToken)
      return isRefusal(refreshed) ? refreshed : secret(await presentTokens(parts, refreshed))
    },
  })
  routes.add(contract.logout, {
    async handle({ caller, body, headers }) {
      const refused = await logOut(parts, caller.kind === 'account' ? caller.sessionId : null, body.refreshToken)
      if (refused) return refused
      const { secureCookies } = parts.rules
      const byCookie = headers.cookie?.includes(`${sessionCookieName(secureCookies)}=`)
      return new Answer(undefined, byCookie ? { 'set-cookie': clearedSessionCookie(secureCookies) } : {})
    },
  })
}

/** How a new session is kept and where it comes from; a cookie is never set for a page of another site. */
function readOrigin(
  { headers, address }: Approach,
  kind: 'token' | 'cookie' | undefined,
  publicUrl: string | null,
): SessionRequest | Refusal<'forbidden'> {
  if (
    kind === 'cookie' &&
    headers.origin !== undefined &&
    !isSameOrigin({ origin: headers.origin, host: headers.host, fetchSite: readFetchSite(headers) }, publicUrl)
  ) {
    return refuse('forbidden', 'A session by cookie can only begin on this site.')
  }
  return { kind: kind ?? 'token', userAgent: headers['user-agent'], address }
}

function secret<Body>(body: Body, headers: Readonly<Record<string, string>> = {}): Answer<Body> {
  return new Answer(body, { 'cache-control': 'no-store', ...headers })
}

async function answerSignIn<Refused extends Refusal>(parts: AccountParts, signIn: SignIn | Refused) {
  if (isRefusal(signIn)) return signIn
  const { account, session } = signIn
  if (session.kind === 'token') return secret(await presentTokens(parts, signIn))
  const expiresIn = Math.ceil((session.expiresAt - parts.clock.now()) / 1000)
  const body = { user: presentUser(account), expiresIn, tokenType: 'Cookie' as const }
  return secret(body, { 'set-cookie': sessionCookie(parts.rules.secureCookies, session.secret, expiresIn) })
}

async function presentTokens(parts: AccountParts, { account, session }: SignIn) {
  return {
    user: presentUser(account),
    accessToken: await issueAccessToken(parts, account, session.id),
    refreshToken: session.secret,
    expiresIn: parts.rules.accessTokenSeconds,
    tokenType: 'Bearer' as const,
  }
}

function addProfileRoutes(routes: Routes, parts: AccountParts): void {
  routes.add(contract.getMe, {
    async handle({ caller }) {
      const account = await findUsableAccount(parts.database.read, signedIn(caller).userId)
      return account ? presentUser(account) : refuse('unauthenticated')
    },
  })
  routes.add(contract.updateMe, {
    async handle({ caller, body }) {
      const account = await updateProfile(parts, signedIn(caller), body)
      return isRefusal(account) ? account : presentUser(account)
    },
  })
  routes.add(contract.deleteMe, { handle: async ({ caller }) => await closeAccount(parts, signedIn(caller).userId) })
  routes.add(contract.exportMe, { handle: async ({ caller }) => await exportAccount(parts, signedIn(caller)) })
  routes.add(contract.verifyEmail, { handle: async ({ body }) => await verifyEmail(parts, body.token) })
  routes.add(contract.resendVerification, {
    handle: async ({ caller }) => await resendVerification(parts, signedIn(caller).userId),
  })
}

function addSessionRoutes(routes: Routes, parts: AccountParts): void {
  const { read } = parts.database
  routes.add(security.listSessions, {
    async handle({ caller, query, now }) {
      const { userId, role, sessionId } = signedIn(caller)
      return await listSessions(read, { userId, role, nowMs: now }, query, (session) =>
        presentSession(session, sessionId),
      )
    },
  })
  routes.add(security.deleteSession, {
    find: async ({ caller, params }) => await findOwnSession(parts, caller, params.id),
    async handle({ subject }) {
      await parts.database.write((tx) => endSession(tx, parts, subject))
      return undefined
    },
  })
}

async function findOwnSession(parts: AccountParts, caller: Caller, id: string) {
  const session = await findSession(parts.database.read, id)
  if (!session || session.endedAt !== null || !maySeeSession(signedIn(caller), session)) return refuse('not_found')
  return session
}

function addPasswordRoutes(routes: Routes, parts: AccountParts): void {
  routes.add(security.changePassword, {
    handle: async ({ caller, body }) => await answerSignIn(parts, await changePassword(parts, signedIn(caller), body)),
  })
  routes.add(security.forgotPassword, {
    async handle({ body }) {
      await requestPasswordReset(parts, body.email)
      return undefined
    },
  })
  routes.add(security.resetPassword, {
    handle: async ({ body }) => await resetPassword(parts, body.token, body.newPassword),
  })
}
