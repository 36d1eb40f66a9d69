import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { WebhookDelivery } from '../../../contract/events.ts'
import { call } from '../../api.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import type { Column } from '../../ui/DataTable.tsx'
import { Failed } from '../../ui/states.tsx'
import { useHouseWords } from '../../ui/words/index.ts'
import { useSettingsWords } from './words/index.ts'

interface DeliveriesProps {
  readonly endpointId: string
  readonly timeZone: string
}

/** What was pushed to an address and what came of it; each can be pushed again. */
export function Deliveries({ endpointId, timeZone }: DeliveriesProps) {
  const say = useSettingsWords()
  const { t } = say
  const house = useHouseWords()
  const queries = useQueryClient()
  const queryKey = ['deliveries', endpointId]
  const params = { id: endpointId }
  const found = useInfiniteQuery({
    queryKey,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      call('listWebhookDeliveries', { params, query: { limit: 20, ...(cursor !== undefined && { cursor }) }, signal }),
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  })
  const replay = useMutation({
    mutationFn: (deliveryId: string) => call('replayWebhookDelivery', { params: { ...params, deliveryId } }),
    onSuccess: () => queries.invalidateQueries({ queryKey }),
  })
  const columns = columnsOf(say, timeZone, ({ id, event }) => (
    <button
      type="button"
      className="act"
      aria-label={`${t('replay')}: ${event.type}`}
      onClick={() => replay.mutate(id)}
    >
      {t('replay')}
    </button>
  ))
  return (
    <>
      <Failed of={replay} />
      <DataTable
        caption={t('deliveries')}
        rows={found.data?.pages.flatMap(({ data }) => data) ?? []}
        keyOf={({ id }) => id}
        columns={columns}
        empty={t('no_deliveries')}
      />
      {found.hasNextPage && (
        <button type="button" className="button justify-self-start" onClick={() => void found.fetchNextPage()}>
          {house.t('load_more')}
        </button>
      )}
    </>
  )
}

function columnsOf(
  { t, instant }: ReturnType<typeof useSettingsWords>,
  timeZone: string,
  actions: (delivery: WebhookDelivery) => ReactNode,
): Column<WebhookDelivery>[] {
  return [
    { label: t('event'), cell: ({ event }) => event.type },
    { label: t('when'), cell: ({ createdAt }) => instant(createdAt, timeZone) },
    {
      label: t('outcome'),
      cell: ({ status, responseStatus }) => [t(`delivery_${status}`), responseStatus].filter(Boolean).join(' · '),
    },
    { label: t('attempts'), isNumber: true, cell: ({ attempts }) => attempts },
    { label: t('actions'), cell: actions },
  ]
}
