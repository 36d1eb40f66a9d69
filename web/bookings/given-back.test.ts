import { describe, expect, test } from 'vitest'
import type { Booking } from '../../contract/bookings.ts'
import { givenBack, takenMore, waitingAtCounter, worthOf } from './given-back.ts'

const gbp = (amount: number) => ({ amount, currency: 'GBP' })
const refund = (id: string, amount: number) => ({ id, amount: gbp(amount), status: 'succeeded', reason: null })
const cash = (refunds: object[]) => ({ id: 'pay_1', provider: 'counter', tender: 'cash', amount: gbp(1000), refunds })
const web = (refunds: object[]) => ({ id: 'pay_2', provider: 'stripe', amount: gbp(1500), refunds })
const booking = (more: object) => ({ status: 'confirmed', ...more }) as unknown as Booking

describe('what goes back over the desk', () => {
  test('is told by the way it goes, and only what is new', () => {
    const before = booking({ payments: [cash([refund('ref_1', 100)]), web([])] })
    const after = booking({
      payments: [cash([refund('ref_1', 100), refund('ref_2', 900)]), web([refund('ref_3', 350)])],
    })
    expect(givenBack(before, after)).toEqual({ cash: 900, online: 350 })
    expect(givenBack(after, after)).toEqual({})
  })

  test('what waits at the counter is handed out when it is paid out, not before', () => {
    const due = { ...refund('ref_1', 900), status: 'pending' }
    const before = booking({ payments: [cash([]), web([])] })
    const waiting = booking({ payments: [cash([due]), web([{ ...refund('ref_2', 350), status: 'pending' }])] })
    expect(givenBack(before, waiting)).toEqual({ online: 350 })
    expect(waitingAtCounter(waiting)).toEqual({ refunds: ['ref_1'], sums: { cash: 900 } })
    const after = booking({ payments: [cash([refund('ref_1', 900)]), web([refund('ref_2', 350)])] })
    expect(givenBack(waiting, after)).toEqual({ cash: 900 })
    expect(waitingAtCounter(after)).toEqual({ refunds: [], sums: {} })
  })

  test('what an exchange takes in addition is told as well', () => {
    const before = booking({ payments: [cash([])] })
    const after = booking({ payments: [cash([]), { ...cash([]), id: 'pay_3', amount: gbp(200) }] })
    expect(takenMore(before, after)).toEqual({ cash: 200 })
  })

  test('tickets are worth what they came to, and no more than is left', () => {
    const ticket = (id: string, total: number, status = 'valid') => ({ id, total: gbp(total), status })
    const tickets = [ticket('a', 1250), ticket('b', 1250), ticket('c', 1250, 'void')]
    const sold = booking({ tickets, paid: gbp(3750), refunded: gbp(1250) })
    expect(worthOf(sold, new Set(['a']))).toBe(1250)
    expect(worthOf(sold, new Set(['a', 'c']))).toBe(1250)
    expect(worthOf(booking({ tickets, paid: gbp(3750), refunded: gbp(3000) }), new Set(['a', 'b']))).toBe(750)
    expect(worthOf(booking({ status: 'pending', tickets, paid: gbp(500), refunded: gbp(0) }), new Set())).toBe(500)
  })
})
