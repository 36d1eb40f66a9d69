/** What a theatre may choose, all served from here: each is loaded by those who see that theatre. The house’s own is Archivo. */
export const typefaces = {
  'Bricolage Grotesque': () => import('@fontsource-variable/bricolage-grotesque/index.css'),
  'DM Sans': () => import('@fontsource-variable/dm-sans/index.css'),
  'Space Grotesk': () => import('@fontsource-variable/space-grotesk/index.css'),
  Fraunces: () => import('@fontsource-variable/fraunces/index.css'),
  'EB Garamond': () => import('@fontsource-variable/eb-garamond/index.css'),
} as const satisfies Readonly<Record<string, () => Promise<unknown>>>

type Typeface = keyof typeof typefaces

export function isTypeface(name: string | null): name is Typeface {
  return name !== null && Object.hasOwn(typefaces, name)
}

/** How a style sheet names a typeface; the house's own where it is none of the list. */
export function familyOf(name: string | null): string | null {
  return isTypeface(name) ? `'${name} Variable', 'Archivo Variable', sans-serif` : null
}
