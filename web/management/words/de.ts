import type { ManagementMessages } from './en.ts'

export const words: ManagementMessages = {
  manage_navigation: 'Leitung',
  tonight: 'Heute Abend',
  schedule: 'Spielplan',
  films: 'Filme',
  halls: 'Säle',
  prices: 'Preise',
  offers: 'Aktionen & Gutscheine',
  people: 'Team',
  settings: 'Einstellungen',
  reports: 'Auswertungen',
  bookings: 'Buchungen',
  theatre: 'Kino',
  first_theatre: 'Eröffnen Sie Ihr Kino',
  first_theatre_text: 'Ein Kino hat eine Uhr und eine Währung. Säle, Filme und Preise folgen.',
  open_theatre: 'Kino eröffnen',
  theatre_name: 'Name des Kinos',
  city: 'Stadt',
  time_zone: 'Zeitzone',
  currency: 'Währung',
}
