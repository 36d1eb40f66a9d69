import { describe, expect, test } from 'vitest'
import type { Booking } from '../../contract/bookings.ts'
import type { Hold, SeatStatus } from '../../contract/holds.ts'
import type { Payment } from '../../contract/payments.ts'
import { inCash, quickNotes } from './money.ts'
import { act } from './act.ts'
import { lettersFor } from './hints.ts'
import { inOrder } from '../seat-map/choice.ts'
import { pressSeat } from './pick-seats.ts'
import { hear } from './hear.ts'
import { changeFor, dueOf, newSale } from './sale.ts'
import type { Act, Sale } from './sale.ts'

const gbp = (amount: number) => ({ amount, currency: 'GBP' })
const hold = { id: 'hld_1', token: 'key', seats: ['F7', 'F8'], count: 2, extensionsLeft: 1 } as unknown as Hold
function booking(total: number, more: Partial<Booking> = {}): Booking {
  const made = { id: 'bkg_1', reference: 'K7QF3M', status: 'pending', accessToken: 'key' }
  return { ...made, total: gbp(total), paid: gbp(0), showtimeId: 'sho_1', ...more } as Booking
}
function payment(amount: number, change = 0): Payment {
  return { id: 'pay_1', amount: gbp(amount), change: gbp(change) } as Payment
}
const start = newSale('till', 'adult', 'sho_1')
const keys: Readonly<Record<string, Act>> = {
  Enter: { type: 'enter' },
  Escape: { type: 'back' },
  Backspace: { type: 'erase' },
}
const press = (sale: Sale, ...pressed: string[]) =>
  pressed.reduce((now, key) => act(now, keys[key] ?? { type: 'digit', digit: key }), sale)
const held = (sale = press(start, '2', 'Enter')) => hear(sale, { type: 'held', hold })
const booked = (total = 2500, sale = press(held(), 'Enter')) => hear(sale, { type: 'booked', booking: booking(total) })

describe('2, Enter, Enter, Enter', () => {
  test('holds two of the best seats, books them, and takes exactly what they cost in cash', () => {
    const holding = press(start, '2', 'Enter')
    expect(holding).toMatchObject({ stage: 'tender', work: { kind: 'hold', count: 2, seats: null } })
    const making = press(held(holding), 'Enter')
    expect(making).toMatchObject({ stage: 'cash', work: { kind: 'book' } })
    const paying = press(booked(2500, making), 'Enter')
    expect(paying.work).toMatchObject({ kind: 'pay', tender: 'cash', amount: 2500, tendered: 2500 })
    const done = hear(paying, { type: 'paid', payment: payment(2500) })
    expect(done).toMatchObject({ stage: 'done', work: null, booking: { status: 'confirmed' } })
  })

  test('typed faster than the house answers, comes to the same; each thing is asked for once and under a key of its own', () => {
    const typed = press(start, '2', 'Enter', 'Enter', 'Enter')
    expect(typed.work?.kind).toBe('hold')
    const afterHold = held(typed)
    expect(afterHold.work?.kind).toBe('book')
    const afterBooking = booked(2500, afterHold)
    expect(afterBooking.work?.kind).toBe('pay')
    expect(new Set([typed, afterHold, afterBooking].map(({ attempt }) => attempt)).size).toBe(3)
    expect(hear(afterBooking, { type: 'paid', payment: payment(2500) }).stage).toBe('done')
  })

  test('one Enter too many does not hide the change: it is heard only once the change is shown', () => {
    const paying = booked(2500, held(press(start, '2', 'Enter', 'Enter', 'Enter', 'Enter')))
    const done = hear(press(paying, 'Enter', '5'), { type: 'paid', payment: payment(2500) })
    expect(done.stage).toBe('done')
    expect(press(done, 'Enter')).toMatchObject({ stage: 'choose', booking: null, last: { reference: 'K7QF3M' } })
  })

  test('claims nothing before the first Enter, and nothing for nobody', () => {
    expect(press(start, '2').work).toBeNull()
    expect(press(start, 'Enter')).toEqual(start)
    expect(press({ ...start, showtimeId: null }, '2', 'Enter').work).toBeNull()
  })
})

describe('counting people', () => {
  test('digits count the active type, one after the other; erasing takes the last one away', () => {
    expect(press(start, '1', '2').counts).toEqual({ adult: 12 })
    expect(press(start, '1', '2', 'Backspace').counts).toEqual({ adult: 1 })
    expect(press(start, '9', '9', '9').counts).toEqual({ adult: 99 })
  })

  test('a type that is added to becomes the one that digits count', () => {
    const child = act(press(start, '2'), { type: 'add', ticketType: 'child', by: 1 })
    expect(child.counts).toEqual({ adult: 2, child: 1 })
    expect(press(child, '3').counts).toEqual({ adult: 2, child: 3 })
    expect(act(start, { type: 'add', ticketType: 'child', by: -1 }).counts).toEqual({ child: 0 })
  })

  test('seats picked by hand stand while the party is as many, and bring people along when they are more', () => {
    const picked = act(press(start, '2'), { type: 'seats', seats: ['A1', 'A2'], firstType: 'adult' })
    expect(press(picked, 'Enter').work).toMatchObject({ kind: 'hold', seats: ['A1', 'A2'] })
    expect(act(picked, { type: 'add', ticketType: 'adult', by: 1 }).seats).toBeNull()
    expect(act(picked, { type: 'seats', seats: ['A1', 'A2', 'A3'], firstType: 'adult' }).counts).toEqual({ adult: 3 })
    expect(act(picked, { type: 'show', showtimeId: 'sho_2' })).toMatchObject({ seats: null, counts: { adult: 2 } })
  })
})

describe('money', () => {
  test('an amount is typed from the right as tills do; what is more than is due is change', () => {
    const given = press(booked(2500), '5', '0', '0', '0')
    expect(changeFor(given)).toBe(2500)
    expect(press(given, 'Enter').work).toMatchObject({ amount: 2500, tendered: 5000 })
    expect(changeFor(press(booked(2500), '2', '0', '0', '0'))).toBe(-500)
  })

  test('a quick note takes the money at once', () => {
    expect(act(booked(2500), { type: 'note', amount: 3000 }).work).toMatchObject({ amount: 2500, tendered: 3000 })
  })

  test('less than is due leaves the rest to another tender: ten in cash, fifteen by card', () => {
    const part = press(booked(2500), '1', '0', '0', '0', 'Enter')
    expect(part.work).toMatchObject({ tender: 'cash', amount: 1000, tendered: 1000 })
    const rest = hear(part, { type: 'paid', payment: payment(1000) })
    expect(rest.stage).toBe('tender')
    expect(dueOf(rest)).toBe(1500)
    const card = act(act(rest, { type: 'tender', tender: 'card' }), { type: 'card', terminalReference: ' 0042 ' })
    expect(card.work).toMatchObject({ tender: 'card', amount: 1500, tendered: null, terminalReference: '0042' })
    expect(hear(card, { type: 'paid', payment: payment(1500) }).stage).toBe('done')
  })

  test('a card is never charged more than is due', () => {
    const card = act(booked(2500), { type: 'tender', tender: 'card' })
    expect(press(card, '9', '0', '0', '0', 'Enter').work).toBeNull()
  })

  test('a declined card leaves everything as it was: another tender, the same seats', () => {
    const card = act(booked(2500), { type: 'tender', tender: 'card' })
    expect(press(card, 'Escape')).toMatchObject({ stage: 'tender', booking: { id: 'bkg_1' }, loose: [] })
  })

  test('a voucher pays what it has, a complimentary ticket everything: the house says how much', () => {
    const voucher = act(act(booked(2500), { type: 'tender', tender: 'voucher' }), { type: 'voucher', code: 'gift ' })
    expect(voucher.work).toMatchObject({ tender: 'voucher', amount: null, voucherCode: 'gift' })
    expect(press(act(booked(2500), { type: 'tender', tender: 'comp' }), 'Enter').work).toMatchObject({ amount: null })
  })

  test('the notes that are offered are those people hand over', () => {
    expect(quickNotes(3750, 'GBP')).toEqual([4000, 5000])
    expect(quickNotes(1250, 'EUR')).toEqual([1500, 2000, 5000, 10_000])
    expect(quickNotes(1300, 'JPY')).toEqual([2000, 5000, 10_000])
    expect(quickNotes(1300, 'SEK')).toEqual([2000, 5000, 10_000, 20_000])
    expect(quickNotes(0, 'GBP')).toEqual([])
  })

  test('change is counted out from the largest note to the smallest coin', () => {
    expect(inCash(1785, 'GBP').map(({ value, count }) => value * count)).toEqual([1000, 500, 200, 50, 20, 10, 5])
  })
})

describe('the way back', () => {
  test('out of paying the seats are free again, and the party is still known', () => {
    const back = press(held(), 'Escape')
    expect(back).toMatchObject({ stage: 'choose', hold: null, counts: { adult: 2 } })
    expect(back.loose).toEqual([{ holdId: 'hld_1', bookingId: null, token: 'key' }])
    const unpaid = press(booked(), 'Escape', 'Escape')
    expect(unpaid.loose).toEqual([{ holdId: null, bookingId: 'bkg_1', token: 'key' }])
    expect(press(back, 'Escape').counts).toEqual({})
  })

  test('money that was taken is given back before the seats go', () => {
    const part = hear(press(booked(2500), '9', 'Enter'), { type: 'paid', payment: payment(9) })
    const ending = press(part, 'Escape')
    expect(ending).toMatchObject({ work: { kind: 'giveUp' }, booking: { id: 'bkg_1' }, loose: [] })
    expect(hear(ending, { type: 'givenUp' })).toMatchObject({ stage: 'choose', booking: null })
  })

  test('going back while the house is at work undoes what waits, and what comes is let go of', () => {
    const waiting = press(start, '2', 'Enter', 'Enter', 'Enter', 'Escape')
    expect(held(waiting)).toMatchObject({ stage: 'choose', hold: null, loose: [{ holdId: 'hld_1' }] })
  })

  test('money that is on its way cannot be walked away from', () => {
    const paying = press(booked(), 'Enter')
    expect(press(paying, 'Escape', 'Escape')).toEqual(paying)
    expect(act(paying, { type: 'giveUpWaiting' })).toEqual(paying)
  })

  test('a new sale lets go of the one at hand, but not of one that was paid', () => {
    expect(act(held(), { type: 'new' })).toMatchObject({ hold: null, loose: [{ holdId: 'hld_1' }], counts: {} })
    const done = hear(press(booked(), 'Enter'), { type: 'paid', payment: payment(2500, 500) })
    expect(act(done, { type: 'new' })).toMatchObject({ loose: [], last: { change: 500 } })
    expect(act(done, { type: 'new' }).key).not.toBe(done.key)
    expect(press(done, '3')).toMatchObject({ stage: 'choose', counts: { adult: 3 } })
  })
})

describe('what goes wrong', () => {
  test('seats that are gone: the sale is where it began, and says which', () => {
    const problem = { code: 'seats_unavailable' as const, seats: ['F7'], suggestions: [] }
    const refused = hear(press(start, '2', 'Enter', 'Enter'), { type: 'failed', problem })
    expect(refused).toMatchObject({ stage: 'choose', work: null, queue: [], problem, counts: { adult: 2 } })
    expect(press(refused, '3').problem).toBeNull()
  })

  test('a code that does not count leaves the seats held', () => {
    const details = { name: '', email: '', phone: '', promoCode: 'NONSENSE', payBy: '' }
    const asking = act(held(), { type: 'details', details })
    expect(asking.work).toEqual({ kind: 'book' })
    const problem = { code: 'promo_not_valid' as const, seats: [], suggestions: [] }
    expect(hear(asking, { type: 'failed', problem })).toMatchObject({ stage: 'tender', hold: { id: 'hld_1' } })
  })

  test('time that runs out: the seats are free, the party is not forgotten', () => {
    expect(hear(held(), { type: 'expired' })).toMatchObject({
      stage: 'choose',
      hold: null,
      counts: { adult: 2 },
      problem: { code: 'hold_expired' },
    })
  })

  test('a total of nothing is paid at once; a group that pays later is reserved', () => {
    expect(hear(press(held(), 'Enter'), { type: 'booked', booking: booking(0, { status: 'confirmed' }) }).stage).toBe(
      'done',
    )
    const details = { name: 'School', email: '', phone: '', promoCode: '', payBy: '2027-01-01T12:00' }
    const group = act(held(), { type: 'details', details })
    expect(hear(group, { type: 'booked', booking: booking(9000) }).stage).toBe('reserved')
  })

  test('a parked sale comes back as it was chosen; its seats have to be had again', () => {
    const parked = { showtimeId: 'sho_2', counts: { adult: 1, child: 2 }, seats: ['A1', 'A2', 'A3'] }
    const back = act(held(), { type: 'restore', parked })
    expect(back).toMatchObject({ ...parked, stage: 'choose', hold: null, loose: [{ holdId: 'hld_1' }] })
    expect(press(back, 'Enter').work).toMatchObject({ kind: 'hold', count: 3, seats: parked.seats })
  })

  test('an unpaid booking that was looked up is paid like any other', () => {
    const found = act(held(), { type: 'resume', booking: booking(2500, { paid: gbp(500) }) })
    expect(found).toMatchObject({ stage: 'tender', showtimeId: 'sho_1' })
    expect(dueOf(found)).toBe(2000)
    expect(press(found, 'Enter')).toMatchObject({ stage: 'cash', work: null })
  })
})

describe('keys', () => {
  test('every ticket type has a letter of its own, the first of its name that is free', () => {
    expect(lettersFor(['Adult', 'Child', 'Student', 'Senior', 'Member'])).toEqual(['A', 'C', 'S', 'E', 'M'])
    expect(lettersFor(['Étudiant', 'Enfant', 'É'])).toEqual(['E', 'N', null])
  })
})

describe('picking seats', () => {
  const seats = ['A1', 'A2', 'A3', 'A4'].map((id, index) => ({
    id,
    row: 'A',
    number: id.slice(1),
    line: 1,
    column: index + 1,
    category: 'standard',
    kind: 'standard' as const,
    status: 'available' as const,
  }))
  const free = new Map<string, SeatStatus>()

  test('a press moves a whole party, adds to a part of one, and takes a chosen seat away', () => {
    expect(pressSeat(seats, free, [], 2, 'A2', false)).toEqual(['A2', 'A3'])
    expect(pressSeat(seats, free, ['A1', 'A2'], 2, 'A3', false)).toEqual(['A3', 'A4'])
    expect(pressSeat(seats, free, ['A1'], 2, 'A4', false)).toEqual(['A1', 'A4'])
    expect(pressSeat(seats, free, ['A1', 'A4'], 2, 'A1', false)).toEqual(['A4'])
    expect(pressSeat(seats, free, [], 0, 'A4', false)).toEqual(['A4'])
  })

  test('seats are told as people read them', () => {
    expect(inOrder(['K10', 'K9', 'B2'])).toEqual(['B2', 'K9', 'K10'])
  })

  test('a taken seat changes nothing; where no neighbours are free, one seat goes and the pressed one comes', () => {
    const taken = new Map<string, SeatStatus>([['A2', 'held']])
    expect(pressSeat(seats, taken, ['A1'], 2, 'A2', false)).toEqual(['A1'])
    expect(pressSeat(seats, taken, ['A3', 'A4'], 2, 'A1', false)).toEqual(['A4', 'A1'])
  })
})
