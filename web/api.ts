import { createClient, RefusedCall } from '../contract/client.ts'
import type { RefusalCode } from '../contract/refusals.ts'

/** The public API, on the page's own host. */
export const call = createClient('')

/** Why a call failed: a refusal's code, or `offline` when no answer came at all. */
export type FailureCode = RefusalCode | 'offline'

export function failureCode(error: unknown): FailureCode {
  return error instanceof RefusedCall ? error.problem.code : 'offline'
}

export function isRefused(error: unknown, ...codes: RefusalCode[]): error is RefusedCall {
  return error instanceof RefusedCall && codes.includes(error.problem.code)
}

const prefix = 'matinee.key.'

/**
 * The idempotency key of one intention: the same act with the same content keeps its key, over a second click, a lost
 * connection and a reload, until `forgetKey`.
 */
export function keyFor(act: string, content: unknown): string {
  const name = `${prefix}${act}:${JSON.stringify(content)}`
  const known = sessionStorage.getItem(name)
  if (known !== null) return known
  const key = crypto.randomUUID()
  sessionStorage.setItem(name, key)
  return key
}

/** The act is done: doing it again is a new one. */
export function forgetKey(act: string, content: unknown): void {
  sessionStorage.removeItem(`${prefix}${act}:${JSON.stringify(content)}`)
}
