import { beforeAll, expect, test } from 'vitest'
import { login } from '../../contract/accounts.ts'
import * as bookings from '../../contract/bookings.ts'
import type { Booking } from '../../contract/bookings.ts'
import { createPayment, refundPayment } from '../../contract/payments.ts'
import * as reports from '../../contract/reports.ts'
import { createVoucher } from '../../contract/vouchers.ts'
import type { OperationShape } from '../../contract/operation.ts'
import { validatorOf } from '../http/validate.ts'
import { must } from '../platform/assert.ts'
import { buySeats } from '../testing/buying.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import type { TestApp } from '../testing/harness.ts'
import { makeShowtime } from '../testing/showtimes.ts'
import type { MadeShowtime } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'
import type { SignedIn } from '../testing/sign-in.ts'

const hourMs = 3600_000

interface AnyReport extends Record<string, unknown> {
  rows: Record<string, unknown>[]
  totals: { gross: number }[]
}

/** Sold on the 20th and the 21st (23:30 to 02:00 across the start of a calendar day), shown on the 23rd; refunds on the 22nd. */
onBothEngines('reports', (engine) => {
  let app: TestApp
  let admin: SignedIn
  let owner: SignedIn
  let here: MadeShowtime
  let there: MadeShowtime
  let cancelled: Booking

  async function ask(shape: OperationShape, query: object = {}, as: SignedIn = admin) {
    const { raw } = await app.call(shape, { query }, as)
    expect(raw.statusCode, raw.body).toBe(200)
    const body: AnyReport = raw.json()
    const refused = validatorOf(must(shape.answer.schema, 'A report has a schema'), 'the answer').check(body)
    expect(refused?.extra['errors']).toBeUndefined()
    return body
  }

  async function sellAtCounter(showtimeId: string, seats: string[], tenders: { tender: string; amount?: object }[]) {
    const { body } = await app.call(bookings.createBooking, { body: { showtimeId, seats } }, admin)
    for (const tender of tenders) {
      const payment = { bookingId: body.id, provider: 'counter', ...tender }
      await app.call(createPayment, { body: payment }, admin).then((answer) => answer.body)
    }
  }

  beforeAll(async () => {
    // 20 November 2026, 23:30 in London.
    app = await startApp(engine, {
      startMs: Date.UTC(2026, 10, 20, 23, 30),
      environment: { MAX_HOLDS_PER_CLIENT: '0', ACCESS_TOKEN_SECONDS: '86400' },
    })
    admin = await signIn(app, 'admin')
    owner = await signIn(app, 'owner')
    here = await makeShowtime(app, {
      ownerId: owner.userId,
      startsInMs: 68 * hourMs,
      settings: { ticketFee: 50 },
      change: { businessDate: '2026-11-23' },
    })
    there = await makeShowtime(app, {
      adultAmount: 800,
      startsInMs: 68 * hourMs,
      change: { businessDate: '2026-11-23' },
    })
    await app.database.write(async ({ query }) => {
      const name = { title: '=HYPERLINK("http://evil.example")', distributor: 'Great, "Films"' }
      await query.updateTable('movies').set(name).where('id', '=', there.movieId).execute()
    })
    await buySeats(app, here.showtimeId, ['A1', 'A2'])
    app.clock.advance(2.5 * hourMs) // 02:00: still the business day of the 20th.
    await buySeats(app, there.showtimeId, ['A1'])
    app.clock.advance(8 * hourMs) // 10:00 on the 21st.
    cancelled = await buySeats(app, here.showtimeId, ['B1', 'B2', 'B3'])
    const ten = { amount: 1000, currency: 'GBP' }
    await sellAtCounter(here.showtimeId, ['C1'], [{ tender: 'cash', amount: ten }, { tender: 'card' }])
    await sellAtCounter(here.showtimeId, ['C2', 'C3'], [{ tender: 'comp' }])
    await buySeats(app, there.showtimeId, ['B1'])
    app.clock.advance(24 * hourMs) // 10:00 on the 22nd.
    for (const person of [admin, owner]) {
      const signedIn = await app.call(login, { body: { email: person.email, password: person.password } })
      Object.assign(person, { token: signedIn.raw.json().accessToken })
    }
    const as = { accessToken: cancelled.accessToken }
    const tickets = [must(cancelled.tickets[0], 'It has three').id]
    await app.call(bookings.cancelBooking, { params: { id: cancelled.id }, body: { tickets } }, as)
    const params = { id: cancelled.payments[0]?.id }
    await app.call(refundPayment, { params, body: { amount: { amount: 77, currency: 'GBP' } } }, owner)
  })

  test('by day of sale money counts on the business day it moved, and refunds on theirs', async () => {
    const report = await ask(reports.reportRevenue, {}, owner)
    expect(report).toMatchObject({ groupBy: 'day', basis: 'sale', from: null, to: null })
    const day = (key: string) => ({ key, label: key, currency: 'GBP' })
    expect(report.rows).toEqual([
      { ...day('2026-11-20'), gross: 2600, refunded: 0, net: 2600, tickets: 2, bookings: 1 },
      { ...day('2026-11-21'), gross: 5200, refunded: 0, net: 5200, tickets: 5, bookings: 3 },
      { ...day('2026-11-22'), gross: 0, refunded: 1377, net: -1377, tickets: 0, bookings: 0 },
    ])
    expect(report.totals).toEqual([{ currency: 'GBP', gross: 7800, refunded: 1377, net: 6423, tickets: 7 }])
  })

  test('a period is counted in business days, both ends included', async () => {
    const gross = async (query: object) => (await ask(reports.reportRevenue, query)).totals
    expect(await gross({ from: '2026-11-20', to: '2026-11-20' })).toMatchObject([{ gross: 2600 + 800, tickets: 3 }])
    expect(await gross({ from: '2026-11-22' })).toMatchObject([{ gross: 0, refunded: 1377, net: -1377 }])
    expect(await gross({ to: '2026-11-19' })).toEqual([])
    expect(
      (await app.call(reports.reportRevenue, { query: { from: '2026-11-22', to: '2026-11-21' } }, admin)).problem,
    ).toMatchObject({ code: 'validation_failed' })
    expect((await app.call(reports.reportRevenue, { query: { from: '2026-02-30' } }, admin)).status).toBe(400)
  })

  test('by day of show everything counts for the showtime’s day', async () => {
    const { rows } = await ask(reports.reportRevenue, { basis: 'show', theatreId: here.theatreId })
    expect(rows).toMatchObject([{ key: '2026-11-23', gross: 7800, refunded: 1377, net: 6423, tickets: 7, bookings: 4 }])
  })

  test.each(['sale', 'show'])(
    'by %s, every grouping agrees to the minor unit with payments and refunds added up by hand',
    async (basis) => {
      const payments = await app.database.read.selectFrom('payments').selectAll().execute()
      const refunds = await app.database.read.selectFrom('refunds').selectAll().execute()
      const paid = payments.filter(
        ({ status, tender }) =>
          status !== 'pending' &&
          status !== 'failed' &&
          status !== 'expired' &&
          status !== 'voided' &&
          tender !== 'comp' &&
          tender !== 'voucher',
      )
      const gross = paid.reduce((sum, { amount }) => sum + amount, 0)
      const refunded = refunds.reduce((sum, { amount }) => sum + amount, 0)
      for (const groupBy of reports.groupings) {
        for (const shape of [reports.reportRevenue, reports.reportPopularMovies]) {
          const { rows, totals } = await ask(shape, { basis, groupBy })
          const sum = (name: string) => rows.reduce((total, row) => total + Number(row[name]), 0)
          expect([sum('gross'), sum('refunded'), sum('net'), sum('tickets')]).toEqual([
            gross,
            refunded,
            gross - refunded,
            9,
          ])
          expect(totals).toEqual([{ currency: 'GBP', gross, refunded, net: gross - refunded, tickets: 9 }])
        }
        for (const shape of [reports.reportCapacity, reports.reportFilmReturns]) {
          expect((await ask(shape, { basis, groupBy })).totals).toMatchObject([{ gross, refunded, tickets: 9 }])
        }
      }
    },
  )

  test('capacity tells each showtime, or groups of them', async () => {
    const { rows, ...rest } = await ask(reports.reportCapacity)
    expect(rest).toMatchObject({ groupBy: 'showtime', basis: 'show' })
    expect(rows).toMatchObject([
      {
        showtimeId: here.showtimeId,
        movieTitle: 'The Night Tram',
        theatreName: 'Rialto',
        capacity: 40,
        sold: 7,
        share: 0.175,
      },
      { showtimeId: there.showtimeId, capacity: 40, sold: 2, share: 0.05, localStartsAt: '2026-11-23T19:30' },
    ])
    expect((await ask(reports.reportCapacity, { groupBy: 'month' })).rows).toEqual([
      { key: '2026-11', label: '2026-11', showtimes: 2, capacity: 80, sold: 9, share: 0.1125 },
    ])
    expect((await ask(reports.reportCapacity, { from: '2026-11-24' })).rows).toEqual([])
    expect(
      (await ask(reports.reportCapacity, { basis: 'sale', from: '2026-11-21', to: '2026-11-21' })).rows,
    ).toMatchObject([{ sold: 5 }, { sold: 1 }])
  })

  test('popular movies are ranked by the tickets that stand', async () => {
    const { rows } = await ask(reports.reportPopularMovies)
    expect(rows).toMatchObject([
      { rank: 1, movieId: here.movieId, tickets: 7, gross: 7800 },
      { rank: 2, movieId: there.movieId, tickets: 2, gross: 1600 },
    ])
  })

  test('film returns tell admissions and gross by ticket type and price; complimentary ones cost nothing', async () => {
    const { rows } = await ask(reports.reportFilmReturns, { theatreId: here.theatreId })
    expect(rows).toMatchObject([
      { ticketType: 'adult', price: 0, admissions: 2, gross: 0 },
      { ticketType: 'adult', price: 1250, admissions: 5, gross: 6250 },
    ])
    expect((await ask(reports.reportFilmReturns, { basis: 'show' })).rows).toHaveLength(3)
  })

  test('the books of a period: what stood, what moved, what stands, of each theatre; all of it adds up to nothing', async () => {
    const book = async (query: object, as = admin) => {
      const { rows, totals } = await ask(reports.reportLedger, query, as)
      for (const place of Map.groupBy(rows, ({ theatreId }) => theatreId).values()) {
        for (const column of ['opening', 'closing']) {
          expect(place.reduce((sum, row) => sum + Number(row[column]), 0)).toBe(0)
        }
      }
      return { rows, totals }
    }
    const all = await book({ theatreId: here.theatreId })
    const of = ({ rows }: typeof all, account: string) => rows.find((row) => row['account'] === account)
    expect(of(all, 'tickets')).toMatchObject({ kind: 'income', opening: 0, closing: -7 * 1250 })
    expect(of(all, 'drawer')).toMatchObject({ kind: 'asset', opening: 0, debit: 1000, credit: 0, closing: 1000 })
    // The 22nd alone: a ticket was cancelled, and a little given back besides.
    const last = await book({ theatreId: here.theatreId, from: '2026-11-22', to: '2026-11-22' })
    expect(of(last, 'refunds_owed')).toMatchObject({ opening: 0, credit: 1377 })
    expect(of(last, 'drawer')).toMatchObject({ opening: 1000, debit: 0, credit: 0, closing: 1000 })
    expect(of(last, 'tickets')).toMatchObject({ closing: of(all, 'tickets')?.['closing'] })
    // 02:00 is still the business day of the 20th.
    const first = await book({ theatreId: there.theatreId, to: '2026-11-20' })
    expect(of(first, 'tickets')).toMatchObject({ credit: 800, closing: -800 })
    const { debit, credit } = { debit: 0, credit: 0, ...all.totals[0] }
    expect(debit).toBe(credit)
    await app.call(createVoucher, { body: { balance: { amount: 500, currency: 'GBP' } } }, admin)
    const vouchers = { theatreId: null, account: 'vouchers', kind: 'liability', closing: -500 }
    expect((await book({})).rows.at(-1)).toMatchObject(vouchers)
    const own = await book({}, owner)
    expect(new Set(own.rows.map(({ theatreId }) => theatreId))).toEqual(new Set([here.theatreId]))
    const { raw } = await app.call(reports.reportLedger, { query: { format: 'csv', theatreId: here.theatreId } }, admin)
    expect(raw.body).toMatch(
      /^\ufeffkey,label,theatreId,account,kind,currency,opening,debit,credit,closing,openingMajor,/,
    )
    expect(raw.body).toContain(
      `${here.theatreId},Rialto,${here.theatreId},drawer,asset,GBP,0,1000,0,1000,0,10,0,10\r\n`,
    )
  })

  test('an owner’s report is of its theatres alone', async () => {
    const stranger = await signIn(app, 'owner')
    expect(await ask(reports.reportRevenue, {}, stranger)).toMatchObject({ rows: [], totals: [] })
    for (const [caller, theatreId, status] of [
      [stranger, here.theatreId, 403],
      [owner, 'thr_nowhere', 404],
      [await signIn(app, 'staff'), here.theatreId, 403],
    ] as const) {
      expect((await app.call(reports.reportCapacity, { query: { theatreId } }, caller)).status).toBe(status)
    }
  })

  test('a CSV file opens in a spreadsheet and runs nothing', async () => {
    const query = { format: 'csv', theatreId: there.theatreId }
    const { raw } = await app.call(reports.reportFilmReturns, { query }, admin)
    expect(raw.headers['content-type']).toContain('text/csv')
    expect(raw.headers['content-disposition']).toBe('attachment; filename="film-returns.csv"')
    const [head, line, end] = raw.body.split('\r\n')
    expect(head).toMatch(/^\ufeffkey,label,movieId,title,distributor,/)
    expect(line).toContain(`"'=HYPERLINK(""http://evil.example"")","Great, ""Films""",adult,GBP,800,2,1600,`)
    expect(end).toBe('')
    const revenue = (await app.call(reports.reportRevenue, { query: { format: 'csv', from: '2026-11-22' } }, admin)).raw
    expect(revenue.body).toContain('2026-11-22,2026-11-22,GBP,0,1377,-1377,0,0,0,13.77,-13.77\r\n')
  })
})
