import type { Caller } from '../http/caller.ts'

/** An administrator changes every movie, an owner those it made. */
export function mayChangeMovie(caller: Caller, movie: { readonly createdBy: string | null }): boolean {
  if (caller.kind === 'guest') return false
  return caller.role === 'admin' || (caller.role === 'owner' && movie.createdBy === caller.userId)
}
