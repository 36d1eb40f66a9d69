import type { Credentials } from '../http/caller.ts'

/** The name of the session cookie. `__Host-` binds it to this host and to https; plain http is for the workshop alone. */
export function sessionCookieName(secure: boolean): string {
  return secure ? '__Host-matinee_session' : 'matinee_session'
}

/** `Set-Cookie` for a session: out of reach of scripts, and not sent along from other sites (RFC 6265bis). */
export function sessionCookie(secure: boolean, value: string, maxAgeSeconds: number): string {
  const attributes = ['Path=/', 'HttpOnly', 'SameSite=Lax', `Max-Age=${maxAgeSeconds}`]
  return [`${sessionCookieName(secure)}=${value}`, ...attributes, ...(secure ? ['Secure'] : [])].join('; ')
}

/** `Set-Cookie` that takes it away. */
export function clearedSessionCookie(secure: boolean): string {
  return sessionCookie(secure, '', 0)
}

/**
 * Whether a request was made by a page of this house: browsers say where a request that changes something comes from
 * (`Origin`, and `Sec-Fetch-Site` where they know it), and a page elsewhere cannot pretend otherwise.
 */
export function isSameOrigin(
  { origin, host, fetchSite }: Pick<Credentials, 'origin' | 'host' | 'fetchSite'>,
  publicUrl: string | null,
): boolean {
  if (fetchSite !== undefined && fetchSite !== 'same-origin') return false
  if (origin === undefined || !URL.canParse(origin)) return false
  const from = new URL(origin)
  if (publicUrl !== null && from.origin === new URL(publicUrl).origin) return true
  return host !== undefined && from.host === host.toLowerCase()
}

/** Requests that change nothing need no proof of where they come from. */
export function changesSomething(method: string): boolean {
  return !['GET', 'HEAD', 'OPTIONS'].includes(method)
}
