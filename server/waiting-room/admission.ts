import type { IncomingHttpHeaders } from 'node:http'
import type { Secrets } from '../platform/secrets.ts'

/** Where an admission is sent. */
const admissionHeader = 'x-admission'
const purpose = 'admission'

/** An admission to a showtime until `endsAtMs`, for one account or guest: signed, so that nothing is looked up. */
export function signAdmission(secrets: Secrets, showtimeId: string, client: string, endsAtMs: number): string {
  const end = endsAtMs.toString(36)
  return `${end}.${secrets.sign(purpose, `${showtimeId}\n${client}\n${end}`)}`
}

/** Somebody with an admission, perhaps. */
export interface Bearer {
  readonly headers: IncomingHttpHeaders
  readonly client: string
  /** The guest's cookie: who joined as a guest and signed in meanwhile is still admitted. */
  readonly guest: string | null
}

/** Whether the request carries an admission to this showtime that is its sender's own and has not ended. */
export function isAdmitted(secrets: Secrets, showtimeId: string, bearer: Bearer, nowMs: number): boolean {
  const sent = bearer.headers[admissionHeader]
  if (typeof sent !== 'string') return false
  const [end = '', signature = '', ...rest] = sent.split('.')
  if (rest.length > 0 || !/^[\da-z]{1,9}$/.test(end) || Number.parseInt(end, 36) <= nowMs) return false
  return [bearer.client, bearer.guest].some(
    (client) => client !== null && secrets.verify(purpose, `${showtimeId}\n${client}\n${end}`, signature),
  )
}
