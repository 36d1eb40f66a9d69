import { queryOptions, useQuery } from '@tanstack/react-query'
import { call, isRefused } from './api.ts'
import { readStored, writeStored } from './ui/stored.ts'

/** Who is signed in; null is a guest. Guests who never signed in here are not asked about. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  staleTime: 60_000,
  queryFn: async () => {
    if (!readStored('signedIn', false)) return null
    try {
      return await call('getMe', {})
    } catch (error) {
      if (!isRefused(error, 'unauthenticated')) throw error
      writeStored('signedIn', null)
      return null
    }
  },
})

export function useMe() {
  const { data, isPending } = useQuery(meQuery)
  return { me: data ?? null, isPending }
}
