import type { ManagementMessages } from './en.ts'

export const words: ManagementMessages = {
  manage_navigation: 'Gestión',
  tonight: 'Esta noche',
  schedule: 'Programación',
  films: 'Películas',
  halls: 'Salas',
  prices: 'Precios',
  offers: 'Promociones y vales',
  people: 'Equipo',
  settings: 'Ajustes',
  reports: 'Informes',
  bookings: 'Reservas',
  theatre: 'Cine',
  first_theatre: 'Abra su cine',
  first_theatre_text: 'Un cine tiene un reloj y una moneda. Las salas, las películas y los precios vienen después.',
  open_theatre: 'Abrir el cine',
  theatre_name: 'Nombre del cine',
  city: 'Ciudad',
  time_zone: 'Zona horaria',
  currency: 'Moneda',
}
