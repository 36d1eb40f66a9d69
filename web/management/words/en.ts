/** Words of the frame around every page of the management. */
export const words = {
  manage_navigation: 'Management',
  tonight: 'Tonight',
  schedule: 'Schedule',
  films: 'Films',
  halls: 'Halls',
  prices: 'Prices',
  offers: 'Promotions & vouchers',
  people: 'People',
  settings: 'Settings',
  reports: 'Reports',
  bookings: 'Bookings',
  theatre: 'Theatre',
  first_theatre: 'Open your theatre',
  first_theatre_text: 'A theatre has a clock and a currency. Halls, films and prices follow.',
  open_theatre: 'Open theatre',
  theatre_name: 'Theatre name',
  city: 'City',
  time_zone: 'Time zone',
  currency: 'Currency',
}
export type ManagementMessages = Readonly<Record<keyof typeof words, string>>
