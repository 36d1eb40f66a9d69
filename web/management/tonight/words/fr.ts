import type { TonightMessages } from './en.ts'

export const words: TonightMessages = {
  tonight_title: 'Ce soir',
  nothing_tonight: 'Rien au programme aujourd’hui.',
  takings_today: 'Recette du jour',
  sold_today: '{count} billet vendu aujourd’hui|{count} billets vendus aujourd’hui',
  of_it_refunded: '{sum} rendus',
  guests_tonight: 'Spectateurs du jour',
  of_places: 'sur {capacity} places, toutes séances',
  next_show: 'Prochaine séance',
  no_more_shows: 'Plus de séance aujourd’hui',
  in_minutes: 'dans {minutes} min',
  sold_of: '{sold} sur {capacity}',
}
