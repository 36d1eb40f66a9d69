import type { Locale } from '../../messages/locale.tsx'
import { roomWords } from '../../messages/room.ts'
import type { WaitingMessages } from './en.ts'

const load: Readonly<Record<Locale, () => Promise<WaitingMessages>>> = {
  en: async () => (await import('./en.ts')).words,
  de: async () => (await import('./de.ts')).words,
  fr: async () => (await import('./fr.ts')).words,
  es: async () => (await import('./es.ts')).words,
}

export const useWaitingWords = roomWords('waiting-room', load)
