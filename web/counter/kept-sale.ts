import type { Sale } from './sale.ts'

/** Of this tab alone: two tabs are two tills. A reload finds its sale again, in the middle of whatever it was. */
const nameOf = (theatreId: string) => `matinee.till.${theatreId}`
/** Another build may have kept another shape. */
const shape = 1

export function keptSale(theatreId: string): Sale | null {
  try {
    const text = sessionStorage.getItem(nameOf(theatreId))
    const kept: { readonly shape: number; readonly sale: Sale } | null = text === null ? null : JSON.parse(text)
    return kept?.shape === shape ? kept.sale : null
  } catch {
    return null
  }
}

export function keepSale(theatreId: string, sale: Sale): void {
  try {
    sessionStorage.setItem(nameOf(theatreId), JSON.stringify({ shape, sale }))
  } catch {
    // Full or forbidden: the till works, but a reload forgets.
  }
}
