import type { TicketLocale } from '../tickets/model.ts'

/** What previews and search engines are told, as one language says it; `{name}` is filled in. */
export interface StorefrontWords {
  readonly programme: string
  readonly programmeAt: string
  readonly programmeText: string
  readonly film: string
  readonly filmText: string
  readonly theatreText: string
  readonly showtimeText: string
  readonly from: string
  readonly missing: string
}

const words: Readonly<Record<TicketLocale, StorefrontWords>> = {
  en: {
    programme: 'Programme and tickets',
    programmeAt: '{name}: programme and tickets',
    programmeText: 'What is on, which seats are free, and your ticket in under a minute.',
    film: '{title}: times and tickets',
    filmText: '{title}, {minutes} minutes. All times, free seats and tickets.',
    theatreText: '{place}: what is on, which seats are free, and tickets.',
    showtimeText: 'Choose your seats: {title}, {when}, {place}.',
    from: 'Tickets from {price}.',
    missing: 'Nothing on this screen',
  },
  de: {
    programme: 'Programm und Tickets',
    programmeAt: '{name}: Programm und Tickets',
    programmeText: 'Was läuft, welche Plätze frei sind, und das Ticket in weniger als einer Minute.',
    film: '{title}: Zeiten und Tickets',
    filmText: '{title}, {minutes} Minuten. Alle Zeiten, freie Plätze und Tickets.',
    theatreText: '{place}: was läuft, welche Plätze frei sind, und Tickets.',
    showtimeText: 'Plätze wählen: {title}, {when}, {place}.',
    from: 'Tickets ab {price}.',
    missing: 'Auf dieser Leinwand läuft nichts',
  },
  fr: {
    programme: 'Programme et billets',
    programmeAt: '{name} : programme et billets',
    programmeText: 'Ce qui passe, les places libres, et votre billet en moins d’une minute.',
    film: '{title} : séances et billets',
    filmText: '{title}, {minutes} minutes. Toutes les séances, les places libres et les billets.',
    theatreText: '{place} : ce qui passe, les places libres et les billets.',
    showtimeText: 'Choisissez vos places : {title}, {when}, {place}.',
    from: 'Billets à partir de {price}.',
    missing: 'Rien sur cet écran',
  },
  es: {
    programme: 'Cartelera y entradas',
    programmeAt: '{name}: cartelera y entradas',
    programmeText: 'Qué se proyecta, qué butacas hay libres, y su entrada en menos de un minuto.',
    film: '{title}: horarios y entradas',
    filmText: '{title}, {minutes} minutos. Todos los horarios, butacas libres y entradas.',
    theatreText: '{place}: qué se proyecta, qué butacas hay libres, y entradas.',
    showtimeText: 'Elija sus butacas: {title}, {when}, {place}.',
    from: 'Entradas desde {price}.',
    missing: 'Nada en esta pantalla',
  },
}

/** Says one thing in a language. */
export function say(
  locale: TicketLocale,
  key: keyof StorefrontWords,
  values: Readonly<Record<string, string | number>> = {},
): string {
  return words[locale][key].replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}
