import type { TicketLocale } from './model.ts'

/** The words on tickets, receipts and calendar entries. */
export interface TicketWords {
  readonly screen: string
  readonly row: string
  readonly seat: string
  readonly freeSeating: string
  readonly reference: string
  readonly ticketOf: (number: number, count: number) => string
  /** For a screening after midnight: which night it belongs to. */
  readonly nightOf: (weekday: string) => string
  readonly terms: string
  readonly receipt: string
  readonly booking: string
  readonly soldAt: string
  readonly customer: string
  readonly subtotal: string
  readonly discount: string
  readonly fees: string
  readonly taxAdded: (ratePercent: string) => string
  readonly taxIncluded: (ratePercent: string) => string
  readonly total: string
  readonly payments: string
  readonly refund: string
  readonly refunded: string
  readonly open: string
  readonly methods: Readonly<Record<string, string>>
}

const words: Readonly<Record<TicketLocale, TicketWords>> = {
  en: {
    screen: 'Screen',
    row: 'Row',
    seat: 'Seat',
    freeSeating: 'Unreserved seating',
    reference: 'Booking',
    ticketOf: (number, count) => `Ticket ${number} of ${count}`,
    nightOf: (weekday) => `${weekday} night`,
    terms: 'One person, one entry. Please have this code ready at the door.',
    receipt: 'Receipt',
    booking: 'Booking',
    soldAt: 'Date of sale',
    customer: 'Customer',
    subtotal: 'Subtotal',
    discount: 'Discount',
    fees: 'Fees',
    taxAdded: (rate) => `Tax ${rate}`,
    taxIncluded: (rate) => `Tax included ${rate}`,
    total: 'Total',
    payments: 'Payments',
    refund: 'Refund',
    refunded: 'Refunded',
    open: 'To pay',
    methods: { card: 'Card', cash: 'Cash', voucher: 'Voucher', comp: 'Complimentary', test: 'Test payment' },
  },
  de: {
    screen: 'Saal',
    row: 'Reihe',
    seat: 'Platz',
    freeSeating: 'Freie Platzwahl',
    reference: 'Buchung',
    ticketOf: (number, count) => `Karte ${number} von ${count}`,
    nightOf: (weekday) => `Nacht von ${weekday}`,
    terms: 'Eine Person, ein Einlass. Bitte halten Sie diesen Code am Einlass bereit.',
    receipt: 'Beleg',
    booking: 'Buchung',
    soldAt: 'Verkauft am',
    customer: 'Kunde',
    subtotal: 'Zwischensumme',
    discount: 'Rabatt',
    fees: 'Gebühren',
    taxAdded: (rate) => `MwSt. ${rate}`,
    taxIncluded: (rate) => `Enthaltene MwSt. ${rate}`,
    total: 'Gesamt',
    payments: 'Zahlungen',
    refund: 'Erstattung',
    refunded: 'Erstattet',
    open: 'Zu zahlen',
    methods: { card: 'Karte', cash: 'Bar', voucher: 'Gutschein', comp: 'Freikarte', test: 'Testzahlung' },
  },
  fr: {
    screen: 'Salle',
    row: 'Rang',
    seat: 'Place',
    freeSeating: 'Placement libre',
    reference: 'Réservation',
    ticketOf: (number, count) => `Billet ${number} sur ${count}`,
    nightOf: (weekday) => `nuit de ${weekday}`,
    terms: 'Une personne, une entrée. Merci de préparer ce code pour l’entrée.',
    receipt: 'Reçu',
    booking: 'Réservation',
    soldAt: 'Date de vente',
    customer: 'Client',
    subtotal: 'Sous-total',
    discount: 'Remise',
    fees: 'Frais',
    taxAdded: (rate) => `TVA ${rate}`,
    taxIncluded: (rate) => `TVA incluse ${rate}`,
    total: 'Total',
    payments: 'Paiements',
    refund: 'Remboursement',
    refunded: 'Remboursé',
    open: 'À payer',
    methods: { card: 'Carte', cash: 'Espèces', voucher: 'Bon', comp: 'Invitation', test: 'Paiement d’essai' },
  },
  es: {
    screen: 'Sala',
    row: 'Fila',
    seat: 'Butaca',
    freeSeating: 'Butacas sin numerar',
    reference: 'Reserva',
    ticketOf: (number, count) => `Entrada ${number} de ${count}`,
    nightOf: (weekday) => `noche del ${weekday}`,
    terms: 'Una persona, un acceso. Tenga este código a mano en la entrada.',
    receipt: 'Recibo',
    booking: 'Reserva',
    soldAt: 'Fecha de venta',
    customer: 'Cliente',
    subtotal: 'Subtotal',
    discount: 'Descuento',
    fees: 'Gastos',
    taxAdded: (rate) => `IVA ${rate}`,
    taxIncluded: (rate) => `IVA incluido ${rate}`,
    total: 'Total',
    payments: 'Pagos',
    refund: 'Devolución',
    refunded: 'Devuelto',
    open: 'Por pagar',
    methods: { card: 'Tarjeta', cash: 'Efectivo', voucher: 'Vale', comp: 'Invitación', test: 'Pago de prueba' },
  },
}

// Where English is written, days come before months.
export const calendars: Readonly<Record<TicketLocale, string>> = { en: 'en-GB', de: 'de-DE', fr: 'fr-FR', es: 'es-ES' }

export function ticketWords(locale: TicketLocale): TicketWords {
  return words[locale]
}

/** A hall as a sentence can name it: one that is called `2` is `Screen 2`. */
export function hallName(auditoriumName: string, locale: TicketLocale): string {
  return /^\d+$/.test(auditoriumName) ? `${words[locale].screen} ${auditoriumName}` : auditoriumName
}

/** `Friday 25 December 2026, 19:30`, on the theatre's wall. */
export function longStart(startsAtMs: number, timeZone: string, locale: TicketLocale): string {
  return `${longDay(startsAtMs, timeZone, locale)}, ${clockTime(startsAtMs, timeZone)}`
}

/** `Friday 25 December 2026` */
export function longDay(atMs: number, timeZone: string, locale: TicketLocale): string {
  const text = new Intl.DateTimeFormat(calendars[locale], {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone,
  }).format(atMs)
  // Versions of the locale data differ in a comma after the weekday; English tickets have none.
  return locale === 'en' ? text.replace(',', '') : text
}

/** `25/12/2026, 19:30`, as the language writes it. */
export function shortTime(atMs: number, timeZone: string, locale: TicketLocale): string {
  return new Intl.DateTimeFormat(calendars[locale], {
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone,
  }).format(atMs)
}

/** The weekday of a day (`2026-12-25` → `Friday`). */
export function weekdayOf(day: string, locale: TicketLocale): string {
  const format = new Intl.DateTimeFormat(calendars[locale], { weekday: 'long', timeZone: 'UTC' })
  return format.format(new Date(`${day}T12:00:00Z`))
}

/** Minor units as money is written: `£12.50`, `12,50 €`. */
export function moneyText(amount: number, currency: string, locale: TicketLocale): string {
  const format = new Intl.NumberFormat(calendars[locale], {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
  })
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2
  return format.format(amount / 10 ** digits)
}

/** `20%`, `7,7 %` */
export function percentText(percent: number, locale: TicketLocale): string {
  return new Intl.NumberFormat(calendars[locale], { style: 'percent', maximumFractionDigits: 3 }).format(percent / 100)
}

function clockTime(atMs: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone }).format(
    atMs,
  )
}
