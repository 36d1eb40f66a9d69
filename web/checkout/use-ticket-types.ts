import { useQuery } from '@tanstack/react-query'
import type { TicketType } from '../../contract/prices.ts'
import { call } from '../api.ts'

const none: readonly TicketType[] = []

/** A theatre's ticket types with their conditions; none until they have arrived. */
export function useTicketTypes(theatreId: string): readonly TicketType[] {
  const { data } = useQuery({
    queryKey: ['ticket-types', theatreId],
    queryFn: async ({ signal }) => (await call('listTicketTypes', { params: { id: theatreId }, signal })).data,
  })
  return data ?? none
}
