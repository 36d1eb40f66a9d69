import { useSuspenseQuery } from '@tanstack/react-query'
import { useWords } from './locale.tsx'
import type { Language, Locale } from './locale.tsx'
import { createTranslation } from './words.ts'
import type { MessageKey, Values } from './words.ts'

/** How a room says things: its own messages, and everything that every page has. */
export interface RoomWords<Key extends string> extends Omit<Language, 't'> {
  readonly t: (key: Key | MessageKey, values?: Values) => string
}

/**
 * Messages of one room, read with it: the audience never loads the words of the house. `load` brings those of each language
 * (`web/<room>/words/en.ts` and beside it), of one type; what comes back is the hook, with the `t` of `useWords` and more keys.
 * Its first use suspends.
 */
export function roomWords<Messages extends Readonly<Record<string, string>>>(
  room: string,
  load: Readonly<Record<Locale, () => Promise<Messages>>>,
): () => RoomWords<Extract<keyof Messages, string>> {
  return function useRoomWords() {
    const language = useWords()
    const { data } = useSuspenseQuery({
      queryKey: ['words', room, language.locale],
      queryFn: load[language.locale],
      staleTime: Infinity,
      gcTime: Infinity,
    })
    const own = createTranslation(language.locale, data)
    const isOwn = (key: string): key is Extract<keyof Messages, string> => Object.hasOwn(data, key)
    return { ...language, t: (key, values) => (isOwn(key) ? own(key, values) : language.t(key, values)) }
  }
}
