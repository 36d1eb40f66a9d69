import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import type { Promotion } from '../../../contract/promotions.ts'
import type { Theatre } from '../../../contract/venues.ts'
import { call } from '../../api.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import type { Column } from '../../ui/DataTable.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Form } from '../../ui/form.tsx'
import { useNow } from '../../ui/now.ts'
import { Failed, PartWaiting } from '../../ui/states.tsx'
import { useHouseWords } from '../../ui/words/index.ts'
import { CopyCode } from './CopyCode.tsx'
import { stateOfPromotion } from './offer-state.ts'
import { PromotionDialog } from './PromotionDialog.tsx'
import { useOfferWords } from './words/index.ts'

type Say = ReturnType<typeof useOfferWords>

function usePromotions() {
  return useInfiniteQuery({
    queryKey: ['promotions'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      call('listPromotions', { query: { limit: 50, ...(cursor !== undefined && { cursor }) }, signal }),
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  })
}

/** Promo codes: what they take off, when, how often they were used. */
export function Promotions({ theatre }: { readonly theatre: Theatre }) {
  const say = useOfferWords()
  const { t } = say
  const house = useHouseWords()
  const found = usePromotions()
  const nowMs = useNow(60_000)
  const [open, setOpen] = useState<Promotion | 'new' | null>(null)
  const [leaving, setLeaving] = useState<Promotion | null>(null)
  if (found.error) return <Failed of={found} />
  if (!found.data) return <PartWaiting />
  const rows = found.data.pages.flatMap(({ data }) => data)
  const columns = columnsOf(say, theatre.timeZone, nowMs, (promotion) => (
    <span className="acts mt-0">
      <button
        type="button"
        className="act"
        aria-label={`${house.t('edit')}: ${promotion.code}`}
        onClick={() => setOpen(promotion)}
      >
        {house.t('edit')}
      </button>
      <button
        type="button"
        className="act"
        aria-label={`${house.t('delete')}: ${promotion.code}`}
        onClick={() => setLeaving(promotion)}
      >
        {house.t('delete')}
      </button>
    </span>
  ))
  return (
    <section>
      <div className="house-head">
        <p className="max-w-prose text-soft">{t('promotions_text')}</p>
        <button type="button" className="button button-main ms-auto" onClick={() => setOpen('new')}>
          {t('add_promotion')}
        </button>
      </div>
      <DataTable
        caption={t('promotions')}
        rows={rows}
        keyOf={({ id }) => id}
        columns={columns}
        empty={t('no_promotions')}
      />
      {found.hasNextPage && (
        <button type="button" className="button mt-4" onClick={() => void found.fetchNextPage()}>
          {house.t('load_more')}
        </button>
      )}
      {open !== null && (
        <PromotionDialog theatre={theatre} {...(open !== 'new' && { promotion: open })} close={() => setOpen(null)} />
      )}
      {leaving && <DeletePromotion promotion={leaving} close={() => setLeaving(null)} />}
    </section>
  )
}

function columnsOf(
  { t, money, instant }: Say,
  timeZone: string,
  nowMs: number,
  actions: (promotion: Promotion) => ReactNode,
): Column<Promotion>[] {
  return [
    { label: t('code'), cell: ({ code }) => <CopyCode code={code} /> },
    {
      label: t('takes_off'),
      cell: ({ percentOff, amountOff }) => (amountOff ? money(amountOff) : `${percentOff ?? 0} %`),
    },
    {
      label: t('state'),
      cell: (promotion) => {
        const state = stateOfPromotion(promotion, nowMs)
        return (
          <span className="state" data-state={state}>
            {t(`promotion_${state}`)}
          </span>
        )
      },
    },
    {
      label: t('valid'),
      cell: ({ validFrom, validTo }) =>
        [
          ...(validFrom === null ? [] : [t('valid_from', { when: instant(validFrom, timeZone) })]),
          ...(validTo === null ? [] : [t('valid_until', { when: instant(validTo, timeZone) })]),
        ].join(' ') || t('always_valid'),
    },
    {
      label: t('uses'),
      isNumber: true,
      cell: ({ uses, maxUses }) => (maxUses === null ? uses : `${uses} / ${maxUses}`),
    },
    { label: t('actions'), cell: actions },
  ]
}

function DeletePromotion({ promotion, close }: { readonly promotion: Promotion; readonly close: () => void }) {
  const { t } = useOfferWords()
  const house = useHouseWords()
  const queries = useQueryClient()
  const remove = useMutation({
    mutationFn: () => call('deletePromotion', { params: { id: promotion.id } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['promotions'] })
      close()
    },
  })
  return (
    <Dialog title={t('delete_code', { code: promotion.code })} close={close}>
      <Form submit={() => remove.mutate()} isBusy={remove.isPending} error={remove.error} label={house.t('delete')}>
        <p>{t('delete_promotion_text')}</p>
      </Form>
    </Dialog>
  )
}
