import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { PriceList } from '../../../contract/prices.ts'
import type { Theatre } from '../../../contract/venues.ts'
import { call } from '../../api.ts'
import { Field } from '../../ui/Field.tsx'
import { Form } from '../../ui/form.tsx'
import { Link } from '../../ui/router.tsx'
import { NotFound } from '../../ui/states.tsx'
import { useToast } from '../../ui/toast.tsx'
import { useHouseWords } from '../../ui/words/index.ts'
import { categoriesOf } from '../halls/plan.ts'
import { hallsQuery } from '../halls/queries.ts'
import { always, bandsOf, isTwin, isWrong, rulesOf } from './bands.ts'
import { BandGrid } from './BandGrid.tsx'
import { DeleteList } from './DeleteList.tsx'
import { priceListsQuery, ticketTypesQuery } from './queries.ts'
import { usePriceWords } from './words/index.ts'

interface PriceListPageProps {
  readonly theatre: Theatre
  readonly list: PriceList | undefined
}

export function PriceListPage({ theatre, list }: PriceListPageProps) {
  return list ? <Editor theatre={theatre} list={list} /> : <NotFound />
}

/** What the seats of the theatre's halls are called, and what the list prices already. */
function useCategories({ id }: Theatre, list: PriceList): string[] {
  const { data: halls } = useQuery(hallsQuery(id))
  const inHalls = (halls ?? []).flatMap(({ layout }) =>
    layout.seating === 'reserved' ? categoriesOf(layout) : ['standard'],
  )
  return [...new Set(['standard', ...inHalls, ...list.rules.map(({ category }) => category)])]
}

function useSaveList({ id }: Theatre, list: PriceList) {
  const { t } = usePriceWords()
  const queries = useQueryClient()
  const toast = useToast()
  return useMutation({
    mutationFn: (body: { name: string; rules: PriceList['rules'] }) =>
      call('updatePriceList', { params: { id, priceListId: list.id }, body }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: priceListsQuery(id).queryKey })
      toast({ text: t('list_saved') })
    },
  })
}

function Editor({ theatre, list }: { readonly theatre: Theatre; readonly list: PriceList }) {
  const { t } = usePriceWords()
  const house = useHouseWords()
  const { data: types } = useQuery(ticketTypesQuery(theatre.id))
  const categories = useCategories(theatre, list)
  const [name, setName] = useState(list.name)
  const [bands, setBands] = useState(() => bandsOf(list.rules))
  const [isDeleting, setDeleting] = useState(false)
  const save = useSaveList(theatre, list)
  const { currency } = theatre
  const wrong = bands.some(
    (band) => isTwin(bands, band) || [...band.prices.values()].some((text) => isWrong(text, currency)),
  )
  return (
    <article className="grid gap-5">
      <title>{list.name}</title>
      <div className="house-head">
        <div>
          <Link href="/manage/prices" className="quiet-link text-sm">
            {t('all_prices')}
          </Link>
          <h1 className="marquee text-[clamp(2.5rem,7vw,4.5rem)]">{list.name}</h1>
        </div>
        <button type="button" className="act act-danger ms-auto" onClick={() => setDeleting(true)}>
          {house.t('delete')}
        </button>
      </div>
      <Form
        submit={() => !wrong && save.mutate({ name: name.trim(), rules: rulesOf(bands, currency) })}
        isBusy={save.isPending}
        error={save.error}
        label={t('save_list')}
        beside={wrong && <p className="font-semibold text-accent">{t('something_wrong')}</p>}
      >
        <div className="max-w-md">
          <Field label={t('name')} required maxLength={100} value={name} onChange={setName} />
        </div>
        <p className="max-w-prose text-soft">{t('bands_text', { currency })}</p>
        {bands.map((band, index) => (
          <BandGrid
            // Bands have no names of their own, and none changes its place.
            key={index}
            band={band}
            isFirst={index === 0}
            isTwin={isTwin(bands, band)}
            categories={categories}
            types={types ?? []}
            currency={currency}
            change={(changed) => setBands(bands.map((each) => (each === band ? changed : each)))}
            remove={() => setBands(bands.filter((each) => each !== band))}
          />
        ))}
        <button
          type="button"
          className="act justify-self-start"
          onClick={() => setBands([...bands, { ...always, until: '17:00' }])}
        >
          {t('add_band')}
        </button>
      </Form>
      {isDeleting && <DeleteList list={list} close={() => setDeleting(false)} />}
    </article>
  )
}
