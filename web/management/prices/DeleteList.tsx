import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { PriceList } from '../../../contract/prices.ts'
import { call } from '../../api.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { Form } from '../../ui/form.tsx'
import { navigate } from '../../ui/router.tsx'
import { useToast } from '../../ui/toast.tsx'
import { useHouseWords } from '../../ui/words/index.ts'
import { priceListsQuery } from './queries.ts'
import { usePriceWords } from './words/index.ts'

interface DeleteListProps {
  readonly list: PriceList
  readonly close: () => void
}

/** Asks before a list goes: showtimes that were made with it keep their prices. */
export function DeleteList({ list, close }: DeleteListProps) {
  const { t } = usePriceWords()
  const house = useHouseWords()
  const queries = useQueryClient()
  const toast = useToast()
  const remove = useMutation({
    mutationFn: () => call('deletePriceList', { params: { id: list.theatreId, priceListId: list.id } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: priceListsQuery(list.theatreId).queryKey })
      toast({ text: t('list_deleted', { name: list.name }) })
      navigate('/manage/prices')
    },
  })
  return (
    <Dialog title={t('delete_list', { name: list.name })} close={close}>
      <Form submit={() => remove.mutate()} isBusy={remove.isPending} error={remove.error} label={house.t('delete')}>
        <p>{t('delete_list_text')}</p>
      </Form>
    </Dialog>
  )
}
