import type { en } from './en.ts'

export type MessageKey = keyof typeof en
export type Messages = Readonly<Record<MessageKey, string>>
export type Values = Readonly<Record<string, string | number>>
interface Amount {
  readonly amount: number
  readonly currency: string
}

/** What of a showtime its wording needs. */
interface When {
  readonly localStartsAt: string
  readonly businessDate: string
}

/** How one language says things. Times and days come as the theatre's clock shows them. */
export interface Words {
  /** A message; `{name}` is filled in, and of `one|other` the form that `count` asks for is taken. */
  readonly t: (key: MessageKey, values?: Values) => string
  /** A message whose key is made up at run time, or the other text where there is none. */
  readonly tOr: (key: string, otherwise: string) => string
  readonly money: (money: Amount) => string
  /** `20:15` on the clock of a zone. */
  readonly clock: (instant: string, timeZone: string) => string
  /** `21 Nov 2026, 20:15` on the clock of a zone. */
  readonly instant: (instant: string, timeZone: string) => string
  /** `Saturday 21 November` */
  readonly day: (date: string) => string
  /** Parts for the tab of a day. */
  readonly dayParts: (date: string) => { readonly weekday: string; readonly number: string; readonly month: string }
  /** `Saturday 21 November, 20:15`; after midnight `Friday night, 00:30 (Sat 25 Jan)`. */
  readonly when: (showtime: When) => string
  /** A hall by its name; one that is called by a number alone says of what: `Screen 2`. */
  readonly hall: (name: string) => string
  readonly language: (code: string) => string
  readonly list: (items: readonly string[]) => string
}

const regions: Readonly<Record<string, string>> = { en: 'en-GB', de: 'de-DE', fr: 'fr-FR', es: 'es-ES' }

/** A calendar day as an instant whose UTC date is that day: no zone can move it. */
function noon(date: string): Date {
  return new Date(`${date}T12:00:00Z`)
}

function memo<Made>(make: (key: string) => Made): (key: string) => Made {
  const made = new Map<string, Made>()
  return (key) => {
    const known = made.get(key)
    if (known !== undefined) return known
    const value = make(key)
    made.set(key, value)
    return value
  }
}

/** Says the messages of one language: `{name}` is filled in, and of `one|other` the form that `count` asks for is taken. */
export function createTranslation<Key extends string>(
  locale: string,
  messages: Readonly<Record<Key, string>>,
): (key: Key, values?: Values) => string {
  const plural = new Intl.PluralRules(regions[locale] ?? locale)
  return (key, values = {}) => {
    const text = messages[key]
    const forms = text.split('|')
    const one = typeof values['count'] === 'number' && plural.select(values['count']) === 'one'
    const form = (one ? forms[0] : forms.at(-1)) ?? text
    return form.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
  }
}

export function createWords(locale: string, messages: Messages): Words {
  const tag = regions[locale] ?? locale
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(tag, options)
  const clocks = memo((timeZone) => format({ hour: '2-digit', minute: '2-digit', hour12: false, timeZone }))
  const instants = memo((timeZone) => format({ dateStyle: 'medium', timeStyle: 'short', timeZone }))
  const moneys = memo(
    (currency) =>
      // As mails and tickets write it: £, not £GB or GBP.
      new Intl.NumberFormat(tag, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }),
  )
  const utc = { timeZone: 'UTC' } as const
  const longDay = format({ weekday: 'long', day: 'numeric', month: 'long', ...utc })
  const shortDay = format({ weekday: 'short', day: 'numeric', month: 'short', ...utc })
  const weekday = format({ weekday: 'long', ...utc })
  const weekdayShort = format({ weekday: 'short', ...utc })
  const month = format({ month: 'short', ...utc })
  const names = new Intl.DisplayNames([tag], { type: 'language' })
  const lists = new Intl.ListFormat(tag, { type: 'conjunction' })
  const t = createTranslation(locale, messages)
  const byName: Readonly<Record<string, string>> = messages
  return {
    t,
    // Asked several times for each of two thousand seats.
    tOr: (key, otherwise) => (Object.hasOwn(byName, key) ? byName[key] : undefined) ?? otherwise,
    money({ amount, currency }) {
      const number = moneys(currency)
      return number.format(amount / 10 ** (number.resolvedOptions().maximumFractionDigits ?? 2))
    },
    clock: (instant, timeZone) => clocks(timeZone).format(new Date(instant)),
    instant: (instant, timeZone) => instants(timeZone).format(new Date(instant)),
    day: (date) => longDay.format(noon(date)).replace(',', ''),
    dayParts: (date) => ({
      weekday: weekdayShort.format(noon(date)).replace('.', ''),
      number: String(Number(date.slice(8))),
      month: month.format(noon(date)).replace('.', ''),
    }),
    when({ localStartsAt, businessDate }) {
      const date = localStartsAt.slice(0, 10)
      const time = localStartsAt.slice(11, 16)
      if (date === businessDate) return `${longDay.format(noon(date)).replace(',', '')}, ${time}`
      const real = shortDay.format(noon(date)).replace(',', '')
      return t('night', { weekday: weekday.format(noon(businessDate)), time, date: real })
    },
    hall: (name) => (/^\d+$/.test(name) ? t('hall_number', { number: name }) : name),
    language(code) {
      try {
        return names.of(code) ?? code
      } catch {
        return code
      }
    },
    list: (items) => lists.format(items),
  }
}
