import { lazy } from 'react'
import type { ComponentType } from 'react'
import type { Answer } from '../../contract/client.ts'
import type { Theatre } from '../../contract/venues.ts'
import type { ManagementMessages } from './words/en.ts'

/** What every page of the management is given. */
export interface ManagementPageProps {
  readonly theatre: Theatre
  readonly me: Answer<'getMe'>
  /** What follows the page's own part of the address: an id, or nothing. */
  readonly rest: string
}

interface ManagementPage {
  /** `/manage/{path}`, and everything below it. */
  readonly path: string
  /** Its word in the navigation. */
  readonly label: keyof ManagementMessages
  readonly page: ComponentType<ManagementPageProps>
}

/**
 * The pages of the management in the order of the navigation, which shows exactly these: Tonight, Schedule, Films, Halls,
 * Prices, Promotions & vouchers, People, Settings, Reports, Bookings. To add one: make a folder beside `films/` with its
 * component and its own `words/` (the hook from `roomWords`), and put a line here. The words of the navigation are there already.
 * A page gets the theatre that is managed, starts with its `h1`, and finds Dialog, DataTable, Form and `useToast` in `web/ui/`.
 */
export const pages: readonly ManagementPage[] = [
  {
    path: 'tonight',
    label: 'tonight',
    page: lazy(async () => ({ default: (await import('./tonight/TonightPage.tsx')).TonightPage })),
  },
  {
    path: 'schedule',
    label: 'schedule',
    page: lazy(async () => ({ default: (await import('./schedule/SchedulePage.tsx')).SchedulePage })),
  },
  {
    path: 'films',
    label: 'films',
    page: lazy(async () => ({ default: (await import('./films/FilmsPage.tsx')).FilmsPage })),
  },
  {
    path: 'halls',
    label: 'halls',
    page: lazy(async () => ({ default: (await import('./halls/HallsPage.tsx')).HallsPage })),
  },
  {
    path: 'prices',
    label: 'prices',
    page: lazy(async () => ({ default: (await import('./prices/PricesPage.tsx')).PricesPage })),
  },
  {
    path: 'offers',
    label: 'offers',
    page: lazy(async () => ({ default: (await import('./offers/OffersPage.tsx')).OffersPage })),
  },
  {
    path: 'people',
    label: 'people',
    page: lazy(async () => ({ default: (await import('./people/PeoplePage.tsx')).PeoplePage })),
  },
  {
    path: 'settings',
    label: 'settings',
    page: lazy(async () => ({ default: (await import('./settings/SettingsPage.tsx')).SettingsPage })),
  },
  {
    path: 'reports',
    label: 'reports',
    page: lazy(async () => ({ default: (await import('./reports/ReportsPage.tsx')).ReportsPage })),
  },
  {
    path: 'bookings',
    label: 'bookings',
    page: lazy(async () => ({ default: (await import('./bookings/BookingsPage.tsx')).BookingsPage })),
  },
]
