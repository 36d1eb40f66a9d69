import type { SettingsPatch, TheatreSettings } from '../../../contract/venues.ts'

/** How a setting is written: minutes, percents and clock times as text, switches, one of a list, sums in minor units. */
export type RuleKind = 'minutes' | 'percent' | 'switch' | 'clock' | 'weekday' | 'money' | 'locales'

/** What the rules of a house are about, in the order in which one thinks of them. */
export const groups = [
  {
    group: 'group_day',
    rules: ['businessDayStartsAt', 'filmWeekStartsOn', 'trailerMinutes', 'turnaroundMinutes', 'doorsOpenMinutes'],
  },
  { group: 'group_sales', rules: ['salesCloseMinutes', 'singleGapRule', 'sellSofasWhole', 'accessibleReleaseMinutes'] },
  { group: 'group_money', rules: ['ticketFee', 'taxRatePercent', 'pricesIncludeTax'] },
  { group: 'group_refunds', rules: ['refundUntilMinutes', 'refundSharePercent', 'staffRefundLimit'] },
  { group: 'group_words', rules: ['locales'] },
] as const

export type RuleName = (typeof groups)[number]['rules'][number]

/** Kind and limits of each rule. Source: contract/venues.ts. */
export const rules: Readonly<
  Record<RuleName, { readonly kind: RuleKind; readonly least?: number; readonly most?: number }>
> = {
  businessDayStartsAt: { kind: 'clock' },
  filmWeekStartsOn: { kind: 'weekday' },
  trailerMinutes: { kind: 'minutes', most: 240 },
  turnaroundMinutes: { kind: 'minutes', most: 480 },
  doorsOpenMinutes: { kind: 'minutes', most: 1_440 },
  salesCloseMinutes: { kind: 'minutes', least: -10_080, most: 1_440 },
  singleGapRule: { kind: 'switch' },
  sellSofasWhole: { kind: 'switch' },
  accessibleReleaseMinutes: { kind: 'minutes', most: 43_200 },
  ticketFee: { kind: 'money' },
  taxRatePercent: { kind: 'percent', most: 100 },
  pricesIncludeTax: { kind: 'switch' },
  refundUntilMinutes: { kind: 'minutes', most: 43_200 },
  refundSharePercent: { kind: 'percent', most: 100 },
  staffRefundLimit: { kind: 'money' },
  locales: { kind: 'locales' },
}

/** A setting while it is being typed: text, on or off, minor units, several. */
export type Value = string | boolean | number | null | readonly string[]
export type Draft = Readonly<Record<string, Value>>

/** What stands in the fields for what is set. */
export function draftOf(settings: TheatreSettings): Draft {
  const names = groups.flatMap((each) => [...each.rules])
  const entries = names.map((name): [string, Value] => {
    const value = settings[name]
    if (typeof value === 'number') return [name, String(value)]
    if (typeof value === 'object' && value !== null && 'amount' in value) return [name, value.amount]
    return [name, value]
  })
  return Object.fromEntries(entries)
}

/** What has changed, as it is sent. */
export function patchOf(draft: object, settings: TheatreSettings): SettingsPatch {
  const before = draftOf(settings)
  const changed = Object.entries(draft).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name]),
  )
  const isNumber = (name: string) =>
    ['minutes', 'percent'].includes(Object.entries(rules).find(([each]) => each === name)?.[1].kind ?? '')
  return Object.fromEntries(changed.map(([name, value]) => [name, isNumber(name) ? Number(value) : value]))
}
