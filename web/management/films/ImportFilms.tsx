import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { MovieInput } from '../../../contract/catalogue.ts'
import { RefusedCall } from '../../../contract/client.ts'
import { call, isRefused } from '../../api.ts'
import { useRefusals } from '../../messages/refusals.ts'
import { Form } from '../../ui/form.tsx'
import { readFilms } from './read-films.ts'
import type { FilmInFile, FilmsInFile } from './read-films.ts'
import { useFilmWords } from './words/index.ts'

interface Objection {
  readonly at: FilmInFile
  readonly error: RefusedCall
}

/** What became of a file. */
interface Imported {
  readonly added: number
  readonly known: number
  readonly refused: readonly Objection[]
}

const patienceMs = 5000

/** Adds the films of a file one after the other; what is there already is left as it is. Throws where the house cannot be reached. */
async function importFilms(films: readonly FilmInFile[], tell: (done: number) => void): Promise<Imported> {
  let [added, known] = [0, 0]
  const refused: Objection[] = []
  for (const [index, at] of films.entries()) {
    tell(index)
    try {
      if (await isThere(at.film)) known += 1
      else {
        await addPatiently(at.film)
        added += 1
      }
    } catch (error) {
      if (!(error instanceof RefusedCall)) throw error
      refused.push({ at, error })
    }
  }
  return { added, known, refused }
}

async function isThere({ title, year }: MovieInput): Promise<boolean> {
  const { data } = await call('listMovies', { query: { q: title.slice(0, 200), limit: 100 } })
  return data.some((film) => film.title === title && (year === undefined || year === null || film.year === year))
}

/** A long file meets the limits of the house: then it waits for its turn. */
async function addPatiently(film: MovieInput): Promise<void> {
  const idempotencyKey = crypto.randomUUID()
  for (;;) {
    try {
      await call('createMovie', { body: film, idempotencyKey })
      return
    } catch (error) {
      if (!isRefused(error, 'rate_limited', 'busy', 'overloaded')) throw error
      await new Promise((resolve) => setTimeout(resolve, patienceMs))
    }
  }
}

/** Many films at once, from a file of another system. */
export function ImportFilms({ close }: { readonly close: () => void }) {
  const { t } = useFilmWords()
  const queries = useQueryClient()
  const [file, setFile] = useState<FilmsInFile | null>(null)
  const [done, setDone] = useState(0)
  const films = file?.films ?? []
  const add = useMutation({
    mutationFn: () => importFilms(films, setDone),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['films'] }),
  })
  if (add.data) return <Result imported={add.data} close={close} />
  return (
    <Form
      submit={() => add.mutate()}
      isBusy={add.isPending || films.length === 0}
      error={add.error}
      label={t('import_go')}
      busyLabel={add.isPending ? t('import_going', { done, count: films.length }) : t('import_go')}
    >
      <label className="grid gap-1.5 font-semibold">
        {t('import_choose')}
        <input
          type="file"
          className="field"
          accept=".json,.ndjson,.jsonl,.csv,.txt"
          onChange={(event) => {
            const chosen = event.target.files?.[0]
            void chosen?.text().then((text) => setFile(readFilms(text)))
          }}
        />
        <span className="text-sm font-normal text-soft">{t('import_hint')}</span>
      </label>
      {file && (
        <output className="grid gap-1">
          <p className="font-bold">
            {films.length === 0 ? t('import_none') : t('import_found', { count: films.length })}
          </p>
          {file.unreadable.length > 0 && (
            <p className="text-soft">{t('import_unreadable', { lines: shortList(file.unreadable) })}</p>
          )}
        </output>
      )}
    </Form>
  )
}

const mostNamed = 12

function shortList(lines: readonly number[]): string {
  return lines.slice(0, mostNamed).join(', ') + (lines.length > mostNamed ? ' …' : '')
}

function Result({ imported, close }: { readonly imported: Imported; readonly close: () => void }) {
  const { t } = useFilmWords()
  const sentence = useRefusals()
  const { added, known, refused } = imported
  return (
    <div className="grid gap-4">
      <output className="grid gap-1">
        <p className="text-xl font-bold">{t('import_added', { count: added })}</p>
        {known > 0 && <p className="text-soft">{t('import_known', { count: known })}</p>}
      </output>
      {refused.length > 0 && (
        <ul className="grid gap-2">
          {refused.map(({ at, error }) => (
            <li key={at.line}>
              {t('import_problem', { line: at.line, title: at.film.title, problem: sentence(error.problem.code) })}{' '}
              <span className="text-soft">
                {error.problem.errors?.map(({ path, message }) => `${path.slice(1)} ${message}`).join('; ')}
              </span>
            </li>
          ))}
        </ul>
      )}
      <button type="button" className="button button-main justify-self-end" onClick={close}>
        {t('import_done')}
      </button>
    </div>
  )
}
