import type { ManagementMessages } from './en.ts'

export const words: ManagementMessages = {
  manage_navigation: 'Gestion',
  tonight: 'Ce soir',
  schedule: 'Planning',
  films: 'Films',
  halls: 'Salles',
  prices: 'Tarifs',
  offers: 'Promotions et bons',
  people: 'Équipe',
  settings: 'Réglages',
  reports: 'Rapports',
  bookings: 'Réservations',
  theatre: 'Cinéma',
  first_theatre: 'Ouvrez votre cinéma',
  first_theatre_text: 'Un cinéma a une horloge et une monnaie. Salles, films et tarifs suivent.',
  open_theatre: 'Ouvrir le cinéma',
  theatre_name: 'Nom du cinéma',
  city: 'Ville',
  time_zone: 'Fuseau horaire',
  currency: 'Monnaie',
}
