import { useState } from 'react'
import { useWords } from '../messages/locale.tsx'
import { anything, choicesOf, isAnything } from './filters.ts'
import type { Wanted } from './filters.ts'
import type { Listed } from './showtimes.ts'

interface FilterBarProps {
  readonly showtimes: readonly Listed[]
  readonly wanted: Wanted
  readonly change: (wanted: Wanted) => void
  readonly withPlaces: boolean
}

/** Search as you type, and what a day has to choose from. */
export function FilterBar(props: FilterBarProps) {
  const { wanted, change } = props
  const { t } = useWords()
  const [isOpen, setOpen] = useState(false)
  return (
    <search className="grid gap-3">
      <div className="flex gap-2">
        <label className="min-w-0 flex-1">
          <span className="sr-only">{t('search')}</span>
          <input
            type="search"
            className="field"
            placeholder={t('search_hint')}
            value={wanted.words}
            onChange={(event) => change({ ...wanted, words: event.target.value })}
          />
        </label>
        <button type="button" className="button shrink-0" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {t('filters')}
        </button>
      </div>
      {isOpen && <Choices {...props} />}
    </search>
  )
}

function Choices({ showtimes, wanted, change, withPlaces }: FilterBarProps) {
  const { t, tOr, language } = useWords()
  const choices = choicesOf(showtimes)
  const places = [
    ...choices.cities.map((city) => [city, city] as const),
    ...choices.theatres.map(({ id, name, city }) => [id, `${name}, ${city}`] as const),
  ]
  const genres = choices.genres.map((genre) => [genre, tOr(`genre_${genre}`, genre.replaceAll('_', ' '))] as const)
  const selects = [
    ...(withPlaces ? [['place', t('filter_place'), places] as const] : []),
    ['genre', t('filter_genre'), genres] as const,
    ['format', t('filter_format'), choices.formats.map((value) => [value, value.toUpperCase()] as const)] as const,
    ['language', t('filter_language'), choices.languages.map((value) => [value, language(value)] as const)] as const,
  ]
  return (
    <div className="grid grid-cols-2 gap-3 sm:grid-cols-4">
      {selects.map(([name, label, options]) => (
        <label key={name} className="grid gap-1">
          <span className="label">{label}</span>
          <select
            className="field"
            value={wanted[name]}
            onChange={(event) => change({ ...wanted, [name]: event.target.value })}
          >
            <option value="">{t('any')}</option>
            {options.map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
        </label>
      ))}
      {choices.accessible && (
        <label className="col-span-full flex min-h-11 items-center gap-3">
          <input
            type="checkbox"
            className="size-5 accent-accent"
            checked={wanted.accessible}
            onChange={(event) => change({ ...wanted, accessible: event.target.checked })}
          />
          {t('filter_accessible')}
        </label>
      )}
      {!isAnything(wanted) && (
        <button type="button" className="quiet-link justify-self-start" onClick={() => change(anything)}>
          {t('clear_filters')}
        </button>
      )}
    </div>
  )
}
