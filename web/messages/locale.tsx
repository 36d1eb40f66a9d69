import { createContext, startTransition, useContext, useEffect, useMemo, useState } from 'react'
import type { ReactNode } from 'react'
import { readStored, writeStored } from '../ui/stored.ts'
import { createWords } from './words.ts'
import type { Messages, Words } from './words.ts'

export const locales = { en: 'English', de: 'Deutsch', fr: 'Français', es: 'Español' } as const
export type Locale = keyof typeof locales

const load: Readonly<Record<Locale, () => Promise<Messages>>> = {
  en: async () => (await import('./en.ts')).en,
  de: async () => (await import('./de.ts')).de,
  fr: async () => (await import('./fr.ts')).fr,
  es: async () => (await import('./es.ts')).es,
}

export interface Language extends Words {
  readonly locale: Locale
  readonly choose: (locale: Locale) => void
}
const Context = createContext<Language | null>(null)

/** The words and formats of the chosen language. */
export function useWords(): Language {
  const language = useContext(Context)
  if (!language) throw new Error('No language around this component')
  return language
}

function isLocale(text: string): text is Locale {
  return text in locales
}

function preferred(): Locale {
  // The address may name a language (the links that search engines are given do), else it is the one that was chosen.
  const asked = new URLSearchParams(location.search).get('lang') ?? ''
  const kept = readStored<string>('language', '')
  const wanted = [asked, kept, ...navigator.languages.map((tag) => tag.slice(0, 2))]
  return wanted.find(isLocale) ?? 'en'
}

/** Gives the page its language: the one that was chosen, else the browser's, else English. */
export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [locale, setLocale] = useState<Locale>(preferred)
  const [loaded, setLoaded] = useState<{ locale: Locale; messages: Messages } | null>(null)
  const before = loaded?.locale
  useEffect(() => {
    if (before === locale) return undefined
    let left = false
    const fetchMessages = async () => {
      try {
        const messages = await load[locale]()
        // The page stays as it is until every part of it has its words: nothing that was typed or opened is lost.
        if (!left) startTransition(() => setLoaded({ locale, messages }))
      } catch {
        // Without a network the words cannot be had: the language before is better than an empty page.
        if (!left) setLocale(before ?? 'en')
      }
    }
    void fetchMessages()
    return () => {
      left = true
    }
  }, [locale, before])
  useEffect(() => {
    if (loaded) document.documentElement.lang = loaded.locale
  }, [loaded])
  const language = useMemo<Language | null>(
    () =>
      loaded && {
        ...createWords(loaded.locale, loaded.messages),
        locale: loaded.locale,
        choose(chosen) {
          writeStored('language', chosen)
          writeStored('locale', null)
          setLocale(chosen)
        },
      },
    [loaded],
  )
  // Not a word in the wrong language at first: a moment of nothing while the right one arrives.
  return <Context value={language}>{loaded && children}</Context>
}
