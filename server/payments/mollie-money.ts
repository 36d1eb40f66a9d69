import { minorDigits } from '../platform/currency.ts'

/** A sum as Mollie writes it: `10.00`. */
export interface MollieAmount {
  readonly currency: string
  readonly value: string
}

export function amountOf(amountMinor: number, currency: string): MollieAmount {
  const digits = minorDigits(currency)
  const text = String(amountMinor).padStart(digits + 1, '0')
  const value = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`
  return { currency, value }
}

/** Minor units. */
export function fromMollie({ currency, value }: MollieAmount): number {
  return Math.round(Number(value) * 10 ** minorDigits(currency))
}
