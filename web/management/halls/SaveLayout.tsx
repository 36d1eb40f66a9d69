import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Auditorium } from '../../../contract/auditoriums.ts'
import { call } from '../../api.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { Form } from '../../ui/form.tsx'
import { useToast } from '../../ui/toast.tsx'
import type { Difference } from './compare-plans.ts'
import { hallQuery } from './queries.ts'
import type { Editor } from './use-editor.ts'
import { useHallWords } from './words/index.ts'

/** Coming showtimes of a hall, of the next hundred that its theatre has. */
function useComing({ id, theatreId }: Auditorium) {
  return useQuery({
    queryKey: ['coming', id],
    queryFn: async ({ signal }) => {
      const query = { theatreId, from: new Date().toISOString(), limit: 100 }
      const { data } = await call('listShowtimes', { query, signal })
      return data.filter(({ auditoriumId }) => auditoriumId === id).length
    },
  })
}

interface SaveLayoutProps {
  readonly hall: Auditorium
  readonly editor: Editor
  readonly close: () => void
}

/** Before a plan is saved: what that means for those who have bought, and for those who will. */
export function SaveLayout({ hall, editor, close }: SaveLayoutProps) {
  const { t } = useHallWords()
  const queries = useQueryClient()
  const toast = useToast()
  const { data: coming } = useComing(hall)
  const save = useMutation({
    mutationFn: () => call('setLayout', { params: { id: hall.id }, body: editor.layout }),
    onSuccess: async (saved) => {
      queries.setQueryData(hallQuery(hall.id).queryKey, saved)
      await queries.invalidateQueries({ queryKey: ['halls'] })
      toast({ text: t('layout_saved', { version: saved.layoutVersion, capacity: saved.capacity }) })
      close()
    },
  })
  return (
    <Dialog title={t('save_layout', { version: hall.layoutVersion + 1 })} close={close}>
      <Form submit={() => save.mutate()} isBusy={save.isPending} error={save.error} label={t('save_version')}>
        <Changes difference={editor.difference} />
        <ul className="grid list-disc gap-2 ps-5">
          <li>{coming === undefined || coming === 0 ? t('means_none') : t('means_unsold', { count: coming })}</li>
          <li>{t('means_sold')}</li>
          {editor.difference.newCategories.length > 0 && (
            <li>{t('means_prices', { categories: editor.difference.newCategories.join(', ') })}</li>
          )}
        </ul>
      </Form>
    </Dialog>
  )
}

function Changes({ difference: { added, removed, changed, changesSeating } }: { readonly difference: Difference }) {
  const { t } = useHallWords()
  const said = (ids: readonly string[]) => ids.slice(0, 8).join(', ') + (ids.length > 8 ? ' …' : '')
  const rows = [
    { word: t('added', { count: added.length }), ids: added },
    { word: t('removed', { count: removed.length }), ids: removed },
    { word: t('changed', { count: changed.length }), ids: changed },
  ].filter(({ ids }) => ids.length > 0)
  if (changesSeating) return <p className="font-semibold">{t('changes_seating')}</p>
  if (rows.length === 0) return <p className="text-soft">{t('only_moved')}</p>
  return (
    <dl className="changes">
      {rows.map(({ word, ids }) => (
        <div key={word}>
          <dt>{word}</dt>
          <dd>{said(ids)}</dd>
        </div>
      ))}
    </dl>
  )
}
