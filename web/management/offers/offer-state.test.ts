import { expect, test } from 'vitest'
import { fromLocalField, stateOfPromotion, stateOfVoucher, toLocalField } from './offer-state.ts'

const now = Date.parse('2026-11-21T15:00:00Z')
const plain = { validFrom: null, validTo: null, maxUses: null, uses: 3 }

test('a promotion is planned, active, used up or over', () => {
  expect(stateOfPromotion(plain, now)).toBe('active')
  expect(stateOfPromotion({ ...plain, validFrom: '2026-11-22T00:00:00Z' }, now)).toBe('planned')
  expect(stateOfPromotion({ ...plain, maxUses: 3 }, now)).toBe('used_up')
  expect(stateOfPromotion({ ...plain, maxUses: 4, validTo: '2026-11-21T15:00:00Z' }, now)).toBe('over')
})

test('a voucher is worth something until it is spent or over', () => {
  const balance = { amount: 500, currency: 'EUR' }
  expect(stateOfVoucher({ validTo: null, balance }, now)).toBe('active')
  expect(stateOfVoucher({ validTo: null, balance: { ...balance, amount: 0 } }, now)).toBe('spent')
  expect(stateOfVoucher({ validTo: '2026-11-20T00:00:00Z', balance }, now)).toBe('over')
})

test('a time goes into a field and comes back the same', () => {
  expect(fromLocalField(toLocalField('2026-12-24T19:30:00.000Z'))).toBe('2026-12-24T19:30:00.000Z')
  expect([fromLocalField(''), toLocalField(null)]).toEqual([null, ''])
})
