import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { findings } from './findings.ts'
import { openPage } from './house.ts'
import { dayAhead } from './managing.ts'
import { openStage } from './stage.ts'
import { callAs } from './till.ts'

const { house, browser } = await openStage()
const asAdmin = await callAs(house, 'admin@example.com', 'admin123')
const theatres = (await asAdmin('listTheatres', { query: { mine: true } })).data
const theatreId = theatres.find(({ currency }) => currency === 'GBP')?.id ?? ''

async function openOffice(path: string, width = 1440) {
  const opened = await openPage(browser, house, { viewport: { width, height: 900 }, acceptDownloads: true })
  const { page, context } = opened
  await context.addInitScript((id) => localStorage.setItem('matinee.manage.theatre', JSON.stringify(id)), theatreId)
  await page.goto(path)
  await page.getByLabel('Email').fill('admin@example.com')
  await page.getByLabel('Password').fill('admin123')
  await page.getByRole('button', { name: 'Sign in' }).click()
  return opened
}

/** Money as the pages write it. */
const pounds = (amount: number) =>
  new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'GBP' }).format(amount / 100)
const total = (page: Page, name: string) => page.locator(`[data-total="${name}"]`).textContent()

describe('tonight', () => {
  test('a sale shows in the takings and in its hall within seconds', async () => {
    const { page, context, complaints } = await openOffice('/manage/tonight')
    await page.getByRole('heading', { name: 'Tonight' }).waitFor()
    const takings = page.locator('.headline-figures dd').first()
    const before = await takings.textContent()
    const now = new Date().toISOString()
    const [show] = (await house.call('listShowtimes', { query: { theatreId, from: now, limit: 1 } })).data
    const hold = await asAdmin('placeHold', { params: { id: show?.id ?? '' }, body: { best: { count: 2 } } })
    const booking = await asAdmin('createBooking', { body: { holdId: hold.id } })
    await asAdmin('createPayment', { body: { bookingId: booking.id, provider: 'counter', tender: 'cash' } })
    await expect.poll(() => takings.textContent()).not.toBe(before)
    const { totals } = await asAdmin('reportRevenue', { query: { theatreId, ...today() } })
    expect(await takings.textContent()).toBe(pounds(totals[0]?.net ?? 0))
    expect(await findings(page)).toEqual([])
    expect(complaints).toEqual([])
    await context.close()
  })
})

/** The business day of the demo's theatre, which turns at six. */
function today() {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London', dateStyle: 'short' })
  const day = format.format(Date.now() - 6 * 3_600_000)
  return { from: day, to: day }
}

/** The days on which something was sold for a show: the next evening of each hall is, at whatever hour one asks. */
const days = `from=${dayAhead(-1)}&to=${dayAhead(3)}`

describe('reports', () => {
  test('revenue agrees with the house’s own totals, by day of sale and of the show', async () => {
    const { page, context } = await openOffice(`/manage/reports?${days}`)
    for (const [basis, label] of [
      ['sale', 'Day of sale'],
      ['show', 'Day of the show'],
    ] as const) {
      await page.getByLabel('Counted by').selectOption({ label })
      const from = await page.getByLabel('From').inputValue()
      const to = await page.getByLabel('To', { exact: true }).inputValue()
      const report = await asAdmin('reportRevenue', { query: { theatreId, from, to, groupBy: 'day', basis } })
      const [sums] = report.totals
      await expect.poll(() => total(page, 'net')).toBe(pounds(sums?.net ?? 0))
      await expect.poll(() => total(page, 'gross')).toBe(pounds(sums?.gross ?? 0))
      await expect.poll(() => total(page, 'tickets')).toBe(String(sums?.tickets ?? 0))
      const rows = page.getByRole('table', { name: 'Revenue' }).locator('tbody tr')
      await expect.poll(() => rows.count()).toBe(report.rows.length)
    }
    expect(await findings(page)).toEqual([])
    await context.close()
  })

  test('a chart is read by keyboard: one stop, arrow keys, and each column says what it is', async () => {
    const { page, context } = await openOffice(`/manage/reports/revenue?basis=show&${days}`)
    const columns = page.locator('.chart-column')
    await columns.first().waitFor()
    expect(await page.locator('.chart-column[tabindex="0"]').count()).toBe(1)
    await columns.first().focus()
    await page.keyboard.press('End')
    const last = await columns.last().getAttribute('aria-label')
    expect(last).toMatch(/: -?£[\d,.]+, \d+ tickets?$/)
    await expect.poll(() => page.locator('.chart figcaption span').textContent()).toBe(last)
    // On a phone the letters of its marks are large for the drawing, and still within it.
    await page.setViewportSize({ width: 390, height: 844 })
    const outside = () =>
      page.locator('.chart svg').evaluate((chart) => {
        const { left } = chart.getBoundingClientRect()
        const texts = [...chart.querySelectorAll('text')]
        return texts.filter((text) => text.getBoundingClientRect().left < left).map(({ textContent }) => textContent)
      })
    await expect.poll(outside).toEqual([])
    await context.close()
  })

  test('what is shown is what the file says', async () => {
    const { page, context } = await openOffice(`/manage/reports/film-returns?${days}`)
    await page.getByRole('table', { name: 'Film returns' }).waitFor()
    const download = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Download CSV' }).click()
    const file = await download
    expect(file.suggestedFilename()).toBe('film-returns.csv')
    const lines = (await readFile(await file.path(), 'utf8')).trim().split('\n')
    const rows = await page.getByRole('table', { name: 'Film returns' }).locator('tbody tr').count()
    expect(rows).toBeGreaterThan(0)
    expect(lines.length).toBe(rows + 1)
    await context.close()
  })

  test.each([
    [1440, 'capacity', 'Occupancy'],
    [390, 'popular-movies', 'Popular films'],
  ])('at %i px the report of %s has no finding, and nothing to scroll sideways', async (width, name, table) => {
    const { page, context } = await openOffice(`/manage/reports/${name}?${days}`, width)
    await page.getByRole('table', { name: table }).waitFor()
    expect(await findings(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    await context.close()
  })
})

describe('bookings', () => {
  test('a booking is found, its whole story read, and money given back from it', async () => {
    const now = new Date().toISOString()
    const [show] = (await house.call('listShowtimes', { query: { theatreId, from: now, limit: 1 } })).data
    const hold = await asAdmin('placeHold', { params: { id: show?.id ?? '' }, body: { best: { count: 2 } } })
    const body = { holdId: hold.id, customer: { name: 'Story Teller', email: 'story@example.com' } }
    const made = await asAdmin('createBooking', { body })
    await asAdmin('createPayment', { body: { bookingId: made.id, provider: 'counter', tender: 'card' } })
    const { page, context, complaints } = await openOffice('/manage/bookings')
    await page.getByLabel('Reference, name or email').fill('story t')
    await page.getByRole('link', { name: made.reference }).click()
    await page.getByRole('heading', { name: `Booking ${made.reference}` }).waitFor()
    const story = page.getByRole('region', { name: 'Story' }).getByRole('listitem')
    const told = async () => await story.locator('b').allTextContents()
    await expect.poll(told).toEqual(expect.arrayContaining(['Held', 'Booked', 'Paid', 'Confirmed']))
    expect(await findings(page)).toEqual([])
    // The hours are those of its own theatre, whichever is managed.
    const begun = async () => await story.locator('time').first().textContent()
    const asTold = await begun()
    const other = (await house.call('listTheatres', {})).data.find(({ timeZone }) => timeZone !== show?.timeZone)
    await context.addInitScript((id) => localStorage.setItem('matinee.manage.theatre', JSON.stringify(id)), other?.id)
    await page.reload()
    await expect.poll(begun).toBe(asTold)
    await page.getByRole('button', { name: 'Give money back' }).first().click()
    await page.getByLabel(/^Amount/).fill('1')
    await page.getByLabel('Reason').fill('Cold hall')
    await page.getByRole('button', { name: 'Give money back' }).last().click()
    await page.getByText('Give back now: £1.00 by card').waitFor()
    await expect.poll(told).toContain('Given back')
    expect(complaints).toEqual([])
    await context.close()
  })
})
