import type { TonightMessages } from './en.ts'

export const words: TonightMessages = {
  tonight_title: 'Heute Abend',
  nothing_tonight: 'Heute läuft nichts.',
  takings_today: 'Einnahmen heute',
  sold_today: '{count} Karte heute verkauft|{count} Karten heute verkauft',
  of_it_refunded: '{sum} zurückgegeben',
  guests_tonight: 'Gäste des Tages',
  of_places: 'von {capacity} Plätzen in allen Vorstellungen',
  next_show: 'Nächste Vorstellung',
  no_more_shows: 'Heute keine Vorstellung mehr',
  in_minutes: 'in {minutes} Min.',
  sold_of: '{sold} von {capacity}',
}
