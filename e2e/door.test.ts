import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeQR } from 'qr'
import type { Page } from 'playwright-core'
import { beforeEach, describe, expect, test } from 'vitest'
import { findings } from './findings.ts'
import { openHall } from './halls.ts'
import { openBrowser, openPage, someShowtime } from './house.ts'
import { openStage } from './stage.ts'
import { callAs } from './till.ts'

const { house, browser } = await openStage()
/** The API as an administrator calls it. */
const staff = await callAs(house, 'admin@example.com', 'admin123')

/** The codes of a paid booking. */
async function buy(showtimeId: string, count: number) {
  const hold = await house.call('placeHold', { params: { id: showtimeId }, body: { best: { count } } })
  const body = { holdId: hold.id, customer: { email: 'door@example.com' } }
  const booking = await house.call('createBooking', { body, accessToken: hold.token })
  const { accessToken } = booking
  const payment = await house.call('createPayment', { body: { bookingId: booking.id, provider: 'test' }, accessToken })
  await house.call('confirmPayment', { params: { id: payment.id }, body: { outcome: 'succeed' }, accessToken })
  const paid = await house.call('readBooking', { params: { id: booking.id }, accessToken })
  return paid.tickets.map(({ id, code = '', seat }) => ({ id, code, seat: seat ?? '' }))
}

/** A showtime in a hall of its own whose doors are open now. */
const doorsOpen = async () => await openHall(house, { rows: 1, seatsPerRow: 10, startsInMs: 30 * 60_000 })

async function openDoor(page: Page, showtimeId?: string): Promise<void> {
  await page.goto('/account?next=/door')
  await page.getByLabel('Email', { exact: true }).fill('admin@example.com')
  await page.getByLabel('Password').fill('admin123')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('heading', { name: 'Door' }).waitFor()
  if (showtimeId !== undefined) await page.getByLabel('Which door?').selectOption(showtimeId)
}

async function scan(page: Page, code: string): Promise<void> {
  await page.getByLabel('Ticket code').fill(code)
  await page.keyboard.press('Enter')
}

test('at the door a guest is sent to sign in; staff see at once why a code does not let in', async () => {
  const { page, context } = await openPage(browser, house)
  await page.goto('/door')
  await page.getByText('The door is for people who work here').waitFor()
  expect(await findings(page)).toEqual([])
  await openDoor(page)
  await scan(page, 'not-a-ticket')
  await page.getByText('This code is not valid.').waitFor()
  expect(await page.getByLabel('Ticket code').inputValue()).toBe('')
  const { id } = await someShowtime(house)
  const [tomorrow] = await buy(id, 1)
  await scan(page, tomorrow?.code ?? '')
  await page.getByText('The doors are not open for this ticket.').waitFor()
  await page.getByText(/^It is for .+, .+, \d\d:\d\d\.$/).waitFor()
  expect(await findings(page)).toEqual([])
  await context.close()
})

describe('a door that is open', () => {
  let showtimeId: string
  beforeEach(async () => {
    showtimeId = await doorsOpen()
  })

  test('one in, the whole party in, taken back, and a second scan stopped with the first time', async () => {
    const { page, context, complaints } = await openPage(browser, house, { viewport: { width: 390, height: 844 } })
    const [first, second] = await buy(showtimeId, 3)
    await openDoor(page, showtimeId)
    await page.getByText('0 of 3 in').waitFor()
    await scan(page, first?.code ?? '')
    await page.getByText('Come in').waitFor()
    await page.getByText('1 of 3 in').waitFor()
    expect(await findings(page)).toEqual([])
    await page.getByRole('button', { name: 'Let in the other 2' }).click()
    await page.getByText('3 of 3 in').waitFor()
    await scan(page, second?.code ?? '')
    await page.getByText('This ticket has been used already.').waitFor()
    await page.getByText(/^First scanned at \d\d:\d\d$/).waitFor()
    expect(await findings(page)).toEqual([])
    const [other] = await buy(showtimeId, 1)
    await scan(page, other?.code ?? '')
    await page.getByText('Come in').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('Taken back: this ticket can be used again.').waitFor()
    await page.getByText('3 of 4 in').waitFor()
    await scan(page, other?.code ?? '')
    await page.getByText('Come in').waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    expect(complaints).toEqual([])
    await context.close()
  })

  test('without a network a party comes in by one code, and the house hears of each of them', async () => {
    const { page, context } = await openPage(browser, house, { viewport: { width: 390, height: 844 } })
    const [first, second] = await buy(showtimeId, 3)
    await openDoor(page, showtimeId)
    await page.getByText('0 of 3 in').waitFor()
    await page.getByText('With network, and ready without').waitFor()
    await context.setOffline(true)
    await scan(page, first?.code ?? '')
    await page.getByText('1 of this booking is in, of 3').waitFor()
    await page.getByRole('button', { name: 'Let in the other 2' }).click()
    await page.getByText('3 of 3 in').waitFor()
    await page.getByText('3 to report').waitFor()
    await scan(page, second?.code ?? '')
    await page.getByText('This ticket has been used already.').waitFor()
    await context.setOffline(false)
    await page.evaluate(() => dispatchEvent(new Event('online')))
    await page.getByText('With network, and ready without').waitFor()
    await expect
      .poll(async () => (await staff('getManifest', { params: { id: showtimeId } })).counts)
      .toMatchObject({ sold: 3, checkedIn: 3 })
    expect(await page.getByRole('heading', { name: 'Let in without network, and the house says no' }).count()).toBe(0)
    await context.close()
  })

  test('without a network, over a reload: judged here, reported later, conflicts listed', async () => {
    const { page, context } = await openPage(browser, house)
    const [first, second] = await buy(showtimeId, 2)
    await openDoor(page, showtimeId)
    await page.getByText('0 of 2 in').waitFor()
    await page.getByText('With network, and ready without').waitFor()
    await context.setOffline(true)
    await page.reload()
    await page.getByText('0 of 2 in').waitFor()
    await scan(page, first?.code ?? '')
    await page.getByText('Come in').waitFor()
    await page.getByText('1 to report').waitFor()
    await scan(page, first?.code ?? '')
    await page.getByText('This ticket has been used already.').waitFor()
    const bad = (first?.code ?? '').replace(/.$/, (letter) => (letter === 'A' ? 'Q' : 'A'))
    await scan(page, bad)
    await page.getByText('This code is not valid.').waitFor()
    // Sold while this door has no network: the signature alone speaks for it.
    const [since] = await buy(showtimeId, 1)
    await scan(page, since?.code ?? '')
    await page.getByText('Sold since the list was made').waitFor()
    // Another door lets the second one in; this one cannot know.
    await staff('checkIn', { body: { ticketId: second?.id ?? '', showtimeId } })
    await scan(page, second?.code ?? '')
    await page.getByText('3 to report').waitFor()
    expect(await findings(page)).toEqual([])
    await page.reload()
    await page.getByText('3 of 3 in').waitFor()
    await context.setOffline(false)
    await page.evaluate(() => dispatchEvent(new Event('online')))
    await page.getByRole('heading', { name: 'Let in without network, and the house says no' }).waitFor()
    const manifest = await staff('getManifest', { params: { id: showtimeId } })
    expect(manifest.counts).toMatchObject({ sold: 3, checkedIn: 3 })
    expect(await findings(page)).toEqual([])
    await page.getByRole('button', { name: 'Seen to' }).click()
    await expect.poll(() => page.getByRole('button', { name: 'Seen to' }).count()).toBe(0)
    await context.close()
  })
})

/** A film of one picture as Chromium's false camera plays it: a QR code in the middle of a wall. Y4M, 640 × 480. */
function filmOf(text: string): Buffer {
  const [width, height, scale] = [640, 480, 8]
  const rows = encodeQR(text, 'raw', { border: 4 })
  const light = Buffer.alloc(width * height, 200)
  const [left, top] = [Math.floor((width - rows.length * scale) / 2), Math.floor((height - rows.length * scale) / 2)]
  for (let y = 0; y < rows.length * scale; y += 1) {
    for (let x = 0; x < rows.length * scale; x += 1) {
      const isDark = rows[Math.floor(y / scale)]?.[Math.floor(x / scale)]
      light[(top + y) * width + left + x] = isDark ? 16 : 235
    }
  }
  const colour = Buffer.alloc((width * height) / 2, 128)
  const frame = Buffer.concat([Buffer.from('FRAME\n'), light, colour])
  const head = Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`)
  return Buffer.concat([head, ...Array.from({ length: 10 }, () => frame)])
}

test('the camera of a phone reads a ticket; the page alone is allowed it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'matinee-camera-'))
  const showtimeId = await doorsOpen()
  const [ticket] = await buy(showtimeId, 1)
  const film = join(folder, 'ticket.y4m')
  writeFileSync(film, filmOf(ticket?.code ?? ''))
  const camera = await openBrowser([
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-video-capture=${film}`,
  ])
  const { page, context, complaints } = await openPage(camera, house, { permissions: ['camera'] })
  const allowed = async (path: string) => (await page.goto(path))?.headers()['permissions-policy']
  expect(await allowed('/')).toContain('camera=()')
  expect(await allowed('/door')).toContain('camera=(self)')
  await openDoor(page, showtimeId)
  // Signing in led here from another page: the camera is allowed once the door itself is loaded.
  const loaded = page.waitForEvent('load')
  await page.getByRole('button', { name: 'Use the camera' }).click()
  await loaded
  await page.getByRole('button', { name: 'Use the camera' }).click()
  await page.getByText('Come in').waitFor()
  await page.getByText('1 of 1 in').waitFor()
  await page.getByRole('button', { name: 'Close the camera' }).click()
  expect(complaints).toEqual([])
  await context.close()
  await camera.close()
  rmSync(folder, { recursive: true, force: true })
})
