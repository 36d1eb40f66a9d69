import { beforeAll, expect, it } from 'vitest'
import type { Booking } from '../../contract/bookings.ts'
import { confirmPayment, createPayment, refundPayment } from '../../contract/payments.ts'
import type { ProviderRefund } from '../payments/provider.ts'
import { must } from '../platform/assert.ts'
import { bookSeats } from '../testing/buying.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import type { TestApp } from '../testing/harness.ts'
import { ledgerProblems } from '../testing/ledger-check.ts'
import { makeShowtime } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'
import { applyNews } from './settle-payment.ts'
import { newsKinds } from './settlement.ts'
import type { News, NewsKind, Standing } from './settlement.ts'

/** What payment and booking are after the news, and what goes to the outbox, or `same`. */
type End = string

const same: Record<NewsKind, End> = {
  open: 'same',
  authorised: 'same',
  captured: 'same',
  mismatched: 'same',
  declined: 'same',
  voided: 'same',
  refunded: 'same',
  'refund failed': 'same',
  disputed: 'same',
  'dispute won': 'same',
  'dispute lost': 'same',
}
/** Money that is the house's: disputes mark it, refunds made elsewhere are written down, a refund that is not known cannot fail. */
const held: Record<NewsKind, End> = { ...same, disputed: 'same, disputed', 'dispute lost': 'same, disputed' }
/** A payment that is over, in a booking that goes on: money that comes all the same goes back. */
const over: Record<NewsKind, End> = {
  ...same,
  authorised: 'same, to be released',
  captured: 'same, to be released',
  mismatched: 'same, to be released',
}

/** Every standing of a payment × everything that a provider can say of it. The outcome is stated here, not computed. */
const table: Record<Standing, Record<NewsKind, End>> = {
  pending: {
    ...same,
    authorised: 'authorised, confirmed, to be captured',
    captured: 'succeeded, confirmed',
    mismatched: 'failed, pending, to be released',
    declined: 'failed, pending',
    voided: 'expired, pending',
  },
  late: {
    ...same,
    open: 'expired, expired, to be released',
    authorised: 'expired, expired, to be released',
    captured: 'expired, expired, to be released',
    mismatched: 'expired, expired, to be released',
    declined: 'expired, expired, to be released',
    voided: 'expired, expired, to be released',
  },
  authorised: {
    ...held,
    captured: 'succeeded, confirmed',
    voided: 'voided, cancelled',
    refunded: 'partially_refunded, confirmed',
  },
  succeeded: { ...held, refunded: 'partially_refunded, confirmed' },
  partially_refunded: { ...held, refunded: 'partially_refunded, confirmed', 'refund failed': 'succeeded, confirmed' },
  refunded: { ...held, 'refund failed': 'succeeded, confirmed' },
  failed: over,
  expired: over,
  voided: over,
}

onBothEngines('the table that settles payments', (engine) => {
  let app: TestApp
  let showtimeId: string

  beforeAll(async () => {
    app = await startApp(engine, { environment: { MAX_HOLDS_PER_CLIENT: '0' } })
    const admin = await signIn(app, 'admin')
    const layout = { seating: 'general', capacity: 500 } as const
    showtimeId = (await makeShowtime(app, { ownerId: admin.userId, layout })).showtimeId
  })

  const change = async (id: string, set: { status?: 'voided'; providerReference?: string; endedAt?: number }) =>
    await app.database.write(({ query }) => query.updateTable('payments').set(set).where('id', '=', id).execute())

  /** A booking of a provider that has names of its own, whose payment has come so far. */
  async function reach(standing: Standing): Promise<{ booking: Booking; id: string }> {
    const booking = await bookSeats(app, showtimeId, 1)
    const as = { accessToken: booking.accessToken }
    const begin = async () =>
      (await app.call(createPayment, { body: { bookingId: booking.id, provider: 'test' } }, as)).body.id
    const id = await begin()
    await change(id, { providerReference: `there-${id}` })
    const settle = async (outcome: string) => await app.call(confirmPayment, { params: { id }, body: { outcome } }, as)
    const refund = async (amount: number) => {
      const body = { amount: { amount, currency: 'GBP' } }
      // The clock has moved beyond the life of any token.
      await app.call(refundPayment, { params: { id }, body }, await signIn(app, 'admin'))
      await app.app.house.outbox.runOnce()
    }
    if (standing === 'late') app.clock.advance(700_000)
    if (standing === 'failed') await settle('decline')
    if (standing === 'expired') {
      await begin()
      // What its end asks for is done.
      await app.app.house.outbox.runOnce()
    }
    if (standing === 'voided') await change(id, { status: standing, endedAt: app.clock.now() })
    if (!['authorised', 'succeeded', 'partially_refunded', 'refunded'].includes(standing)) return { booking, id }
    await settle('succeed')
    if (standing !== 'authorised') await app.app.house.outbox.runOnce()
    if (standing === 'partially_refunded') await refund(100)
    if (standing === 'refunded') await refund(must(booking.total.amount, 'It costs something'))
    return { booking, id }
  }

  async function newsOf(kind: NewsKind, id: string): Promise<News> {
    const payment = await app.database.read
      .selectFrom('payments')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    const money = { amountMinor: payment.amount, currency: 'GBP' }
    const ours = await app.database.read
      .selectFrom('refunds')
      .select(['id', 'amount'])
      .where('paymentId', '=', id)
      .executeTakeFirst()
    const made = (state: ProviderRefund['state'], refundId: string | null): News => ({
      kind: 'refund',
      refund: { reference: `re_${id}`, refundId, amountMinor: ours?.amount ?? 1, state },
    })
    const dispute = (state: 'open' | 'won' | 'lost'): News => ({
      kind: 'dispute',
      dispute: { reference: `dp_${id}`, amountMinor: payment.amount, state },
    })
    const news: Record<NewsKind, News> = {
      open: { kind: 'open' },
      authorised: { kind: 'authorised', money },
      captured: { kind: 'captured', money, capturedMinor: payment.amount },
      mismatched: { kind: 'authorised', money: { ...money, amountMinor: payment.amount - 1 } },
      declined: { kind: 'declined' },
      voided: { kind: 'voided' },
      refunded: made('succeeded', null),
      'refund failed': made('failed', ours?.id ?? 'ref_nobody'),
      disputed: dispute('open'),
      'dispute won': dispute('won'),
      'dispute lost': dispute('lost'),
    }
    return news[kind]
  }

  async function stateOf(id: string, booking: Booking): Promise<{ state: string; marks: string[] }> {
    const { read } = app.database
    const payment = await read.selectFrom('payments').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
    const { status } = await read
      .selectFrom('bookings')
      .select('status')
      .where('id', '=', booking.id)
      .executeTakeFirstOrThrow()
    const work = await read
      .selectFrom('outbox')
      .select('kind')
      .where('payload', 'like', `%${id}%`)
      .where('doneAt', 'is', null)
      .execute()
    const isWanted = (kind: string) => work.some((row) => row.kind === kind)
    return {
      state: `${payment.status}, ${status}`,
      marks: [
        ...(isWanted('payment.capture') ? ['to be captured'] : []),
        ...(isWanted('payment.void') ? ['to be released'] : []),
        ...(payment.disputed === 1 ? ['disputed'] : []),
      ],
    }
  }

  for (const [standing, ends] of Object.entries(table) as [Standing, Record<NewsKind, End>][]) {
    it.each(newsKinds)(`a payment that is ${standing} hears of: %s, once or twice`, async (kind) => {
      const { booking, id } = await reach(standing)
      const before = await stateOf(id, booking)
      expect(before.state.split(',')[0]).toBe(standing === 'late' ? 'pending' : standing)
      const told = { news: [await newsOf(kind, id)] }
      await applyNews(app.database, id, told)
      const after = await stateOf(id, booking)
      const shown = [after.state, ...after.marks.filter((mark) => !before.marks.includes(mark))].join(', ')
      expect(shown).toBe(ends[kind].replace('same', before.state))
      await applyNews(app.database, id, told)
      expect(await stateOf(id, booking)).toEqual(after)
    })
  }

  it.each(['pending', 'late', 'authorised'] as const)(
    'a payment that is %s hears of the same amount in another currency as of another amount',
    async (standing) => {
      const { booking, id } = await reach(standing)
      const before = await stateOf(id, booking)
      const { total } = booking
      const told: News = { kind: 'captured', money: { amountMinor: total.amount, currency: 'EUR' } }
      await applyNews(app.database, id, { news: [told] })
      const after = await stateOf(id, booking)
      const shown = [after.state, ...after.marks.filter((mark) => !before.marks.includes(mark))].join(', ')
      expect(shown).toBe(table[standing].mismatched.replace('same', before.state))
    },
  )

  it('leaves a ledger that adds up', async () => {
    expect(await ledgerProblems(app.database, app.clock.now())).toEqual([])
  })
})
