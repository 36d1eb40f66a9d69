import { addDays } from '../../ui/zone.ts'

export const presets = ['today', 'week', 'month', 'this_month', 'year'] as const
export type Preset = (typeof presets)[number]

export interface Period {
  readonly from: string
  readonly to: string
}

/** A usual span of business days, up to and with today. */
export function periodOf(preset: Preset, today: string): Period {
  const from = {
    today,
    week: addDays(today, -6),
    month: addDays(today, -29),
    this_month: `${today.slice(0, 7)}-01`,
    year: `${today.slice(0, 4)}-01-01`,
  }[preset]
  return { from, to: today }
}

/** Which usual span two days are, if they are one. */
export function presetOf({ from, to }: Period, today: string): Preset | null {
  return (
    presets.find((preset) => {
      const usual = periodOf(preset, today)
      return usual.from === from && usual.to === to
    }) ?? null
  )
}
