import type { Theatre } from '../../contract/venues.ts'
import { Link } from '../ui/router.tsx'
import { pages } from './pages.tsx'
import { useManagementWords } from './words/index.ts'

interface NavigationProps {
  readonly theatres: readonly Theatre[]
  readonly theatre: Theatre | undefined
  readonly choose: (theatreId: string) => void
  /** The page that is shown, by its path. */
  readonly current: string
}

/** The strip of a phone is longer than its screen. */
function showIn(link: HTMLAnchorElement | null): void {
  link?.scrollIntoView({ block: 'nearest', inline: 'center' })
}

/** Which theatre, and its pages: at the side of a desk, a strip that scrolls on a phone. */
export function Navigation({ theatres, theatre, choose, current }: NavigationProps) {
  const { t } = useManagementWords()
  return (
    <div className="house-side">
      {theatres.length > 1 ? (
        <select
          aria-label={t('theatre')}
          className="theatre-picker"
          value={theatre?.id}
          onChange={(event) => choose(event.target.value)}
        >
          {theatres.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      ) : (
        theatre && <p className="theatre-name">{theatre.name}</p>
      )}
      <nav aria-label={t('manage_navigation')} className="house-nav">
        {theatre &&
          pages.map(({ path, label }) => (
            <Link
              key={path}
              href={`/manage/${path}`}
              ref={path === current ? showIn : undefined}
              aria-current={path === current ? 'page' : undefined}
            >
              {t(label)}
            </Link>
          ))}
        <span className="house-nav-gap" />
        <Link href="/counter">{t('counter')}</Link>
        <Link href="/door">{t('door_title')}</Link>
      </nav>
    </div>
  )
}
