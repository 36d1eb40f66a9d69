import { useQuery } from '@tanstack/react-query'
import type { FailureCode } from '../api.ts'
import { useWords } from './locale.tsx'
import type { Locale } from './locale.tsx'

export type Refusals = Readonly<Record<FailureCode, string>>

/** Read only when something is refused: most visits never need them. */
const load: Readonly<Record<Locale, () => Promise<Refusals>>> = {
  en: async () => (await import('./refusals-en.ts')).refusals,
  de: async () => (await import('./refusals-de.ts')).refusals,
  fr: async () => (await import('./refusals-fr.ts')).refusals,
  es: async () => (await import('./refusals-es.ts')).refusals,
}

/** The sentence for a refusal, in the visitor's language. */
export function useRefusals(): (code: FailureCode) => string {
  const { locale, t } = useWords()
  const { data } = useQuery({ queryKey: ['refusals', locale], queryFn: load[locale], staleTime: Infinity })
  return (code) => data?.[code] ?? t('loading')
}
