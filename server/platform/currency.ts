const digits = new Map<string, number>()

/** How many places of a currency are minor units. Source: ISO 4217, as Intl knows it. */
export function minorDigits(currency: string): number {
  let known = digits.get(currency)
  if (known === undefined) {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency })
    digits.set(currency, (known = format.resolvedOptions().maximumFractionDigits ?? 2))
  }
  return known
}
