import { lazy, Suspense } from 'react'
import type { ComponentType } from 'react'
import { ProgrammePage } from './catalogue/ProgrammePage.tsx'
import { useWords } from './messages/locale.tsx'
import { Boundary } from './ui/Boundary.tsx'
import { Header } from './ui/Header.tsx'
import { NotFound, Waiting } from './ui/states.tsx'
import { useLocation } from './ui/router.tsx'

interface PageProps {
  readonly id: string
}

const pages: readonly (readonly [pattern: RegExp, page: ComponentType<PageProps>])[] = [
  [/^\/$/, ProgrammePage],
  [/^\/films\/([^/]+)$/, lazy(async () => ({ default: (await import('./catalogue/FilmPage.tsx')).FilmPage }))],
  [/^\/theatres\/([^/]+)$/, lazy(async () => ({ default: (await import('./catalogue/TheatrePage.tsx')).TheatrePage }))],
  [/^\/showtimes\/([^/]+)$/, lazy(async () => ({ default: (await import('./seat-map/SeatMapPage.tsx')).SeatMapPage }))],
  [
    /^\/checkout\/([^/]+)$/,
    lazy(async () => ({ default: (await import('./checkout/CheckoutPage.tsx')).CheckoutPage })),
  ],
  [
    /^\/pay\/([^/]+)$/,
    lazy(async () => ({ default: (await import('./checkout/TestPaymentPage.tsx')).TestPaymentPage })),
  ],
  [/^\/bookings\/([^/]+)$/, lazy(async () => ({ default: (await import('./tickets/BookingPage.tsx')).BookingPage }))],
  [/^\/door$/, lazy(async () => ({ default: (await import('./door/DoorPage.tsx')).DoorPage }))],
  [/^\/account$/, lazy(async () => ({ default: (await import('./account/AccountPage.tsx')).AccountPage }))],
]

/** Shows the page that the address names. */
export function Routes() {
  const { path } = useLocation()
  const { t } = useWords()
  const found = pages.map(([pattern, page]) => ({ match: pattern.exec(path), page })).find(({ match }) => match)
  const Page = found?.page ?? NotFound
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:m-2 focus:rounded focus:bg-accent focus:px-4 focus:py-2 focus:text-on-accent"
      >
        {t('skip')}
      </a>
      <Header />
      <main id="main" tabIndex={-1} className="flex-1 outline-none">
        <Boundary key={path}>
          <Suspense fallback={<Waiting />}>
            <Page id={decodeURIComponent(found?.match?.[1] ?? '')} />
          </Suspense>
        </Boundary>
      </main>
      <footer className="page flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 py-8 text-sm text-soft">
        <p>{t('footer')}</p>
        <p>
          <a className="quiet-link" href="/docs">
            API
          </a>
        </p>
      </footer>
    </div>
  )
}
