/** How many places a currency has: 2 for pounds, 0 for yen. */
export function placesOf(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
}

/**
 * Reads a sum as people type it, `12.50`, `12,5` or `12`, in minor units; null for nothing, NaN for what is no sum or has
 * more places than the currency.
 */
export function readMoney(text: string, currency: string): number | null {
  const typed = text.trim()
  if (typed === '') return null
  const places = placesOf(currency)
  const parts = /^(\d{1,9})(?:[.,](\d+))?$/.exec(typed)
  const [, whole = '', fraction = ''] = parts ?? []
  if (!parts || fraction.length > places) return Number.NaN
  return Number(whole + fraction.padEnd(places, '0'))
}

/** Minor units as a field holds them: `12.50`. */
export function writeMoney(amount: number, currency: string): string {
  const places = placesOf(currency)
  return (amount / 10 ** places).toFixed(places)
}
