import { Value } from 'typebox/value'
import { expect, test } from 'vitest'
import { SettingsPatch, TheatreSettings } from '../../../contract/venues.ts'
import { draftOf, groups, patchOf, rules } from './rules.ts'

const money = (amount: number) => ({ amount, currency: 'EUR' })
const settings: TheatreSettings = {
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
  staffRefundLimit: money(5_000),
  ticketFee: money(0),
  taxRatePercent: 0,
  pricesIncludeTax: true,
  filmWeekStartsOn: 'friday',
  locales: ['en'],
  brand: { logoUrl: null, colors: {}, typeface: null },
}

test('every setting of the contract but the brand has a field', () => {
  const fields = groups.flatMap((each) => [...each.rules]).toSorted()
  expect(fields).toEqual(
    Object.keys(TheatreSettings.properties)
      .filter((name) => name !== 'brand')
      .toSorted(),
  )
  expect(Object.keys(rules).toSorted()).toEqual(fields)
})

test('only what was changed is sent, and the contract takes it', () => {
  expect(patchOf(draftOf(settings), settings)).toEqual({})
  const draft = {
    ...draftOf(settings),
    salesCloseMinutes: '-30',
    ticketFee: 150,
    staffRefundLimit: null,
    locales: ['de', 'fr'],
  }
  const patch = patchOf(draft, settings)
  expect(patch).toEqual({ salesCloseMinutes: -30, ticketFee: 150, staffRefundLimit: null, locales: ['de', 'fr'] })
  expect(Value.Check(SettingsPatch, patch)).toBe(true)
})

test('the limits of the fields are those of the contract', () => {
  for (const [name, { kind, least, most }] of Object.entries(rules)) {
    if (most === undefined) continue
    const [lowest, highest] = [least ?? 0, most]
    expect([
      name,
      Value.Check(SettingsPatch, { [name]: lowest }),
      Value.Check(SettingsPatch, { [name]: highest }),
    ]).toEqual([name, true, true])
    expect([
      kind,
      Value.Check(SettingsPatch, { [name]: lowest - 1 }),
      Value.Check(SettingsPatch, { [name]: highest + 1 }),
    ]).toEqual([kind, false, false])
  }
})
