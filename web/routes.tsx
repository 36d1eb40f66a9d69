import { lazy, Suspense, useEffect } from 'react'
import type { ComponentType } from 'react'
import { ProgrammePage } from './catalogue/ProgrammePage.tsx'
import { useWords } from './messages/locale.tsx'
import { Boundary } from './ui/Boundary.tsx'
import { endFirstLook } from './ui/first-look.ts'
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
  [/^\/paid\/([^/]+)$/, lazy(async () => ({ default: (await import('./checkout/ReturnPage.tsx')).ReturnPage }))],
  [/^\/bookings\/([^/]+)$/, lazy(async () => ({ default: (await import('./tickets/BookingPage.tsx')).BookingPage }))],
  [
    /^\/bookings\/([^/]+)\/exchange$/,
    lazy(async () => ({ default: (await import('./tickets/ExchangePage.tsx')).ExchangePage })),
  ],
  [/^\/ticket$/, lazy(async () => ({ default: (await import('./tickets/SharedTicketPage.tsx')).SharedTicketPage }))],
  [/^\/door$/, lazy(async () => ({ default: (await import('./door/DoorPage.tsx')).DoorPage }))],
  [
    /^\/manage(?:\/(.*))?$/,
    lazy(async () => ({ default: (await import('./management/ManagementRoom.tsx')).ManagementRoom })),
  ],
  [/^\/account\/settings$/, lazy(async () => ({ default: (await import('./account/SettingsPage.tsx')).SettingsPage }))],
  [/^\/account\/closed$/, lazy(async () => ({ default: (await import('./account/ClosedPage.tsx')).ClosedPage }))],
  [
    /^\/verify-email$/,
    lazy(async () => ({ default: (await import('./account/VerifyEmailPage.tsx')).VerifyEmailPage })),
  ],
  [
    /^\/forgot-password$/,
    lazy(async () => ({ default: (await import('./account/ForgotPasswordPage.tsx')).ForgotPasswordPage })),
  ],
  [
    /^\/reset-password$/,
    lazy(async () => ({ default: (await import('./account/ResetPasswordPage.tsx')).ResetPasswordPage })),
  ],
  [/^\/counter$/, lazy(async () => ({ default: (await import('./counter/CounterRoom.tsx')).CounterRoom }))],
  [/^\/account$/, lazy(async () => ({ default: (await import('./account/AccountPage.tsx')).AccountPage }))],
]

/** Rooms that are instruments fill the screen, with a frame of their own. */
const instruments = /^\/counter$/

/** Shows the page that the address names. */
export function Routes() {
  const { path } = useLocation()
  const { t } = useWords()
  const found = pages.map(([pattern, page]) => ({ match: pattern.exec(path), page })).find(({ match }) => match)
  const Page = found?.page ?? NotFound
  const isInstrument = instruments.test(path)
  useEffect(endFirstLook, [])
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:m-2 focus:rounded focus:bg-accent focus:px-4 focus:py-2 focus:text-on-accent"
      >
        {t('skip')}
      </a>
      {!isInstrument && <Header />}
      <main id="main" tabIndex={-1} className="flex-1 outline-none">
        {/* The management is a room with pages of its own: it stays while one goes from one to another. */}
        <Boundary key={path.startsWith('/manage') ? '/manage' : path}>
          <Suspense fallback={<Waiting />}>
            <Page id={decodeURIComponent(found?.match?.[1] ?? '')} />
          </Suspense>
        </Boundary>
      </main>
      {!isInstrument && <Footer isHouse={path.startsWith('/manage')} />}
    </div>
  )
}

function Footer({ isHouse }: { readonly isHouse: boolean }) {
  const { t } = useWords()
  return (
    <footer
      className={`page flex flex-wrap items-baseline gap-x-6 gap-y-1 py-8 text-sm text-soft ${isHouse ? 'page-house justify-end' : 'justify-between'}`}
    >
      {!isHouse && <p>{t('footer')}</p>}
      <p className="flex gap-x-6">
        <a className="quiet-link" href="/help">
          {t('help')}
        </a>
        <a className="quiet-link" href="/docs">
          API
        </a>
      </p>
    </footer>
  )
}
