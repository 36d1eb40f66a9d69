import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { PriceList } from '../../../contract/prices.ts'
import { call, forgetKey, keyFor } from '../../api.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { Field } from '../../ui/Field.tsx'
import { Form } from '../../ui/form.tsx'
import { Link, navigate } from '../../ui/router.tsx'
import { FailedPage, Waiting } from '../../ui/states.tsx'
import type { ManagementPageProps } from '../pages.tsx'
import { bandsOf } from './bands.ts'
import { PriceListPage } from './PriceListPage.tsx'
import { priceListsQuery } from './queries.ts'
import { TicketTypes } from './TicketTypes.tsx'
import { usePriceWords } from './words/index.ts'
// oxlint-disable-next-line import/no-unassigned-import -- a style sheet has no name
import './prices.css'

/** `/manage/prices` and `/manage/prices/{id}`. */
export function PricesPage({ theatre, rest }: ManagementPageProps) {
  const { t } = usePriceWords()
  const { data: lists, error, refetch } = useQuery(priceListsQuery(theatre.id))
  const [isAdding, setAdding] = useState(false)
  if (error) return <FailedPage error={error} retry={() => void refetch()} />
  if (!lists) return <Waiting />
  if (rest !== '') return <PriceListPage key={rest} theatre={theatre} list={lists.find(({ id }) => id === rest)} />
  return (
    <section className="grid gap-8">
      <title>{t('prices')}</title>
      <div>
        <div className="house-head">
          <h1 className="marquee text-[clamp(2.5rem,7vw,4.5rem)]">{t('prices')}</h1>
          <button type="button" className="button button-main ms-auto" onClick={() => setAdding(true)}>
            {t('add_list')}
          </button>
        </div>
        <p className="mb-4 max-w-prose text-soft">{lists.length === 0 ? t('no_lists') : t('lists_text')}</p>
        <ul className="price-lists">
          {lists.map((list) => (
            <li key={list.id}>
              <ListCard list={list} />
            </li>
          ))}
        </ul>
      </div>
      <TicketTypes theatre={theatre} />
      {isAdding && <AddList theatreId={theatre.id} close={() => setAdding(false)} />}
    </section>
  )
}

function ListCard({ list }: { readonly list: PriceList }) {
  const { t, money } = usePriceWords()
  const amounts = list.rules.map(({ price }) => price).toSorted((one, other) => one.amount - other.amount)
  const [least, most] = [amounts[0], amounts.at(-1)]
  return (
    <article className="price-list">
      <h2 className="text-2xl font-bold">
        <Link href={`/manage/prices/${list.id}`} className="cover-link">
          {list.name}
        </Link>
      </h2>
      <p className="marquee text-4xl">
        {least && most ? (least.amount === most.amount ? money(least) : `${money(least)} – ${money(most)}`) : '–'}
      </p>
      <p className="text-soft">{t('list_facts', { count: list.rules.length, bands: bandsOf(list.rules).length })}</p>
    </article>
  )
}

function AddList({ theatreId, close }: { readonly theatreId: string; readonly close: () => void }) {
  const { t } = usePriceWords()
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const add = useMutation({
    mutationFn: () => {
      const body = { name: name.trim(), rules: [] }
      const idempotencyKey = keyFor(`price list ${theatreId}`, body)
      return call('createPriceList', { params: { id: theatreId }, body, idempotencyKey })
    },
    onSuccess: async (made) => {
      forgetKey(`price list ${theatreId}`, { name: made.name, rules: [] })
      await queries.invalidateQueries({ queryKey: priceListsQuery(theatreId).queryKey })
      navigate(`/manage/prices/${made.id}`)
    },
  })
  return (
    <Dialog title={t('add_list')} close={close}>
      <Form submit={() => add.mutate()} isBusy={add.isPending} error={add.error} label={t('add_list')}>
        <Field
          label={t('name')}
          required
          maxLength={100}
          placeholder={t('list_example')}
          value={name}
          onChange={setName}
        />
      </Form>
    </Dialog>
  )
}
