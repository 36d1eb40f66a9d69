import { must } from '../server/platform/assert.ts'
import type { DoubledProvider } from '../server/testing/doubles.ts'
import { chance } from './chance.ts'
import type { PaymentWorld } from './payment-world.ts'
import { book, cancel, exchange, placeHold } from './purchase.ts'
import type { Acknowledge, Booked, NextStep, OnlineMoney, Purchase, Shop, Step } from './purchase.ts'

/** Of all purchases; those after `leave` of the ones that are paid, and each of these at most once. */
const shares = { mollie: 0.25, leave: 0.06, late: 0.02, otherSum: 0.01, away: 0.3, cancel: 0.12 } as const
const laterShares = { staff: 0.06, there: 0.1, dispute: 0.13, bank: 0.14, exchange: 0.22 } as const
const tooLateMs = 300
const longestGoodwillMinor = 300
const longestSecondThoughtMs = 12_000

/** What a purchase does next where the money is taken by payment providers that have pages of their own. */
export function nextOnlineStep(world: PaymentWorld): NextStep {
  return (purchase, shop, acknowledge) => {
    const { hold, booking, payment, outcome, online } = purchase
    if (purchase.cancelled || purchase.lapsed || online?.isOver) return null
    if (!hold) return placeHold(purchase, shop, acknowledge)
    if (!booking) return book(purchase, acknowledge)
    if (!payment || !online) return begin(purchase, booking, acknowledge)
    if (online.paidAt === 0) return goToPage({ world, purchase, booking, online, paymentId: payment.id }, acknowledge)
    if (outcome !== 'succeed') return null
    return afterwards({ world, purchase, booking, online, paymentId: payment.id }, shop)
  }
}

interface Scene {
  readonly world: PaymentWorld
  readonly purchase: Purchase
  readonly booking: Booked
  readonly online: OnlineMoney
  readonly paymentId: string
}

function begin(purchase: Purchase, booking: Booked, acknowledge: Acknowledge): Step {
  const { name } = purchase
  const provider: DoubledProvider = chance(name, 'provider') < shares.mollie ? 'mollie' : 'stripe'
  const body = { bookingId: booking.id, provider, returnUrl: `https://house.test/paid/${booking.id}` }
  return {
    request: { method: 'POST', path: '/payments', body, accessToken: booking.accessToken, key: `${name} pay` },
    refusals: ['booking_expired', 'booking_not_payable'],
    lapsesAt: booking.expiresAt,
    note(answer) {
      acknowledge('payments', answer['id'])
      purchase.payment = { id: String(answer['id']) }
      purchase.online = { provider, paidAt: 0, goodwill: 0 }
      if (answer['status'] !== 'pending') purchase.online.isOver = true
    },
  }
}

/** Pays, or not; comes back, or closes the window and looks at the booking some other time. */
function goToPage(scene: Scene, acknowledge: Acknowledge): Step | null {
  const { world, purchase, booking, online, paymentId } = scene
  const { name } = purchase
  if (chance(name, 'leave') < shares.leave) return null
  const isLate = chance(name, 'late') < shares.late
  const otherSum = chance(name, 'sum') < shares.otherSum ? 1 : undefined
  const pays = {
    before: () => {
      online.paidAt = Date.now()
      world.pay(online.provider, paymentId, otherSum)
    },
    ...(isLate && { notBefore: booking.expiresAt + tooLateMs }),
  }
  if (chance(name, 'away') < shares.away) return look(scene, pays.before, isLate ? pays.notBefore : undefined)
  const succeeded = () => {
    acknowledge('bookings', booking.id, true)
    purchase.outcome = 'succeed'
  }
  return {
    ...pays,
    request: {
      method: 'POST',
      path: `/payments/${paymentId}/confirm`,
      body: {},
      accessToken: booking.accessToken,
      key: `${name} back`,
    },
    refusals: ['booking_expired'],
    lapsesAt: booking.expiresAt,
    // A webhook was faster.
    goesOnAfter: ['payment_not_confirmable'],
    noteRefusal({ paymentStatus, bookingStatus }) {
      if (paymentStatus === 'succeeded' && bookingStatus === 'confirmed') succeeded()
    },
    note({ status }) {
      if (status === 'succeeded') succeeded()
    },
  }
}

/** Looks at the booking after something has happened elsewhere, and is gone. */
function look({ booking, online }: Scene, before: () => void, notBefore?: number): Step {
  return {
    before,
    ...(notBefore !== undefined && { notBefore }),
    request: { method: 'GET', path: `/bookings/${booking.id}`, accessToken: booking.accessToken },
    refusals: [],
    note() {
      online.isOver = true
    },
  }
}

/** What happens to a booking that is paid: it is cancelled or exchanged, some of its money goes back, its bank changes its mind. */
function afterwards(scene: Scene, shop: Shop): Step | null {
  const { world, purchase, booking, online, paymentId } = scene
  const { name, exchanged, showtimeId } = purchase
  // Some change their mind at once, before the money is captured, some afterwards.
  const pauseMs = Math.max(0, chance(name, 'mind') - 0.4) * longestSecondThoughtMs
  const later = (step: Step): Step => ({ notBefore: online.paidAt + pauseMs, ...step })
  if (chance(name, 'cancel') < shares.cancel) return later(cancel(purchase, booking))
  const luck = chance(name, 'later')
  const amount = 1 + Math.floor(chance(name, 'goodwill') * longestGoodwillMinor)
  if (luck < laterShares.staff) return later(refundByStaff(scene, shop, amount))
  const { truth } = world.double(online.provider)
  const happens = (what: Parameters<PaymentWorld['happen']>[1]) =>
    later(look(scene, () => world.happen(online.provider, what)))
  if (luck < laterShares.there) {
    return happens(({ refundThere }) => {
      if (truth(paymentId).captured === 0) return
      online.goodwill += amount
      refundThere(paymentId, amount)
    })
  }
  if (luck < laterShares.dispute) {
    return happens(({ dispute }) => {
      if (truth(paymentId).captured === 0) return
      dispute(paymentId, 'open')
      if ((luck * 1000) % 2 < 1) dispute(paymentId, 'won')
    })
  }
  if (luck < laterShares.bank) {
    return look(scene, () =>
      world.happen(online.provider, ({ lapse }) => {
        const isPromised = ['requires_capture', 'authorized'].includes(truth(paymentId).state)
        if (!isPromised) return
        online.bankLapsed = true
        lapse(paymentId)
      }),
    )
  }
  const elsewhere = shop.reserved.find(({ id }) => id !== showtimeId)
  const isReserved = shop.reserved.some(({ id }) => id === showtimeId)
  if (luck >= laterShares.exchange || exchanged || !isReserved || !elsewhere) return null
  return exchange(purchase, booking, elsewhere)
}

function refundByStaff({ purchase, online, paymentId }: Scene, { door }: Shop, amount: number): Step {
  return {
    request: {
      method: 'POST',
      path: `/payments/${paymentId}/refund`,
      body: { amount: { amount, currency: 'GBP' } },
      bearer: must(door, 'Somebody of the house is there'),
      key: `${purchase.name} goodwill`,
    },
    refusals: [],
    note() {
      online.goodwill = amount
      online.isOver = true
    },
  }
}
