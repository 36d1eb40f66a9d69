import { queryOptions } from '@tanstack/react-query'
import type { Theatre } from '../../contract/venues.ts'
import { call } from '../api.ts'

/** The theatres where the caller works, by name, over all pages. */
export const myTheatresQuery = queryOptions({
  queryKey: ['theatres', 'mine'],
  staleTime: 60_000,
  queryFn: async ({ signal }) => {
    const found: Theatre[] = []
    let cursor: string | undefined
    do {
      const query = { mine: true, limit: 100, ...(cursor !== undefined && { cursor }) }
      const { data, nextCursor } = await call('listTheatres', { query, signal })
      found.push(...data)
      cursor = nextCursor ?? undefined
    } while (cursor !== undefined)
    return found
  },
})
