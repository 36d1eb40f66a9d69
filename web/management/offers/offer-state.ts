import type { Promotion } from '../../../contract/promotions.ts'
import type { Voucher } from '../../../contract/vouchers.ts'

export type PromotionState = 'active' | 'planned' | 'over' | 'used_up'
export type VoucherState = 'active' | 'spent' | 'over'

/** How a promo code stands at a time, milliseconds. */
export function stateOfPromotion(
  { validFrom, validTo, maxUses, uses }: Pick<Promotion, 'validFrom' | 'validTo' | 'maxUses' | 'uses'>,
  nowMs: number,
): PromotionState {
  if (validTo !== null && Date.parse(validTo) <= nowMs) return 'over'
  if (maxUses !== null && uses >= maxUses) return 'used_up'
  return validFrom !== null && Date.parse(validFrom) > nowMs ? 'planned' : 'active'
}

export function stateOfVoucher(
  { validTo, balance }: Pick<Voucher, 'validTo' | 'balance'>,
  nowMs: number,
): VoucherState {
  if (validTo !== null && Date.parse(validTo) <= nowMs) return 'over'
  return balance.amount === 0 ? 'spent' : 'active'
}

/** An instant as a field for local times holds it, in the browser's zone. */
export function toLocalField(instant: string | null): string {
  if (instant === null) return ''
  const date = new Date(instant)
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

/** What such a field holds, as an instant; null when it is empty. */
export function fromLocalField(text: string): string | null {
  return text === '' ? null : new Date(text).toISOString()
}
