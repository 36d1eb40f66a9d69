import { queryOptions } from '@tanstack/react-query'
import type { Auditorium } from '../../../contract/auditoriums.ts'
import { call } from '../../api.ts'

/** All halls of a theatre, by name. */
export function hallsQuery(theatreId: string) {
  return queryOptions({
    queryKey: ['halls', theatreId],
    queryFn: async ({ signal }) => {
      const halls: Auditorium[] = []
      let cursor: string | undefined
      do {
        const query = { limit: 100, ...(cursor !== undefined && { cursor }) }
        const page = await call('listAuditoriums', { params: { id: theatreId }, query, signal })
        halls.push(...page.data)
        cursor = page.nextCursor ?? undefined
      } while (cursor !== undefined)
      return halls
    },
  })
}

export function hallQuery(id: string) {
  return queryOptions({
    queryKey: ['hall', id],
    queryFn: ({ signal }) => call('getAuditorium', { params: { id }, signal }),
  })
}

export function brokenQuery(id: string) {
  return queryOptions({
    queryKey: ['out-of-order', id],
    queryFn: async ({ signal }) => (await call('readOutOfOrder', { params: { id }, signal })).seats,
  })
}
