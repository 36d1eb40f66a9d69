import type { TonightMessages } from './en.ts'

export const words: TonightMessages = {
  tonight_title: 'Esta noche',
  nothing_tonight: 'Hoy no hay sesiones.',
  takings_today: 'Recaudación de hoy',
  sold_today: '{count} entrada vendida hoy|{count} entradas vendidas hoy',
  of_it_refunded: '{sum} devueltos',
  guests_tonight: 'Espectadores del día',
  of_places: 'de {capacity} plazas en todas las sesiones',
  next_show: 'Próxima sesión',
  no_more_shows: 'No hay más sesiones hoy',
  in_minutes: 'en {minutes} min',
  sold_of: '{sold} de {capacity}',
}
