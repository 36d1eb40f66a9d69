import { queryOptions } from '@tanstack/react-query'
import { call } from '../../api.ts'

export function priceListsQuery(theatreId: string) {
  return queryOptions({
    queryKey: ['price-lists', theatreId],
    queryFn: async ({ signal }) => (await call('listPriceLists', { params: { id: theatreId }, signal })).data,
  })
}

export function ticketTypesQuery(theatreId: string) {
  return queryOptions({
    queryKey: ['ticket-types', theatreId],
    queryFn: async ({ signal }) => (await call('listTicketTypes', { params: { id: theatreId }, signal })).data,
  })
}
