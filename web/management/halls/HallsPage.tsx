import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Auditorium } from '../../../contract/auditoriums.ts'
import { call } from '../../api.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { Form } from '../../ui/form.tsx'
import { Link } from '../../ui/router.tsx'
import { Empty, FailedPage, Waiting } from '../../ui/states.tsx'
import { useToast } from '../../ui/toast.tsx'
import { useHouseWords } from '../../ui/words/index.ts'
import type { ManagementPageProps } from '../pages.tsx'
import { HallDialog } from './HallDialog.tsx'
import { HallPage } from './HallPage.tsx'
import { PlanThumb } from './PlanView.tsx'
import { hallsQuery } from './queries.ts'
import { useHallWords } from './words/index.ts'
// oxlint-disable-next-line import/no-unassigned-import -- a style sheet has no name
import './halls.css'

/** `/manage/halls` and `/manage/halls/{id}`. */
export function HallsPage({ theatre, rest }: ManagementPageProps) {
  return rest === '' ? <Halls theatreId={theatre.id} /> : <HallPage key={rest} theatre={theatre} id={rest} />
}

type Open = { readonly what: 'add' } | { readonly what: 'edit' | 'delete'; readonly hall: Auditorium } | null

function Halls({ theatreId }: { readonly theatreId: string }) {
  const { t } = useHallWords()
  const { data: halls, error, refetch } = useQuery(hallsQuery(theatreId))
  const [open, setOpen] = useState<Open>(null)
  if (error) return <FailedPage error={error} retry={() => void refetch()} />
  if (!halls) return <Waiting />
  const close = () => setOpen(null)
  return (
    <section>
      <title>{t('halls')}</title>
      <div className="house-head">
        <h1 className="marquee text-[clamp(2.5rem,7vw,4.5rem)]">{t('halls')}</h1>
        <button type="button" className="button button-main ms-auto" onClick={() => setOpen({ what: 'add' })}>
          {t('add_hall')}
        </button>
      </div>
      {halls.length === 0 && <Empty>{t('no_halls')}</Empty>}
      <ul className="halls">
        {halls.map((hall) => (
          <li key={hall.id}>
            <HallCard
              hall={hall}
              edit={() => setOpen({ what: 'edit', hall })}
              remove={() => setOpen({ what: 'delete', hall })}
            />
          </li>
        ))}
      </ul>
      {open?.what === 'add' && <HallDialog theatreId={theatreId} close={close} />}
      {open?.what === 'edit' && <HallDialog theatreId={theatreId} hall={open.hall} close={close} />}
      {open?.what === 'delete' && <DeleteHall hall={open.hall} close={close} />}
    </section>
  )
}

interface HallCardProps {
  readonly hall: Auditorium
  readonly edit: () => void
  readonly remove: () => void
}

function HallCard({ hall, edit, remove }: HallCardProps) {
  const { t } = useHallWords()
  const house = useHouseWords()
  const { id, name, capacity, layout, layoutVersion, turnaroundMinutes } = hall
  return (
    <article className="hall-card">
      <Link href={`/manage/halls/${id}`} className="hall-plan" aria-hidden="true" tabIndex={-1}>
        {layout.seating === 'reserved' ? (
          <PlanThumb plan={layout} />
        ) : (
          <span className="marquee text-5xl text-soft">{t('seating_general')}</span>
        )}
      </Link>
      <div className="hall-facts">
        <h2 className="text-2xl font-bold">{name}</h2>
        <p className="text-soft">
          {[
            t('places_all', { count: capacity }),
            t('version', { version: layoutVersion }),
            turnaroundMinutes === null ? t('turnaround_theatre') : t('turnaround_own', { count: turnaroundMinutes }),
          ].join(' · ')}
        </p>
        <div className="acts">
          <Link href={`/manage/halls/${id}`} className="act act-main" aria-label={`${t('edit_plan')}: ${name}`}>
            {t('edit_plan')}
          </Link>
          <button type="button" className="act" onClick={edit} aria-label={`${house.t('edit')}: ${name}`}>
            {house.t('edit')}
          </button>
          <button type="button" className="act" onClick={remove} aria-label={`${house.t('delete')}: ${name}`}>
            {house.t('delete')}
          </button>
        </div>
      </div>
    </article>
  )
}

function DeleteHall({ hall, close }: { readonly hall: Auditorium; readonly close: () => void }) {
  const { t } = useHallWords()
  const house = useHouseWords()
  const queries = useQueryClient()
  const toast = useToast()
  const remove = useMutation({
    mutationFn: () => call('deleteAuditorium', { params: { id: hall.id } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['halls'] })
      toast({ text: t('hall_deleted', { name: hall.name }) })
      close()
    },
  })
  return (
    <Dialog title={t('delete_hall', { name: hall.name })} close={close}>
      <Form submit={() => remove.mutate()} isBusy={remove.isPending} error={remove.error} label={house.t('delete')}>
        <p>{t('delete_hall_text')}</p>
      </Form>
    </Dialog>
  )
}
