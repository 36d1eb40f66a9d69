import type { QueryClient } from '@tanstack/react-query'
import { forgetPacks } from '../door/door-store.ts'
import { forgetOffline } from '../tickets/keep-offline.ts'
import { writeStored } from '../ui/stored.ts'

const everybodys: readonly unknown[] = ['me', 'words', 'refusals']

/** Nobody is signed in here any more: what was read and kept for somebody goes with them. */
export function leave(queries: QueryClient): void {
  writeStored('signedIn', null)
  forgetOffline().catch(() => {})
  forgetPacks().catch(() => {})
  queries.removeQueries({ predicate: ({ queryKey: [subject] }) => !everybodys.includes(subject) })
  // Not removed but told: whoever watches it, such as the header, hears of it.
  queries.setQueryData(['me'], null)
}
