/** How a theatre wants to look. Source: `brand` of its settings. */
export interface Brand {
  readonly logoUrl: string | null
  readonly colors: Readonly<Record<string, string>>
  readonly typeface: string | null
}

/** Colours that a brand may name: what one touches, and what the lamp lights. */
export const brandColors = ['accent', 'glow'] as const
export type BrandColor = (typeof brandColors)[number]

export type Theme = 'dark' | 'light'

/** What text of a colour stands on, in each theme. Source: web/styles/main.css. */
export const grounds: Readonly<Record<Theme, readonly string[]>> = {
  dark: ['#0a1315', '#111f22', '#060c0e'],
  light: ['#edf2f0', '#ffffff', '#dfe8e5'],
}
const away: Readonly<Record<Theme, string>> = { dark: '#ffffff', light: '#000000' }
const onAccent: Readonly<Record<Theme, string>> = { dark: '#0a0a0a', light: '#ffffff' }

/** Least contrast of text. Source: WCAG 2.2, 1.4.3 (AA). */
const leastContrast = 4.5

/** Red, green and blue, 0 to 255. */
type Parts = readonly number[]

function partsOf(color: string): Parts {
  return [1, 3, 5].map((start) => Number.parseInt(color.slice(start, start + 2), 16))
}

function colorOf(parts: Parts): string {
  return `#${parts.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`
}

function luminanceOf(color: string): number {
  const [red, green, blue] = partsOf(color).map((part) => {
    const share = part / 255
    return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0)
}

/** Between 1 (none) and 21 (black on white). Source: WCAG 2.2, contrast ratio. */
export function contrastOf(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminanceOf(one), luminanceOf(other)].toSorted((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

function mix(color: string, other: string, share: number): string {
  const to = partsOf(other)
  return colorOf(partsOf(color).map((part, index) => part * (1 - share) + (to[index] ?? 0) * share))
}

/** The colour itself where it can be read on every ground of the theme, else the nearest lighter or darker one that can. */
export function readable(color: string, theme: Theme): string {
  for (let share = 0; share < 1; share += 0.02) {
    const tried = mix(color, away[theme], share)
    if (grounds[theme].every((ground) => contrastOf(tried, ground) >= leastContrast)) return tried
  }
  return away[theme]
}

const hex = /^#[0-9a-f]{6}$/i

/** The style sheet's variables for a brand, in one theme. What a brand does not say is left to the house. */
export function brandVariables({ colors }: Brand, theme: Theme): Record<string, string> {
  const { accent, glow } = colors
  const variables: Record<string, string> = {}
  if (accent !== undefined && hex.test(accent)) {
    const main = readable(accent, theme)
    variables['--accent'] = main
    variables['--accent-strong'] = mix(main, away[theme], 0.15)
    variables['--on-accent'] = onAccent[theme]
  }
  if (glow !== undefined && hex.test(glow)) {
    const lit = readable(glow, theme)
    variables['--teal'] = lit
    variables['--beam'] = theme === 'dark' ? mix(lit, '#ffffff', 0.55) : lit
  }
  return variables
}
