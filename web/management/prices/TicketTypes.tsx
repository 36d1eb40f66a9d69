import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import type { TicketType } from '../../../contract/prices.ts'
import type { Theatre } from '../../../contract/venues.ts'
import { call } from '../../api.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import type { Column } from '../../ui/DataTable.tsx'
import { useToast } from '../../ui/toast.tsx'
import { useHouseWords } from '../../ui/words/index.ts'
import { ticketTypesQuery } from './queries.ts'
import { TicketTypeDialog } from './TicketTypeDialog.tsx'
import { usePriceWords } from './words/index.ts'

type Say = ReturnType<typeof usePriceWords>

function conditionsOf({ requires, maxPerBooking }: TicketType, { t, tOr }: Say): string {
  const words = [
    ...(requires
      ? [t('requires_short', { ratio: requires.ratio, type: tOr(`type_${requires.ticketType}`, requires.ticketType) })]
      : []),
    ...(maxPerBooking === undefined ? [] : [t('at_most', { count: maxPerBooking })]),
  ]
  return words.join(', ') || '–'
}

function columnsOf(say: Say, actions: (type: TicketType) => ReactNode): Column<TicketType>[] {
  const { t, tOr, list } = say
  const all = ['web', 'counter'] as const
  return [
    { label: t('name'), cell: ({ key, name }) => <b>{tOr(`type_${key}`, name)}</b> },
    { label: t('proof'), cell: ({ proof }) => proof ?? '–' },
    { label: t('conditions'), cell: (type) => conditionsOf(type, say) },
    { label: t('sold_at'), cell: ({ channels }) => list((channels ?? all).map((each) => t(`channel_${each}`))) },
    { label: t('actions'), cell: actions },
  ]
}

/** Who gets which price, and under what conditions. */
export function TicketTypes({ theatre }: { readonly theatre: Theatre }) {
  const say = usePriceWords()
  const { t } = say
  const queries = useQueryClient()
  const toast = useToast()
  const { data: types = [] } = useQuery(ticketTypesQuery(theatre.id))
  const [open, setOpen] = useState<TicketType | 'new' | null>(null)
  const remove = useMutation({
    mutationFn: ({ key }: TicketType) => call('deleteTicketType', { params: { id: theatre.id, ticketTypeId: key } }),
    onSuccess: async (_, { name }) => {
      await queries.invalidateQueries({ queryKey: ticketTypesQuery(theatre.id).queryKey })
      toast({ text: t('type_removed', { name }) })
    },
  })
  const columns = columnsOf(say, (type) => (
    <Actions type={type} edit={() => setOpen(type)} remove={() => remove.mutate(type)} />
  ))
  return (
    <section>
      <div className="house-head">
        <h2 className="marquee text-4xl">{t('ticket_types')}</h2>
        <button type="button" className="button ms-auto" onClick={() => setOpen('new')}>
          {t('add_type')}
        </button>
      </div>
      <DataTable caption={t('ticket_types')} rows={types} keyOf={({ key }) => key} columns={columns} />
      {open !== null && (
        <TicketTypeDialog
          theatreId={theatre.id}
          types={types}
          {...(open !== 'new' && { type: open })}
          close={() => setOpen(null)}
        />
      )}
    </section>
  )
}

interface ActionsProps {
  readonly type: TicketType
  readonly edit: () => void
  readonly remove: () => void
}

function Actions({ type, edit, remove }: ActionsProps) {
  const { t } = useHouseWords()
  return (
    <span className="acts mt-0">
      <button type="button" className="act" aria-label={`${t('edit')}: ${type.name}`} onClick={edit}>
        {t('edit')}
      </button>
      <button type="button" className="act" aria-label={`${t('delete')}: ${type.name}`} onClick={remove}>
        {t('delete')}
      </button>
    </span>
  )
}
