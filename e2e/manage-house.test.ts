import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Download, Page } from 'playwright-core'
import { afterAll, describe, expect, test } from 'vitest'
import { findings } from './findings.ts'
import { openPage } from './house.ts'
import { dayAhead, signIn } from './managing.ts'
import { openStage } from './stage.ts'
import { callAs } from './till.ts'

const { house, browser } = await openStage()
const asAdmin = await callAs(house, 'admin@example.com', 'admin123')
const { data: theatres } = await asAdmin('listTheatres', { query: { mine: true } })
const theatreId = theatres[0]?.id ?? ''
const folder = mkdtempSync(join(tmpdir(), 'matinee-plans-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function hallNamed(name: string) {
  const { data } = await asAdmin('listAuditoriums', { params: { id: theatreId }, query: { limit: 100 } })
  const found = data.find((hall) => hall.name === name)
  if (!found) throw new Error(`there is no hall ${name}`)
  return found
}

/** A new hall of three rows of six, open in the editor. */
async function addHall(page: Page, name: string): Promise<void> {
  await signIn(page, '/manage/halls')
  await page.getByRole('button', { name: 'Add hall' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByLabel('Rows').fill('3')
  await dialog.getByLabel('Seats in a row').fill('6')
  await dialog.getByRole('button', { name: 'Add hall' }).click()
  await page.getByRole('application', { name: 'Plan of the hall' }).waitFor()
}

async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key)
}

async function save(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Save plan' }).click()
  await page.getByRole('button', { name: 'Save this version' }).click()
  await page.getByText(/^Version \d+ is saved/).waitFor()
}

async function contentOf(download: Download): Promise<string> {
  return readFileSync(await download.path(), 'utf8')
}

describe('the layout editor', () => {
  test('draws a hall of three rows with an aisle and sofas by keys alone, takes a step back, and finds it again', async () => {
    const { page, context, complaints } = await openPage(browser, house)
    await addHall(page, 'Atelier')
    const paper = page.getByRole('application', { name: 'Plan of the hall' })
    await paper.focus()
    // The cursor begins at line 1, column 1: two down is row C.
    await press(page, 'ArrowDown', 'ArrowDown', 'r')
    await page.getByText('6 seats', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Sofas of two' }).click()
    await paper.focus()
    await press(page, 'ArrowUp', 'ArrowRight', 'ArrowRight', 'Space')
    await page.getByRole('button', { name: 'Aisle on the right' }).click()
    await page.getByText('18 places', { exact: false }).waitFor()
    await paper.focus()
    await press(page, 'Delete')
    await page.getByText('17 places', { exact: false }).waitFor()
    await press(page, 'Control+z')
    await page.getByText('18 places', { exact: false }).waitFor()
    await save(page)
    await page.reload()
    await paper.waitFor()
    await expect.poll(() => page.getByRole('button', { name: 'Save plan' }).isDisabled()).toBe(true)
    const { layout, layoutVersion } = await hallNamed('Atelier')
    expect(layoutVersion).toBe(2)
    const rows = layout.seating === 'reserved' ? layout.rows : []
    expect(rows.map(({ label, seats }) => [label, seats.map(({ column }) => column)])).toEqual([
      ['A', [1, 2, 3, 5, 6, 7]],
      ['B', [1, 2, 3, 5, 6, 7]],
      ['C', [1, 2, 3, 5, 6, 7]],
    ])
    expect(rows[2]?.seats.map(({ unit }) => unit)).toEqual(['S1', 'S1', 'S2', 'S2', 'S3', 'S3'])
    expect(complaints).toEqual([])
    await context.close()
  })

  test('draws by dragging, says what is wrong before it can be saved, and keeps a draft over a reload', async () => {
    const { page, context } = await openPage(browser, house)
    await addHall(page, 'Salon')
    const paper = page.getByRole('application', { name: 'Plan of the hall' })
    const seat = (name: string) =>
      paper
        .locator('.plan-seat')
        .filter({ hasText: new RegExp(`^${name}$`) })
        .first()
    const from = await seat('1').boundingBox()
    const to = await seat('3').boundingBox()
    if (!from || !to) throw new Error('the plan has no seats')
    await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2)
    await page.mouse.down()
    await page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 3 })
    await page.mouse.up()
    await page.getByText('3 seats', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Sofas of three' }).click()
    await seat('1').click()
    await page.getByRole('button', { name: 'Remove 1 seat' }).click()
    await seat('2').click()
    await page.getByRole('button', { name: 'Remove 1 seat' }).click()
    await page.getByText('Sofa S1 has only one seat.').waitFor()
    await expect.poll(() => page.getByRole('button', { name: 'Save plan' }).isDisabled()).toBe(true)
    await page.reload()
    await page.getByText('Sofa S1 has only one seat.').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('Ready to be saved', { exact: false }).waitFor()
    expect((await hallNamed('Salon')).layoutVersion).toBe(1)
    await context.close()
  })

  test('writes a plan into both formats, and reads both back the same', async () => {
    const { page, context } = await openPage(browser, house, { acceptDownloads: true })
    await addHall(page, 'Foyer')
    await page.locator('summary', { hasText: 'Import and export' }).click()
    const files: string[] = []
    for (const name of ['Export as JSON', 'Export for pretix']) {
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()])
      files.push(await contentOf(download))
    }
    const { layout } = await hallNamed('Foyer')
    expect(JSON.parse(files[0] ?? '')).toEqual(layout)
    expect(JSON.parse(files[1] ?? '')).toHaveProperty('zones')
    await page.getByRole('application').focus()
    await press(page, 'Control+a', 'Delete')
    await page.getByText('There is no seat yet', { exact: false }).waitFor()
    writeFileSync(join(folder, 'plan.json'), files[1] ?? '')
    await page.getByLabel('Import a file').setInputFiles(join(folder, 'plan.json'))
    await page.getByText('18 places', { exact: false }).waitFor()
    await expect.poll(() => page.getByRole('button', { name: 'Save plan' }).isDisabled()).toBe(true)
    writeFileSync(join(folder, 'wrong.json'), '{"rows": [{"label": "A", "seats": [{"number": 7}]}]}')
    await page.getByLabel('Import a file').setInputFiles(join(folder, 'wrong.json'))
    await page.getByText('/rows/0/seats/0/number', { exact: false }).waitFor()
    await context.close()
  })
})

describe('what the house sets', () => {
  test('prices made in the grid are those of a new showtime; a promotion takes its share off', async () => {
    const { page, context } = await openPage(browser, house)
    await signIn(page, '/manage/prices')
    await page.getByRole('button', { name: 'Add price list' }).click()
    await page.getByRole('dialog').getByLabel('Name').fill('Festival')
    await page.getByRole('dialog').getByRole('button', { name: 'Add price list' }).click()
    await page.getByLabel('standard, Adult').fill('11,50')
    await page.getByRole('button', { name: 'Save prices' }).click()
    await page.getByText('The prices are saved', { exact: false }).waitFor()
    await page.goto('/manage/offers')
    await page.getByRole('button', { name: 'Add promotion' }).click()
    await page.getByRole('dialog').getByLabel('Code').fill('festival20')
    await page.getByRole('spinbutton', { name: 'Percent' }).fill('20')
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await page.getByText('FESTIVAL20').waitFor()
    await context.close()

    const list = (await asAdmin('listPriceLists', { params: { id: theatreId } })).data.find(
      ({ name }) => name === 'Festival',
    )
    const { data: films } = await asAdmin('listMovies', { query: { limit: 1 } })
    const { id: auditoriumId } = await asAdmin('createAuditorium', {
      params: { id: theatreId },
      body: { name: 'Tent', layout: { rows: [{ label: 'A', seats: [{ number: '1' }, { number: '2' }] }] } },
    })
    const movieId = films[0]?.id ?? ''
    const body = { movieId, auditoriumId, startsAt: `${dayAhead(3)}T20:00`, priceListId: list?.id ?? '' }
    const showtime = await asAdmin('createShowtime', { body })
    expect(showtime.prices.map(({ ticketType, price }) => [ticketType, price.amount])).toEqual([['adult', 1150]])
    const hold = await house.call('placeHold', { params: { id: showtime.id }, body: { seats: ['A1'] } })
    const booking = await house.call('createBooking', {
      body: { holdId: hold.id, customer: { email: 'festival@example.com' }, promoCode: 'Festival20' },
      accessToken: hold.token,
    })
    expect(booking.discount.amount).toBe(230)
  })

  test('a theatre’s colours and typeface are worn by its own pages, readable in both themes, and by no others', async () => {
    const { page, context, complaints } = await openPage(browser, house)
    await signIn(page, '/manage/settings/brand')
    await page.getByLabel('What one touches').fill('#1a237e')
    await page.getByText('lighter in the dark theme', { exact: false }).waitFor()
    await page.getByLabel('Typeface').selectOption('Fraunces')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved', { exact: true }).waitFor()
    const accent = () => page.evaluate(`getComputedStyle(document.documentElement).getPropertyValue('--accent')`)
    await page.goto('/')
    await page.getByRole('heading', { level: 1 }).waitFor()
    const usual = await accent()
    await page.goto(`/theatres/${theatreId}`)
    // Its heading is there before its colours: the server writes it.
    await expect.poll(accent).not.toBe(usual)
    const dark = await accent()
    await page.getByRole('switch', { name: 'Light theme' }).click()
    await expect.poll(accent).toBe('#1a237e')
    expect([usual, '#1a237e']).not.toContain(dark)
    expect(await page.evaluate(`getComputedStyle(document.querySelector('h1')).fontFamily`)).toContain('Fraunces')
    expect(await findings(page)).toEqual([])
    expect(complaints).toEqual([])
    await asAdmin('updateSettings', { params: { id: theatreId }, body: { brand: { colors: {}, typeface: null } } })
    await context.close()
  })

  test('a ticket type for the counter alone is not offered on the web, and a ratio is told before it is refused', async () => {
    const params = { id: theatreId }
    await asAdmin('createTicketType', { params, body: { key: 'press', name: 'Press', channels: ['counter'] } })
    const requires = { ticketType: 'adult', ratio: 1 }
    await asAdmin('createTicketType', { params, body: { key: 'carer', name: 'Carer', requires } })
    const { data } = await asAdmin('listMovies', { query: { limit: 1 } })
    const hall = await asAdmin('createAuditorium', {
      params,
      body: { name: 'Attic', layout: { rows: [{ label: 'A', seats: [{ number: '1' }, { number: '2' }] }] } },
    })
    const { currency } = await asAdmin('getTheatre', { params })
    const prices = ['adult', 'press', 'carer'].map((ticketType) => ({
      category: 'standard',
      ticketType,
      price: { amount: 900, currency },
    }))
    const body = { movieId: data[0]?.id ?? '', auditoriumId: hall.id, startsAt: `${dayAhead(4)}T20:00`, prices }
    const { id } = await asAdmin('createShowtime', { body })
    const { page, context } = await openPage(browser, house)
    await page.goto(`/showtimes/${id}`)
    await page.getByRole('button', { name: /^A1/ }).click()
    await page.getByRole('button', { name: 'Continue' }).click()
    const type = page.getByLabel(/A1/)
    await type.waitFor()
    await page.getByRole('option', { name: 'Carer' }).waitFor({ state: 'attached' })
    await expect.poll(() => type.locator('option').allTextContents()).toEqual(['Adult', 'Carer'])
    await type.selectOption('carer')
    await page.getByText('Carer: 1 for each Adult', { exact: false }).waitFor()
    expect(await page.getByRole('button', { name: 'Pay' }).isDisabled()).toBe(true)
    await type.selectOption('adult')
    await expect.poll(() => page.getByRole('button', { name: 'Pay' }).isDisabled()).toBe(false)
    await context.close()
  })

  test('the secret of a webhook is copied by keys, and selected for them where the browser refuses', async () => {
    const { page, context, complaints } = await openPage(browser, house, {
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    await signIn(page, '/manage/settings/webhooks')
    await page.getByRole('button', { name: 'Add webhook' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Address').fill('https://example.com/copied')
    await press(page, 'Enter')
    await dialog.getByRole('heading', { name: 'The secret' }).waitFor()
    const secret = (await dialog.locator('code').textContent()) ?? ''
    await dialog.getByRole('button', { name: 'Copy' }).focus()
    await press(page, 'Enter')
    await dialog.getByRole('status').filter({ hasText: 'Copied' }).waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(secret)
    await page.evaluate(() => {
      navigator.clipboard.writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError'))
    })
    await press(page, 'Enter')
    await dialog.getByText('The text is selected', { exact: false }).waitFor()
    expect(await page.evaluate(() => getSelection()?.toString())).toBe(secret)
    expect(complaints).toEqual([])
    await context.close()
  })

  test('an invitation that goes through at the second try empties its field, unless another is typed there by then', async () => {
    const { page, context } = await openPage(browser, house, { serviceWorkers: 'block' })
    await signIn(page, '/manage/people')
    const path = '**/api/v1/theatres/*/staff'
    const email = page.getByRole('textbox', { name: 'Email' })
    for (const [typed, left] of [
      [undefined, ''],
      ['third@example.com', 'third@example.com'],
    ] as const) {
      await page.goto('/manage/people')
      await email.fill('second@example.com')
      await page.route(path, (route) => (route.request().method() === 'POST' ? route.abort() : route.continue()))
      await press(page, 'Enter')
      const again = page.getByRole('alert').getByRole('button', { name: 'Try again' })
      await again.waitFor()
      if (typed) await email.fill(typed)
      await page.unroute(path)
      await again.click()
      await page.locator('.toast', { hasText: 'second@example.com' }).waitFor()
      expect(await email.inputValue()).toBe(left)
    }
    await context.close()
  })
})
