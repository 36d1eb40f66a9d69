import type { SettingsPatch, Theatre, TheatreSettings } from '../../contract/venues.ts'
import type { TheatreRow } from '../database/tables/venues.ts'

/** A theatre's settings as the house works with them: sums are integer minor units of the theatre's currency. */
export interface Settings extends Omit<TheatreSettings, 'ticketFee' | 'staffRefundLimit'> {
  /** Minor units, for each ticket. */
  readonly ticketFee: number
  /** Minor units, for each refund that staff make; null is no limit. */
  readonly staffRefundLimit: number | null
}

/** What holds where a theatre says nothing. Source: API.md, Venues; a film week begins on the usual release day. */
export const defaultSettings: Settings = {
  businessDayStartsAt: '06:00',
  trailerMinutes: 20,
  turnaroundMinutes: 15,
  salesCloseMinutes: 15,
  doorsOpenMinutes: 60,
  singleGapRule: false,
  sellSofasWhole: false,
  accessibleReleaseMinutes: 0,
  refundUntilMinutes: 120,
  refundSharePercent: 100,
  staffRefundLimit: 5_000,
  ticketFee: 0,
  taxRatePercent: 0,
  pricesIncludeTax: true,
  filmWeekStartsOn: 'friday',
  locales: ['en'],
  brand: { logoUrl: null, colors: {}, typeface: null },
}

/** A theatre's settings, defaults filled in. */
export function settingsOf(theatre: Pick<TheatreRow, 'settings'>): Settings {
  return { ...defaultSettings, ...overridesOf(theatre) }
}

function overridesOf(theatre: Pick<TheatreRow, 'settings'>): Partial<Settings> {
  return JSON.parse(theatre.settings)
}

/** A sum in another currency than the theatre's. */
export interface CurrencyProblem {
  readonly path: string
  readonly message: string
}

/** The overrides to store after a change, as JSON, or what is wrong with it: a sum in another currency. */
export function patchedSettings(
  theatre: Pick<TheatreRow, 'settings' | 'currency'>,
  patch: SettingsPatch,
): string | CurrencyProblem {
  const { ticketFee, staffRefundLimit, brand, ...plain } = patch
  const settings = settingsOf(theatre)
  const sums: Partial<Record<'ticketFee' | 'staffRefundLimit', number | null>> = {}
  for (const [name, sum] of Object.entries({ ticketFee, staffRefundLimit })) {
    if (sum === undefined) continue
    if (typeof sum === 'object' && sum !== null && sum.currency !== theatre.currency) {
      return { path: `/${name}/currency`, message: `must be ${theatre.currency}, the theatre's` }
    }
    Object.assign(sums, { [name]: typeof sum === 'object' && sum !== null ? sum.amount : sum })
  }
  const wanted = { ...plain, ...sums, ...(brand && { brand: { ...settings.brand, ...brand } }) }
  return JSON.stringify({ ...overridesOf(theatre), ...wanted })
}

/** Settings as the contract shows them: sums are money. */
export function presentSettings(theatre: Pick<TheatreRow, 'settings' | 'currency'>): TheatreSettings {
  const { ticketFee, staffRefundLimit, ...plain } = settingsOf(theatre)
  const money = (amount: number) => ({ amount, currency: theatre.currency })
  return {
    ...plain,
    ticketFee: money(ticketFee),
    staffRefundLimit: staffRefundLimit === null ? null : money(staffRefundLimit),
  }
}

/** The part of the settings that a theatre's audience is told. */
export function presentAudienceSettings(theatre: Pick<TheatreRow, 'settings' | 'currency'>): Theatre['settings'] {
  const settings = presentSettings(theatre)
  return {
    businessDayStartsAt: settings.businessDayStartsAt,
    trailerMinutes: settings.trailerMinutes,
    doorsOpenMinutes: settings.doorsOpenMinutes,
    singleGapRule: settings.singleGapRule,
    sellSofasWhole: settings.sellSofasWhole,
    refundUntilMinutes: settings.refundUntilMinutes,
    refundSharePercent: settings.refundSharePercent,
    ticketFee: settings.ticketFee,
    taxRatePercent: settings.taxRatePercent,
    pricesIncludeTax: settings.pricesIncludeTax,
    filmWeekStartsOn: settings.filmWeekStartsOn,
    locales: settings.locales,
    brand: settings.brand,
  }
}
