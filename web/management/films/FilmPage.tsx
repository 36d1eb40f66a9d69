import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Movie } from '../../../contract/catalogue.ts'
import { call, isRefused } from '../../api.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { Link, navigate } from '../../ui/router.tsx'
import { Failed, FailedPage, Notice, Waiting } from '../../ui/states.tsx'
import { useToast } from '../../ui/toast.tsx'
import { useHouseWords } from '../../ui/words/index.ts'
import { FilmForm } from './FilmForm.tsx'
import { useFilmWords } from './words/index.ts'

/** `/manage/films/{id}`: one film, to be changed, archived or deleted. */
export function FilmPage({ id }: { readonly id: string }) {
  const { t } = useFilmWords()
  const toast = useToast()
  const {
    data: film,
    error,
    refetch,
  } = useQuery({
    queryKey: ['film', id],
    queryFn: ({ signal }) => call('getMovie', { params: { id }, signal }),
  })
  if (error) return <FailedPage error={error} retry={() => void refetch()} />
  if (!film) return <Waiting />
  return (
    <div className="max-w-5xl">
      <title>{film.title}</title>
      <Link href="/manage/films" className="quiet-link text-soft">
        {t('all_films_back')}
      </Link>
      <h1 className="marquee my-4 text-5xl sm:text-6xl">{film.title}</h1>
      <FilmForm
        // A poster that arrived, or a status set beside the form, begins the form anew.
        key={film.updatedAt}
        film={film}
        beside={<EndOfRun film={film} />}
        saved={(saved, hasPoster) =>
          toast({ text: hasPoster ? t('film_saved', { title: saved.title }) : t('poster_failed') })
        }
      />
    </div>
  )
}

function useStatus(film: Movie) {
  const { t } = useFilmWords()
  const queries = useQueryClient()
  const toast = useToast()
  const set = useMutation({
    mutationFn: (status: Movie['status']) => call('updateMovie', { params: { id: film.id }, body: { status } }),
    onSuccess: (kept) => {
      queries.setQueryData(['film', film.id], kept)
      void queries.invalidateQueries({ queryKey: ['films'] })
    },
  })
  const change = (to: Movie['status']) =>
    set.mutate(to, {
      onSuccess: () =>
        toast({
          text: t(to === 'archived' ? 'film_archived' : 'film_back', { title: film.title }),
          undo: () => set.mutate(film.status),
        }),
    })
  return { change, set }
}

/** Out of the way, or gone. */
function EndOfRun({ film }: { readonly film: Movie }) {
  const { t } = useFilmWords()
  const house = useHouseWords()
  const status = useStatus(film)
  const [isDeleting, setDeleting] = useState(false)
  const isArchived = film.status === 'archived'
  return (
    <>
      <button
        type="button"
        className="button"
        disabled={status.set.isPending}
        onClick={() => status.change(isArchived ? 'now_showing' : 'archived')}
      >
        {t(isArchived ? 'bring_back' : 'archive')}
      </button>
      <button type="button" className="button" onClick={() => setDeleting(true)}>
        {house.t('delete')}
      </button>
      <Failed of={status.set} />
      {isDeleting && (
        <DeleteFilm film={film} close={() => setDeleting(false)} archive={() => status.change('archived')} />
      )}
    </>
  )
}

interface DeleteFilmProps {
  readonly film: Movie
  readonly close: () => void
  readonly archive: () => void
}

function DeleteFilm({ film, close, archive }: DeleteFilmProps) {
  const { t } = useFilmWords()
  const house = useHouseWords()
  const toast = useToast()
  const queries = useQueryClient()
  const remove = useMutation({
    mutationFn: () => call('deleteMovie', { params: { id: film.id } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['films'] })
      toast({ text: t('film_deleted', { title: film.title }) })
      navigate('/manage/films', { replace: true })
    },
  })
  return (
    <Dialog title={t('delete_question', { title: film.title })} close={close}>
      <div className="grid justify-items-start gap-4">
        {isRefused(remove.error, 'movie_in_use') ? (
          <Notice tone="bad" title={t('cannot_delete')}>
            {film.status !== 'archived' && (
              <button
                type="button"
                className="button"
                onClick={() => {
                  close()
                  archive()
                }}
              >
                {t('archive')}
              </button>
            )}
          </Notice>
        ) : (
          <>
            <p className="text-soft">{t('delete_text')}</p>
            <Failed of={remove} />
            <div className="flex flex-wrap gap-3">
              <button
                type="button"
                className="button button-main"
                disabled={remove.isPending}
                onClick={() => remove.mutate()}
              >
                {house.t('delete')}
              </button>
              <button type="button" className="button" onClick={close}>
                {house.t('keep_as_is')}
              </button>
            </div>
          </>
        )}
      </div>
    </Dialog>
  )
}
