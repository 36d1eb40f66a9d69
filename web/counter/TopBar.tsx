import type { ReactNode } from 'react'
import type { Shift } from '../../contract/shifts.ts'
import type { Theatre } from '../../contract/venues.ts'
import { useNow } from '../ui/now.ts'
import { Link } from '../ui/router.tsx'
import { LanguageSwitch, ThemeSwitch } from '../ui/Header.tsx'
import type { SheetName } from './Sheets.tsx'
import { useCounterWords } from './words/index.ts'

interface TopBarProps {
  readonly theatres: readonly Theatre[]
  readonly theatre: Theatre
  readonly choose: (id: string) => void
  readonly shift: Shift | null
  readonly isOffline: boolean
  readonly open: (sheet: SheetName) => void
}

/** Which house, which till, what time; and what is not selling. */
export function TopBar(props: TopBarProps) {
  const { theatres, theatre, choose, shift, isOffline, open } = props
  const { t, clock } = useCounterWords()
  const now = useNow(5000)
  return (
    <header className="till-bar">
      <Link href="/" className="wide text-lg tracking-tight" aria-label={t('home')}>
        Matinee<span className="text-accent">.</span>
      </Link>
      <h1 className="till-name">{t('counter')}</h1>
      {theatres.length > 1 ? (
        <select
          aria-label={t('theatre')}
          className="till-house"
          value={theatre.id}
          onChange={(event) => choose(event.target.value)}
        >
          {theatres.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      ) : (
        <p className="till-house">{theatre.name}</p>
      )}
      <span className="till-clock" data-offline={isOffline}>
        {isOffline ? t('no_connection') : clock(new Date(now).toISOString(), theatre.timeZone)}
      </span>
      <nav className="till-tools" aria-label={t('tools')}>
        <Tool act={() => open('find')} hint="F4">
          {t('find')}
        </Tool>
        <Tool act={() => open('shift')} hint="F8" isMarked={shift === null}>
          {shift ? t('till_shift', { till: shift.till, number: shift.number }) : t('no_shift')}
        </Tool>
        <Tool act={() => open('help')} hint="?" isOnlyWide>
          {t('keys')}
        </Tool>
        <LanguageSwitch />
        <ThemeSwitch />
      </nav>
    </header>
  )
}

interface ToolProps {
  readonly act: () => void
  readonly hint: string
  readonly isMarked?: boolean
  /** A phone has no keys to explain. */
  readonly isOnlyWide?: boolean
  readonly children: ReactNode
}

function Tool({ act, hint, isMarked = false, isOnlyWide = false, children }: ToolProps) {
  return (
    <button
      type="button"
      className="till-tool"
      data-marked={isMarked}
      data-only={isOnlyWide ? 'wide' : undefined}
      onClick={act}
    >
      {children} <kbd aria-hidden="true">{hint}</kbd>
    </button>
  )
}
