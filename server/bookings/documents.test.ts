import { generateKeyPairSync, verify } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import * as bookings from '../../contract/bookings.ts'
import * as door from '../../contract/door.ts'
import * as payments from '../../contract/payments.ts'
import * as contract from '../../contract/tickets.ts'
import { must } from '../platform/assert.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import type { As } from '../testing/harness.ts'
import { employ, makeScreening, sellTickets } from '../testing/screening.ts'
import type { SaleWishes } from '../testing/screening.ts'
import { signIn } from '../testing/sign-in.ts'
import { bookingToken } from './policy.ts'

const downloads = [
  contract.downloadTickets,
  contract.downloadReceipt,
  contract.downloadCalendar,
  contract.downloadWalletPass,
] as const

onBothEngines('the documents of a booking', (engine) => {
  async function sold(wishes: SaleWishes = {}, environment: Readonly<Record<string, string>> = {}) {
    const test = await startApp(engine, { environment })
    const screening = await makeScreening(test)
    const sale = await sellTickets(test, screening, wishes)
    const guest = { accessToken: bookingToken(test.app.house.secrets, sale.bookingId) }
    return { test, screening, sale, guest, params: { id: sale.bookingId } }
  }

  it('are there for a guest from the purchase to the door: code, picture, print, calendar', async () => {
    const test = await startApp(engine)
    const { showtimeId, ...screening } = await makeScreening(test)
    const order = { showtimeId, seats: ['F1', 'F2'], customer: { email: 'ada@example.com', locale: 'de' } }
    const made = await test.call(bookings.createBooking, { body: order })
    const { id, accessToken } = made.body
    const guest = { accessToken }
    for (const download of downloads.slice(0, 3)) {
      expect((await test.call(download, { params: { id } }, guest)).problem.code).toBe('booking_not_confirmed')
    }
    const payment = await test.call(payments.createPayment, { body: { bookingId: id, provider: 'test' } }, guest)
    const paid = { params: { id: payment.body.id }, body: { outcome: 'succeed' } }
    await test.call(payments.confirmPayment, paid, guest)
    const [ticket] = (await test.call(bookings.readBooking, { params: { id } }, guest)).body.tickets
    const { code, qrUrl } = must(ticket, 'two were sold')
    // A link needs no header: an <img> of a guest has none.
    const picture = await test.inject({ url: must(qrUrl, 'it is confirmed') })
    expect(picture.headers['content-type']).toContain('image/svg+xml')
    expect(picture.body).toMatch(/^<svg /)

    const print = await test.call(contract.downloadTickets, { params: { id } }, guest)
    expect(print.headers['content-type']).toBe('application/pdf')
    expect(print.raw.rawPayload.subarray(0, 5).toString()).toBe('%PDF-')
    const calendar = (await test.call(contract.downloadCalendar, { params: { id } }, guest)).raw.body
    expect(calendar).toContain(`UID:${id}@matinee\r\n`)
    expect(calendar).toContain('SUMMARY:Metropolis\r\n')
    expect(calendar).toContain('Platz F1\\, F2')

    const usher = await signIn(test, 'staff')
    await employ(test, { showtimeId, ...screening }, usher.userId)
    const entered = await test.call(door.checkIn, { body: { code } }, usher)
    expect(entered.body.ticket.seat).toBe('F1')
  })

  it('come in each size, of whatever is not cancelled', async () => {
    const { test, sale, guest, params } = await sold({ seats: ['A1', 'A2', null] })
    const pages = async (size: string | undefined) => {
      const { raw } = await test.call(contract.downloadTickets, { params, query: { size } }, guest)
      return raw.rawPayload.toString('latin1').match(/\/MediaBox/g)?.length
    }
    expect(await pages('a6')).toBe(3)
    expect(await pages('80mm')).toBe(3)
    expect(await pages(undefined)).toBe(1)
    await test.database.write(({ query }) =>
      query
        .updateTable('tickets')
        .set({ status: 'void', voidedAt: 1 })
        .where('id', '=', must(sale.tickets[0], 'sold').id)
        .execute(),
    )
    expect(await pages('a6')).toBe(2)
    const wrong = await test.call(contract.downloadTickets, { params, query: { size: 'a3' } }, guest)
    expect(wrong.problem).toMatchObject({ status: 400, code: 'validation_failed' })
  })

  it('are for its buyer and the house; to others it is not there', async () => {
    const { test, screening, sale, guest, params } = await sold()
    const usher = await signIn(test, 'staff')
    await employ(test, screening, usher.userId)
    const reads = async (as?: As) => {
      const ticket = { params: { id: must(sale.tickets[0], 'sold').id } }
      const answers = [
        await test.call(contract.getTicketQr, ticket, as),
        await test.call(contract.downloadCalendar, { params }, as),
        await test.call(contract.downloadReceipt, { params }, as),
        await test.call(contract.downloadTickets, { params }, as),
      ]
      return [...new Set(answers.map(({ status }) => status))]
    }
    expect(await reads(guest)).toEqual([200])
    expect(await reads(usher)).toEqual([200])
    expect(await reads(await signIn(test, 'admin'))).toEqual([200])
    expect(await reads(await signIn(test, 'staff'))).toEqual([404])
    expect(await reads(await signIn(test))).toEqual([404])
    expect(await reads({ accessToken: 'not a token' })).toEqual([404])
    expect(await reads()).toEqual([404])
  })

  it('end with the booking: no code and no ticket, but a receipt, and the calendar entry is taken back', async () => {
    const { test, sale, guest, params } = await sold({ status: 'cancelled', seats: ['A1'] })
    const ticket = { params: { id: must(sale.tickets[0], 'sold').id } }
    expect((await test.call(contract.getTicketQr, ticket, guest)).status).toBe(404)
    expect((await test.call(contract.downloadTickets, { params }, guest)).problem.code).toBe('booking_cancelled')
    expect((await test.call(contract.downloadReceipt, { params }, guest)).status).toBe(200)
    const calendar = await test.call(contract.downloadCalendar, { params }, guest)
    expect(calendar.raw.body).toContain('STATUS:CANCELLED\r\n')
  })

  it('replace the calendar entry when the showtime changes', async () => {
    const { test, screening, guest, params } = await sold()
    const sequence = async () => {
      const { raw } = await test.call(contract.downloadCalendar, { params }, guest)
      return Number(/SEQUENCE:(\d+)/.exec(raw.body)?.[1])
    }
    const before = await sequence()
    test.clock.advance(5_000)
    expect(await sequence()).toBe(before)
    await test.database.write(({ query, nowMs }) =>
      query.updateTable('showtimes').set({ updatedAt: nowMs }).where('id', '=', screening.showtimeId).execute(),
    )
    expect(await sequence()).toBeGreaterThan(before)
  })

  it('hold no pass for a wallet where the house has no certificate', async () => {
    const { test, guest, params } = await sold()
    const { problem } = await test.call(contract.downloadWalletPass, { params }, guest)
    expect(problem).toMatchObject({
      status: 404,
      code: 'not_found',
      detail: 'This house gives out no passes for wallets.',
    })
  })
  it('name the wallets that the house has, each ticket with a link that its key has signed', async () => {
    const none = await sold()
    expect((await none.test.call(contract.listWallets, { params: none.params }, none.guest)).body).toEqual({
      apple: null,
      google: [],
    })
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const path = join(mkdtempSync(join(tmpdir(), 'matinee-wallet-')), 'google.json')
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' })
    writeFileSync(path, JSON.stringify({ client_email: 'rio@example.com', private_key: pem }))
    const keys = { GOOGLE_WALLET: path, GOOGLE_WALLET_ISSUER: '3388000000012345678' }
    const { test, params, guest } = await sold({ seats: ['F1', 'F2'] }, keys)
    const { google } = (await test.call(contract.listWallets, { params }, guest)).body
    const booking = (await test.call(bookings.readBooking, { params }, guest)).body
    expect(google.map(({ ticketId }) => ticketId)).toEqual(booking.tickets.map(({ id }) => id))
    for (const { url, ticketId } of google) {
      const [signed = '', signature = ''] = url.split(/\/save\/|\.(?=[^.]+$)/).slice(1)
      expect(verify('sha256', Buffer.from(signed), publicKey, Buffer.from(signature, 'base64url'))).toBe(true)
      const claims = Buffer.from(signed.split('.')[1] ?? '', 'base64url').toString()
      expect(claims).toContain(booking.tickets.find(({ id }) => id === ticketId)?.code)
      // What Google calls safe; a very long title may need more.
      expect(signed.length + signature.length).toBeLessThan(1800)
    }
    const alone = { ...keys, GOOGLE_WALLET_ISSUER: '' }
    await expect(startApp(engine, { environment: alone })).rejects.toThrow('go together')
  })
})
