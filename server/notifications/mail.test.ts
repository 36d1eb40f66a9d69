import { readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { forgotPassword } from '../../contract/account-security.ts'
import { register } from '../../contract/accounts.ts'
import { createAuditorium } from '../../contract/auditoriums.ts'
import { cancelBooking } from '../../contract/bookings.ts'
import type { Booking } from '../../contract/bookings.ts'
import { createPayment, refundPayment } from '../../contract/payments.ts'
import { cancelShowtime, moveShowtime, updateShowtime } from '../../contract/showtimes.ts'
import { enqueue } from '../database/outbox.ts'
import { bookSeats, buySeats, payBooking } from '../testing/buying.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import type { As, TestApp } from '../testing/harness.ts'
import { mailedToken, openPost } from '../testing/mail.ts'
import { makeShowtime, plainLayout } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'
import { originOf } from './open-mail.ts'
import { UndeliverableMail } from './transport.ts'

async function nameFilm(app: TestApp, movieId: string, title: string): Promise<void> {
  await app.database.write(async (tx) => {
    await tx.query.updateTable('movies').set({ title }).where('id', '=', movieId).execute()
  })
}

onBothEngines('mails', (engine) => {
  test('a confirmed booking is mailed once, with tickets and calendar, in the language of the customer', async () => {
    const { app, sent, post } = await openPost(engine)
    const { showtimeId, movieId } = await makeShowtime(app)
    await nameFilm(app, movieId, 'Läuft <b>& "wird"</b>\r\nBcc: thief@example.com')
    const customer = { name: 'Özil <script>', email: 'oe@example.com', locale: 'de-AT' }
    const booking = await bookSeats(app, showtimeId, ['A1', 'A2'], { body: { customer } })
    await payBooking(app, booking)
    await post()
    await post()
    expect(sent).toHaveLength(1)
    const [mail] = sent
    expect(mail?.recipient).toEqual({ name: 'Özil <script>', email: 'oe@example.com' })
    expect(mail?.subject).toBe('Ihre Karten für Läuft <b>& "wird"</b> Bcc: thief@example.com')
    expect(mail?.html).toContain('Läuft &lt;b&gt;&amp; &quot;wird&quot;&lt;/b&gt;')
    expect(mail?.html).not.toContain('<script>')
    expect(mail?.html).toContain('A1, A2')
    expect(mail?.text).toContain(booking.reference)
    expect(mail?.text).toContain(`https://kino.example/bookings/${booking.id}?accessToken=${booking.accessToken}`)
    expect(mail?.attachments.map(({ filename }) => filename)).toEqual([
      `tickets-${booking.reference}.pdf`,
      `${booking.reference}.ics`,
    ])
    expect(String(mail?.attachments[0]?.content.slice(0, 5))).toBe('%PDF-')
  })

  test('a mail server that is down is tried again later; an address that is refused for good is not', async () => {
    const { app, sent, failures, post } = await openPost(engine)
    const { showtimeId } = await makeShowtime(app)
    await buySeats(app, showtimeId, ['A1'])
    failures.push(new Error('connection refused'))
    await post()
    expect(sent).toHaveLength(0)
    app.clock.advance(3000)
    await post()
    expect(sent).toHaveLength(1)
    await buySeats(app, showtimeId, ['A2'])
    failures.push(new UndeliverableMail('no such person'))
    await post()
    app.clock.advance(86_400_000)
    await post()
    expect(sent).toHaveLength(1)
  })

  test('what is cancelled says what comes back: one ticket, a whole booking, a whole screening', async () => {
    const { app, sent, post } = await openPost(engine)
    const admin = await signIn(app, 'admin')
    const { showtimeId } = await makeShowtime(app)
    const booking = await buySeats(app, showtimeId, ['A1', 'A2', 'A3'])
    await buySeats(app, showtimeId, ['B1'])
    await post()
    sent.length = 0
    const as = { accessToken: booking.accessToken }
    const tickets = [booking.tickets[0]?.id]
    await app.call(cancelBooking, { params: { id: booking.id }, body: { tickets } }, as)
    await post()
    expect(sent[0]?.subject).toMatch(/^One ticket cancelled: /)
    expect(sent[0]?.text).toContain('£12.50 is on its way back')
    await app.call(cancelBooking, { params: { id: booking.id }, body: {} }, as)
    await post()
    expect(sent[1]?.subject).toMatch(/^Cancelled: /)
    expect(sent[1]?.text).toContain('£25.00')
    expect(String(sent[1]?.attachments[0]?.content)).toContain('STATUS:CANCELLED')
    await app.call(cancelShowtime, { params: { id: showtimeId }, body: { reason: 'The projector is broken' } }, admin)
    await post()
    expect(sent).toHaveLength(3)
    expect(sent[2]?.subject).toMatch(/^This screening does not take place: /)
    expect(sent[2]?.text).toContain('The projector is broken')
  })

  test('a refund without a cancellation is told, too', async () => {
    const { app, sent, post } = await openPost(engine)
    const admin = await signIn(app, 'admin')
    const { showtimeId } = await makeShowtime(app)
    const booking = await buySeats(app, showtimeId, ['A1'])
    const body = { amount: { amount: 250, currency: 'GBP' } }
    await app.call(refundPayment, { params: { id: booking.payments[0]?.id }, body }, admin)
    await post()
    expect(sent.map(({ subject }) => subject)).toContain('Refund of £2.50')
  })

  test('a screening that is moved tells each booking once, also when the telling was cut short', async () => {
    const { app, sent, failures, post } = await openPost(engine)
    const admin = await signIn(app, 'admin')
    const { showtimeId } = await makeShowtime(app)
    for (const seat of ['A1', 'A2', 'A3']) await buySeats(app, showtimeId, [seat])
    await bookSeats(app, showtimeId, ['B1'])
    await post()
    sent.length = 0
    const startsAt = new Date(app.clock.now() + 50 * 3600_000).toISOString()
    const change = await app.call(
      updateShowtime,
      { params: { id: showtimeId }, body: { startsAt, notifyCustomers: true } },
      admin,
    )
    expect(change.status).toBe(200)
    await post()
    failures.push(new Error('down'))
    await post()
    app.clock.advance(60_000)
    await app.database.write(async (tx) => {
      const told = tx.query.updateTable('outbox').set({ doneAt: null, leasedUntil: null })
      await told.where('kind', '=', 'showtime_changed').execute()
    })
    await post()
    expect(sent).toHaveLength(3)
    expect(new Set(sent.map(({ id }) => id)).size).toBe(3)
    expect(sent[0]?.text).toMatch(/Before: +Monday 23 November 2026, 12:00/)
    expect(sent[0]?.text).toMatch(/When: +Monday 23 November 2026, 14:00/)
    expect(sent[0]?.attachments).toHaveLength(2)
  })

  test('every kind of mail about tickets is written in every language', async () => {
    const { app, sent, post } = await openPost(engine)
    const { showtimeId } = await makeShowtime(app)
    const kinds = ['booking.confirmed', 'booking.exchanged', 'booking.reseated', 'mail.hall-moved', 'mail.rescheduled']
    for (const [index, locale] of ['en', 'de', 'fr', 'es'].entries()) {
      const customer = { name: 'Ada', email: 'ada@example.com', locale }
      const booking = await bookSeats(app, showtimeId, [`A${index + 1}`], { body: { customer } })
      await payBooking(app, booking)
      await post()
      sent.length = 0
      await app.database.write(async (tx) => {
        for (const kind of kinds) await enqueue(tx, kind, { bookingId: booking.id, before: { startsAt: tx.nowMs } })
      })
      await post()
      expect(sent.map((mail) => mail.locale)).toEqual(kinds.map(() => locale))
      expect(new Set(sent.map(({ subject }) => subject)).size).toBe(kinds.length)
      for (const mail of sent) expect(mail.attachments).toHaveLength(2)
    }
  })

  test('a screening in another hall tells everybody, whether the seat has another name or not', async () => {
    const { app, sent, post } = await openPost(engine)
    const admin = await signIn(app, 'admin')
    const { showtimeId, theatreId } = await makeShowtime(app)
    await buySeats(app, showtimeId, ['A1'])
    await buySeats(app, showtimeId, ['B1'])
    await post()
    sent.length = 0
    const hall = await app.call(
      createAuditorium,
      { params: { id: theatreId }, body: { name: 'Grand', layout: plainLayout(5, 8) } },
      admin,
    )
    const body = { auditoriumId: hall.body.id, dryRun: false }
    expect((await app.call(moveShowtime, { params: { id: showtimeId }, body }, admin)).status).toBe(200)
    await post()
    await post()
    expect(sent.map(({ subject }) => subject.replace(/ for .*/, ''))).toEqual(['Another screen', 'Another screen'])
    expect(sent[0]?.text).toContain('Grand')
  })

  test('links for accounts open what they should, and an expired one is not sent', async () => {
    const { app, sent, post } = await openPost(engine)
    const email = 'ann@example.com'
    await app.call(register, { body: { email, name: 'Ann', password: 'velvet curtain 1911' } })
    await post()
    expect(sent[0]?.subject).toBe('Confirm your email for Matinee')
    const token = await mailedToken(app, 'mail.verify-email', email)
    expect(sent[0]?.text).toContain(`https://kino.example/verify-email?token=${encodeURIComponent(token)}`)
    await app.call(forgotPassword, { body: { email } })
    app.clock.advance(31 * 60_000)
    await post()
    expect(sent).toHaveLength(1)
  })

  test('who cancels from home what was paid in cash is asked to the counter, but not once it was handed over', async () => {
    const { app, sent, post } = await openPost(engine)
    const { showtimeId } = await makeShowtime(app)
    const admin = await signIn(app, 'admin')
    const sell = async (seat: string) => {
      const booking = await bookSeats(app, showtimeId, [seat])
      await app.call(createPayment, { body: { bookingId: booking.id, provider: 'counter', tender: 'cash' } }, admin)
      return booking
    }
    const cancel = async (booking: Booking, as: As) => {
      await app.call(cancelBooking, { params: { id: booking.id }, body: {} }, as)
      await post()
      return sent.at(-1)?.text
    }
    const [home, desk] = [await sell('A1'), await sell('A2')]
    expect(await cancel(home, { accessToken: home.accessToken })).toContain('Please collect £12.50 at the counter')
    expect(await cancel(desk, admin)).not.toContain('at the counter')
  })

  test('without SMTP the house writes .eml files that mail programs can read', async () => {
    const app = await startApp(engine)
    const { showtimeId } = await makeShowtime(app)
    const customer = { name: 'Zoë, "Z"', email: 'zoe@example.com', locale: 'fr' }
    const booking = await bookSeats(app, showtimeId, ['A1'], { body: { customer } })
    await payBooking(app, booking)
    await app.app.house.mail.worker.runOnce()
    const folder = join(app.config.dataFolder, 'mail')
    const [name = ''] = readdirSync(folder)
    const eml = readFileSync(join(folder, name), 'utf8')
    const { headers, parts } = readMessage(eml)
    expect(headers.get('to')).toContain('<zoe@example.com>')
    expect(headers.get('message-id')).toBe(`<${name.replace('.eml', '')}@localhost>`)
    expect(headers.get('to')).toMatch(/^=\?UTF-8\?/)
    expect(headers.get('subject')).toMatch(/^Vos billets pour /)
    expect(headers.get('content-language')).toBe('fr')
    const types = parts.map((part) => part.headers.get('content-type')?.split(';')[0])
    expect(types).toEqual(['text/plain', 'text/html', 'application/pdf', 'text/calendar'])
    expect(parts[0]?.body.toString('utf8')).toContain(booking.reference)
    expect(parts[2]?.body.subarray(0, 5).toString()).toBe('%PDF-')
    expect(parts[3]?.body.toString('utf8')).toContain('BEGIN:VCALENDAR')
  })
})

describe('the address that mails come from', () => {
  const silent = { smtpUrl: null, mailFrom: null, publicUrl: null, host: '::1', port: 1, dataFolder: tmpdir() }

  test('is MAIL_FROM, else the SMTP user, else tickets@ the public host', () => {
    const publicUrl = 'https://kino.example'
    expect(originOf({ ...silent, publicUrl }).address).toBe('tickets@kino.example')
    const smtpUrl = 'smtp://box%40mail.example:secret@mail.example'
    expect(originOf({ ...silent, publicUrl, smtpUrl }).address).toBe('box@mail.example')
    expect(originOf({ ...silent, publicUrl, smtpUrl, mailFrom: 'a@b.example' })).toEqual({
      address: 'a@b.example',
      domain: 'b.example',
    })
  })
})

interface Part {
  readonly headers: ReadonlyMap<string, string>
  readonly body: Buffer
}

/** Just enough of RFC 2045: the leaves of a message, decoded. */
function readMessage(text: string): { readonly headers: ReadonlyMap<string, string>; readonly parts: Part[] } {
  const cut = text.indexOf('\n\n')
  const headers = new Map(
    text
      .slice(0, cut)
      .replaceAll(/\n[ \t]+/g, ' ')
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  )
  const content = text.slice(cut + 2)
  const boundary = /boundary="?([^";]+)"?/.exec(headers.get('content-type') ?? '')?.[1]
  if (boundary === undefined) return { headers, parts: [{ headers, body: decode(headers, content) }] }
  const inner = content.split(`--${boundary}`).slice(1, -1)
  return { headers, parts: inner.flatMap((part) => readMessage(part.replace(/^\n/, '')).parts) }
}

function decode(headers: ReadonlyMap<string, string>, content: string): Buffer {
  const encoding = headers.get('content-transfer-encoding')
  if (encoding === 'base64') return Buffer.from(content, 'base64')
  if (encoding !== 'quoted-printable') return Buffer.from(content)
  const bytes = content
    .replaceAll('=\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_match, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1')
}
