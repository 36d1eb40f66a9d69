import { useState } from 'react'
import { locales, useWords } from '../messages/locale.tsx'
import type { Locale } from '../messages/locale.tsx'
import { useMe } from '../session.ts'
import { Link, useLocation } from './router.tsx'

const localeTags: readonly Locale[] = ['en', 'de', 'fr', 'es']

/** On every page: home, one's tickets, the language and the light. */
export function Header() {
  const { t } = useWords()
  const { me } = useMe()
  const { path } = useLocation()
  return (
    <header className="border-b border-line">
      <div
        className={`page flex min-h-16 ${path.startsWith('/manage') ? 'page-house' : ''} items-center gap-2 max-[23rem]:gap-0 sm:gap-5`}
      >
        <Link href="/" className="wide -ms-1 rounded px-1 text-lg tracking-tight sm:text-xl" aria-label={t('home')}>
          Matinee<span className="text-accent">.</span>
        </Link>
        <nav aria-label={t('main_navigation')} className="ms-auto flex items-center gap-1 max-[23rem]:gap-0">
          {me && ['owner', 'admin'].includes(me.role) && (
            <Link
              href="/manage"
              aria-current={path.startsWith('/manage') ? 'page' : undefined}
              className="rounded-full px-3 py-2 whitespace-nowrap max-[23rem]:px-1.5 font-semibold hover:bg-raised aria-[current=page]:bg-raised"
            >
              {t('manage')}
            </Link>
          )}
          {me && me.role !== 'customer' && (
            <Link
              href="/counter"
              className="rounded-full px-3 py-2 whitespace-nowrap max-[23rem]:px-1.5 font-semibold hover:bg-raised max-sm:hidden"
            >
              {t('counter')}
            </Link>
          )}
          {me && me.role !== 'customer' && (
            <Link
              href="/door"
              className={`rounded-full px-3 py-2 whitespace-nowrap max-[23rem]:px-1.5 font-semibold hover:bg-raised ${me.role === 'staff' ? '' : 'max-sm:hidden'}`}
            >
              {t('door_title')}
            </Link>
          )}
          <Link
            href="/account"
            aria-current={path === '/account' ? 'page' : undefined}
            className="rounded-full px-3 py-2 whitespace-nowrap max-[23rem]:px-1.5 font-semibold hover:bg-raised aria-[current=page]:bg-raised"
          >
            {me ? me.name.split(' ')[0] : t('my_tickets')}
          </Link>
        </nav>
        <LanguageSwitch />
        <ThemeSwitch />
      </div>
    </header>
  )
}

export function LanguageSwitch() {
  const { t, locale, choose } = useWords()
  return (
    <label className="relative grid size-11 place-items-center rounded-full font-semibold uppercase focus-within:outline-3 focus-within:outline-accent hover:bg-raised">
      <span className="sr-only">{t('language')}</span>
      <span aria-hidden="true">{locale}</span>
      <select
        className="absolute inset-0 cursor-pointer appearance-none opacity-0"
        value={locale}
        onChange={(event) => {
          const chosen = localeTags.find((tag) => tag === event.target.value)
          if (chosen) choose(chosen)
        }}
      >
        {localeTags.map((tag) => (
          <option key={tag} value={tag} className="bg-raised text-ink">
            {locales[tag]}
          </option>
        ))}
      </select>
    </label>
  )
}

export function ThemeSwitch() {
  const { t } = useWords()
  const [isLight, setLight] = useState(document.documentElement.dataset['theme'] === 'light')
  const turn = () => {
    const theme = isLight ? 'dark' : 'light'
    document.documentElement.dataset['theme'] = theme
    try {
      localStorage.setItem('matinee.theme', theme)
    } catch {
      // The next visit begins in the dark again.
    }
    setLight(!isLight)
  }
  return (
    <button
      type="button"
      role="switch"
      aria-checked={isLight}
      aria-label={t('light_theme')}
      title={t('light_theme')}
      onClick={turn}
      className="grid size-11 place-items-center rounded-full hover:bg-raised"
    >
      <svg viewBox="0 0 24 24" className="size-5" fill="currentColor" aria-hidden="true">
        {isLight ? (
          <path d="M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z" />
        ) : (
          <path d="M12 7a5 5 0 1 1 0 10 5 5 0 0 1 0-10zm-1-6h2v4h-2zm0 18h2v4h-2zM1 11h4v2H1zm18 0h4v2h-4zM4.2 2.8l2.9 2.9-1.4 1.4-2.9-2.9zm14.1 14.1 2.9 2.9-1.4 1.4-2.9-2.9zM2.8 19.8l2.9-2.9 1.4 1.4-2.9 2.9zM16.9 5.7l2.9-2.9 1.4 1.4-2.9 2.9z" />
        )}
      </svg>
    </button>
  )
}
