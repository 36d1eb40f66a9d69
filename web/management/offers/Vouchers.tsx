import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import type { Theatre } from '../../../contract/venues.ts'
import type { Voucher } from '../../../contract/vouchers.ts'
import { call } from '../../api.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import type { Column } from '../../ui/DataTable.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { useNow } from '../../ui/now.ts'
import { Failed, PartWaiting } from '../../ui/states.tsx'
import { useHouseWords } from '../../ui/words/index.ts'
import { CopyCode } from './CopyCode.tsx'
import { stateOfVoucher } from './offer-state.ts'
import { IssueVouchers, VoucherChange } from './VoucherDialogs.tsx'
import { useOfferWords } from './words/index.ts'

type Say = ReturnType<typeof useOfferWords>
type Open = { readonly what: 'issue' } | { readonly what: 'change' | 'story'; readonly voucher: Voucher } | null

/** Vouchers: money that the house owes to whoever knows the code. */
export function Vouchers({ theatre }: { readonly theatre: Theatre }) {
  const say = useOfferWords()
  const { t } = say
  const house = useHouseWords()
  const nowMs = useNow(60_000)
  const [open, setOpen] = useState<Open>(null)
  const found = useInfiniteQuery({
    queryKey: ['vouchers'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      call('listVouchers', { query: { limit: 50, ...(cursor !== undefined && { cursor }) }, signal }),
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  })
  if (found.error) return <Failed of={found} />
  if (!found.data) return <PartWaiting />
  const close = () => setOpen(null)
  const columns = columnsOf(say, theatre.timeZone, nowMs, (voucher) => (
    <span className="acts mt-0">
      <button
        type="button"
        className="act"
        aria-label={`${t('story')}: ${voucher.code}`}
        onClick={() => setOpen({ what: 'story', voucher })}
      >
        {t('story')}
      </button>
      <button
        type="button"
        className="act"
        aria-label={`${house.t('edit')}: ${voucher.code}`}
        onClick={() => setOpen({ what: 'change', voucher })}
      >
        {house.t('edit')}
      </button>
    </span>
  ))
  return (
    <section>
      <div className="house-head">
        <p className="max-w-prose text-soft">{t('vouchers_text')}</p>
        <button type="button" className="button button-main ms-auto" onClick={() => setOpen({ what: 'issue' })}>
          {t('issue')}
        </button>
      </div>
      <DataTable
        caption={t('vouchers')}
        rows={found.data.pages.flatMap(({ data }) => data)}
        keyOf={({ id }) => id}
        columns={columns}
        empty={t('no_vouchers')}
      />
      {found.hasNextPage && (
        <button type="button" className="button mt-4" onClick={() => void found.fetchNextPage()}>
          {house.t('load_more')}
        </button>
      )}
      {open?.what === 'issue' && <IssueVouchers theatre={theatre} close={close} />}
      {open?.what === 'change' && <VoucherChange voucher={open.voucher} close={close} />}
      {open?.what === 'story' && <Story voucher={open.voucher} timeZone={theatre.timeZone} close={close} />}
    </section>
  )
}

function columnsOf(
  { t, money, instant }: Say,
  timeZone: string,
  nowMs: number,
  actions: (voucher: Voucher) => ReactNode,
): Column<Voucher>[] {
  return [
    { label: t('code'), cell: ({ code }) => <CopyCode code={code} /> },
    { label: t('balance'), isNumber: true, cell: ({ balance }) => money(balance) },
    {
      label: t('state'),
      cell: (voucher) => {
        const state = stateOfVoucher(voucher, nowMs)
        return (
          <span className="state" data-state={state}>
            {t(`voucher_${state}`)}
          </span>
        )
      },
    },
    {
      label: t('valid'),
      cell: ({ validTo }) =>
        validTo === null ? t('always_valid') : t('valid_until', { when: instant(validTo, timeZone) }),
    },
    { label: t('actions'), cell: actions },
  ]
}

interface StoryProps {
  readonly voucher: Voucher
  readonly timeZone: string
  readonly close: () => void
}

/** Everything that moved a voucher's balance. */
function Story({ voucher, timeZone, close }: StoryProps) {
  const { t, money, instant } = useOfferWords()
  const { data } = useQuery({
    queryKey: ['voucher', voucher.id],
    queryFn: ({ signal }) => call('readVoucher', { params: { id: voucher.id }, signal }),
  })
  return (
    <Dialog title={voucher.code} close={close}>
      <p className="mb-3 text-lg font-bold">{t('left', { sum: money((data ?? voucher).balance) })}</p>
      <DataTable
        caption={t('story')}
        rows={data?.entries ?? []}
        keyOf={({ id }) => id}
        columns={[
          { label: t('when'), cell: ({ createdAt }) => instant(createdAt, timeZone) },
          { label: t('what'), cell: ({ kind }) => t(`entry_${kind}`) },
          { label: t('amount'), isNumber: true, cell: ({ amount }) => money(amount) },
        ]}
      />
    </Dialog>
  )
}
