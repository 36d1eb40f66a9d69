import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Answer } from '../../../contract/client.ts'
import type { Theatre } from '../../../contract/venues.ts'
import { call } from '../../api.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Form } from '../../ui/form.tsx'
import { useToast } from '../../ui/toast.tsx'
import { PriceField } from './PriceField.tsx'
import { pricesOf, usualPrices } from './prices.ts'
import type { PriceChoice } from './prices.ts'
import { priceListsQuery } from './programme.ts'
import type { Screening } from './programme.ts'
import type { Changes } from './use-changes.ts'
import { useScheduleWords } from './words/index.ts'

type Problem = Answer<'publishShowtimes'>['problems'][number]

interface PublishDialogProps {
  readonly theatre: Theatre
  readonly from: string
  readonly to: string
  readonly drafts: readonly Screening[]
  readonly changes: Changes
  readonly close: () => void
}

/** Drafts go on sale together; those without prices are named, and can be given some here. */
export function PublishDialog({ theatre, from, to, drafts, changes, close }: PublishDialogProps) {
  const { t } = useScheduleWords()
  const toast = useToast()
  const { data: lists = [] } = useQuery(priceListsQuery(theatre.id))
  const [chosen, setChosen] = useState<PriceChoice | null>(null)
  const prices = chosen ?? usualPrices(theatre.id, lists)
  const publish = useMutation({
    async mutationFn(unpriced: readonly Problem[]) {
      for (const id of new Set(unpriced.map(({ showtimeId }) => showtimeId))) {
        await call('updateShowtime', { params: { id }, body: pricesOf(prices, theatre.currency) })
      }
      const body = { theatreId: theatre.id, from, to }
      return await call('publishShowtimes', { body, idempotencyKey: crypto.randomUUID() })
    },
    async onSuccess({ published, problems }) {
      await changes.refresh()
      toast({ text: t('published', { count: published.length }) })
      if (problems.length === 0) close()
    },
  })
  const problems = publish.data?.problems ?? []
  return (
    <Dialog title={t('publish_drafts')} close={close} size={problems.length > 0 ? 'wide' : 'narrow'}>
      <Form
        submit={() => publish.mutate(problems)}
        isBusy={publish.isPending}
        error={publish.error}
        label={t(problems.length > 0 ? 'price_and_publish' : 'publish')}
      >
        {problems.length === 0 ? (
          <p className="text-soft">{t('publish_text', { count: drafts.length })}</p>
        ) : (
          <>
            <p className="font-semibold">{t('missing_prices')}</p>
            <Missing problems={problems} drafts={drafts} />
            <PriceField theatre={theatre} choice={prices} choose={setChosen} />
          </>
        )}
      </Form>
    </Dialog>
  )
}

function Missing({
  problems,
  drafts,
}: {
  readonly problems: readonly Problem[]
  readonly drafts: readonly Screening[]
}) {
  const { t, tOr, when } = useScheduleWords()
  const draftOf = ({ showtimeId }: Problem) => drafts.find(({ id }) => id === showtimeId)
  const startOf = (draft: Screening | undefined) => draft && when(draft.showtime)
  return (
    <DataTable
      caption={t('missing_prices')}
      columns={[
        { label: t('film'), cell: (problem: Problem) => draftOf(problem)?.film.title },
        { label: t('starts_at'), cell: (problem) => startOf(draftOf(problem)) },
        { label: t('category'), cell: ({ category }) => tOr(`category_${category}`, category) },
        { label: t('ticket_type'), cell: ({ ticketType }) => tOr(`type_${ticketType}`, ticketType) },
        { label: t('what_is_wrong'), cell: ({ problem }) => t(`price_${problem}`) },
      ]}
      rows={problems}
      keyOf={({ showtimeId, category, ticketType }) => `${showtimeId} ${category} ${ticketType}`}
    />
  )
}
