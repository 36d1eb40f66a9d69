import type { BrowserContextOptions } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { findings } from './findings.ts'
import { openPage, someShowtime } from './house.ts'
import { openStage } from './stage.ts'

const { house, browser } = await openStage()

/** A paid booking of so many adults, for a film that plays in the same theatre again, always on numbered seats. */
async function bought(count: number) {
  const { data } = await house.call('listShowtimes', { query: { limit: 100 } })
  const showtime = await someShowtime(house, (one) => {
    const others = data.filter(
      ({ id, movieId, theatreId }) => id !== one.id && movieId === one.movieId && theatreId === one.theatreId,
    )
    return others.length > 0 && others.every(({ seating }) => seating === 'reserved')
  })
  const hold = await house.call('placeHold', { params: { id: showtime.id }, body: { best: { count } } })
  const body = { holdId: hold.id, customer: { email: 'evening@example.com' } }
  const booking = await house.call('createBooking', { body, accessToken: hold.token })
  const { accessToken, id } = booking
  const payment = await house.call('createPayment', { body: { bookingId: id, provider: 'test' }, accessToken })
  await house.call('confirmPayment', { params: { id: payment.id }, body: { outcome: 'succeed' }, accessToken })
  const paid = await house.call('readBooking', { params: { id }, accessToken })
  return { showtime, booking: paid, link: `/bookings/${id}?accessToken=${accessToken}` }
}

async function open(options: BrowserContextOptions = {}) {
  return await openPage(browser, house, options)
}

describe('changing a booking', () => {
  test('one of two tickets is cancelled: what comes back is said before, and is what comes back', async () => {
    const { booking, link } = await bought(2)
    const { page, context, complaints } = await open()
    await page.goto(link)
    await page.getByRole('button', { name: 'Cancel booking' }).click()
    const dialog = page.getByRole('dialog')
    const [first] = booking.tickets
    await dialog.getByRole('checkbox', { name: new RegExp(`^${first?.seat} `) }).uncheck()
    const one = new Intl.NumberFormat('en-GB', { style: 'currency', currency: booking.paid.currency })
    await dialog.getByText(`You get ${one.format(booking.paid.amount / 200)} back`).waitFor()
    expect(await findings(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Cancel and refund' }).click()
    await expect.poll(() => page.getByRole('img', { name: /^QR code/ }).count()).toBe(1)
    await page.getByText(`${one.format(booking.paid.amount / 200)} goes back`).waitFor()
    const { accessToken } = booking
    const after = await house.call('readBooking', { params: { id: booking.id }, accessToken })
    expect(after.refunded.amount).toBe(booking.paid.amount / 2)
    expect(after.tickets.map(({ status }) => status)).toEqual(['valid', 'void'])
    expect(complaints).toEqual([])
    await context.close()
  })

  test('another time of the same film: best seats lit, the price said before, new codes after', async () => {
    const { booking, link } = await bought(2)
    const { page, context, complaints } = await open({ viewport: { width: 390, height: 844 } })
    await page.goto(link)
    await page.getByRole('link', { name: 'Change to another time' }).click()
    await page.getByRole('heading', { name: 'Another time' }).waitFor()
    const times = page.getByRole('group', { name: 'Times' }).getByRole('button')
    await times.first().click()
    await page.getByText(/^New seats: /).waitFor()
    await page.getByText(/^(It costs you nothing|You pay .* more|You get .* back)/).waitFor()
    await expect.poll(() => page.locator('[data-seat][aria-pressed="true"]').count()).toBe(2)
    expect(await findings(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    await page.getByRole('button', { name: 'Change to this time' }).click()
    await page.getByText('Your booking is changed').waitFor()
    const { accessToken } = booking
    const after = await house.call('readBooking', { params: { id: booking.id }, accessToken })
    expect(after.showtimeId).not.toBe(booking.showtimeId)
    expect(after.tickets.map(({ code }) => code)).not.toEqual(booking.tickets.map(({ code }) => code))
    expect(complaints).toEqual([])
    await context.close()
  })

  test('another time that has a waiting room: in it first, then with the booking to the seats', async () => {
    const { showtime, link } = await bought(2)
    const { movieId, theatreId } = showtime
    const { data } = await house.call('listShowtimes', { query: { movieId, theatreId, limit: 100 } })
    const to = data.find(({ id }) => id !== showtime.id)
    await openRoom(to?.id ?? '', 3_600_000)
    const { page, context, complaints } = await open({ viewport: { width: 390, height: 844 } })
    await page.goto(link)
    await page.getByRole('link', { name: 'Change to another time' }).click()
    await page.getByRole('group', { name: 'Times' }).getByRole('button').first().click()
    await page.getByRole('heading', { name: 'Many want to see this' }).waitFor()
    expect(await findings(page)).toEqual([])
    await page.getByRole('button', { name: 'Join' }).click()
    await page.getByRole('heading', { name: 'You are in the draw' }).waitFor()
    await openRoom(to?.id ?? '', 1000)
    await page.getByText(/^New seats: /).waitFor({ timeout: 40_000 })
    await page.getByRole('button', { name: 'Change to this time' }).click()
    await page.getByText('Your booking is changed').waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })
})

/** Gives a showtime a waiting room that opens in so long. */
async function openRoom(showtimeId: string, inMs: number): Promise<void> {
  const session = await house.call('login', { body: { email: 'admin@example.com', password: 'admin123' } })
  const answer = await fetch(`${house.url}/api/v1/showtimes/${showtimeId}/waiting-room`, {
    method: 'PUT',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${'accessToken' in session ? session.accessToken : ''}`,
    },
    body: JSON.stringify({ opensAt: new Date(Date.now() + inMs).toISOString(), admissionSeconds: 600 }),
  })
  expect(answer.status).toBe(200)
}

describe('the evening', () => {
  /** A phone whose clock says that the film starts in an hour. */
  async function anHourBefore(startsAt: string) {
    const opened = await open({
      viewport: { width: 390, height: 844 },
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    await opened.context.clock.setFixedTime(Date.parse(startsAt) - 3_600_000)
    return opened
  }

  test('a booking turns into a ticket: a swipe or a key per seat, in flight mode too', async () => {
    const { booking, showtime, link } = await bought(3)
    const { page, context, complaints } = await anHourBefore(showtime.startsAt)
    await page.goto(link)
    const seats = page.getByRole('region', { name: 'Your seats tonight' })
    await seats.getByText('1 of 3').last().waitFor()
    await page.getByText('Film starts about').waitFor()
    expect(await findings(page)).toEqual([])
    await page.getByText('Kept on this device').waitFor()
    await context.setOffline(true)
    await page.reload()
    await page.getByRole('heading', { name: `Booking ${booking.reference}` }).waitFor()
    await seats.getByRole('button', { name: 'Next seat' }).click()
    await seats.locator('[aria-live]', { hasText: '2 of 3' }).waitFor()
    await page.keyboard.press('ArrowRight')
    await seats.locator('[aria-live]', { hasText: '3 of 3' }).waitFor()
    const last = seats.getByRole('img', { name: `QR code of seat ${booking.tickets[2]?.seat}` })
    const box = await last.boundingBox()
    expect(box && box.x >= 0 && box.x + box.width <= 390 && box.width > 250).toBe(true)
    expect(complaints).toEqual([])
    await context.close()
  })

  test('one seat goes to a friend: its code and nothing that opens the booking', async () => {
    const { booking, showtime, link } = await bought(2)
    const { page, context } = await anHourBefore(showtime.startsAt)
    await page.addInitScript(() => Object.defineProperty(navigator, 'share', { value: undefined }))
    await page.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, 'share'))
    await page.goto(link)
    await page.getByRole('button', { name: 'Give this seat to a friend' }).first().click()
    await page.getByRole('button', { name: 'Link copied' }).waitFor()
    const copied = await page.evaluate(() => navigator.clipboard.readText())
    const shared = /https?:\S+$/.exec(copied)?.[0] ?? ''
    expect(copied).not.toContain(booking.accessToken)
    expect(copied).not.toContain(booking.id)
    const friend = await anHourBefore(showtime.startsAt)
    await friend.page.goto(shared)
    await friend.page.getByRole('heading', { name: 'Your ticket' }).waitFor()
    await friend.page.getByRole('img', { name: `QR code of seat ${booking.tickets[0]?.seat}` }).waitFor()
    await friend.page.getByText('Film starts about').waitFor()
    expect(await findings(friend.page)).toEqual([])
    await friend.page.goto('/ticket')
    await friend.page.goto('/ticket#half/a/link')
    await friend.page.getByRole('heading', { name: 'There is no ticket in this link' }).waitFor()
    await friend.context.close()
    await context.close()
  })
})
