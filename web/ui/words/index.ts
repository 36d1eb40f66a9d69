import type { Locale } from '../../messages/locale.tsx'
import { roomWords } from '../../messages/room.ts'
import type { HouseMessages } from './en.ts'

const load: Readonly<Record<Locale, () => Promise<HouseMessages>>> = {
  en: async () => (await import('./en.ts')).words,
  de: async () => (await import('./de.ts')).words,
  fr: async () => (await import('./fr.ts')).words,
  es: async () => (await import('./es.ts')).words,
}

/** What every page of the house says: save, close, undo. */
export const useHouseWords = roomWords('house', load)
