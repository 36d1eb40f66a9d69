import { useState } from 'react'
import { useWords } from '../messages/locale.tsx'
import { anything, choicesOf, isAnything } from './filters.ts'
import { whereAmI } from './near.ts'
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
      {withPlaces && 'geolocation' in navigator && <NearMe wanted={wanted} change={change} />}
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

/** Asks where one is when it is pressed, and not before; nobody else is told. */
function NearMe({ wanted, change }: Pick<FilterBarProps, 'wanted' | 'change'>) {
  const { t } = useWords()
  const [state, setState] = useState<'idle' | 'asking' | 'refused'>('idle')
  const press = async () => {
    if (wanted.near) return change({ ...wanted, near: null })
    setState('asking')
    try {
      change({ ...wanted, near: await whereAmI() })
      setState('idle')
    } catch {
      setState('refused')
    }
    return undefined
  }
  return (
    <div className="col-span-full flex flex-wrap items-center gap-x-4">
      <button
        type="button"
        className="button aria-pressed:border-accent aria-pressed:bg-accent aria-pressed:text-on-accent"
        aria-pressed={wanted.near !== null}
        disabled={state === 'asking'}
        onClick={() => void press()}
      >
        {t('near_me')}
      </button>
      <output className="text-sm text-soft">{state === 'refused' && t('near_refused')}</output>
    </div>
  )
}
