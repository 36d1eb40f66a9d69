import { describe, expect, test } from 'vitest'
import { findings } from './findings.ts'
import { openHall } from './halls.ts'
import { chooseAndGo, openPage, someShowtime } from './house.ts'
import { dayMs, signIn } from './managing.ts'
import { goTo, rooms } from './places.ts'
import { openStage } from './stage.ts'
import { callAs } from './till.ts'

const { house, browser } = await openStage()

describe.each([
  ['dark', 1280],
  ['light', 390],
] as const)('axe finds nothing, %s at %i px', (theme, width) => {
  test('on any page, from the programme to the ticket', async () => {
    const { page, context } = await openPage(browser, house, { viewport: { width, height: 900 } })
    await context.addInitScript((chosen) => localStorage.setItem('matinee.theme', chosen), theme)
    // Not the day of today, of which nothing is left late in the night.
    const { id, movieId, theatreId, businessDate: day } = await someShowtime(house)
    const found: Record<string, string[]> = {}
    const visit = async (path: string, ready: string) => {
      await page.goto(path)
      await page.locator(ready).first().waitFor()
      found[path] = await findings(page)
    }
    await visit(`/?date=${day}`, 'article')
    await page.getByRole('button', { name: 'Filters' }).click()
    found['filters'] = await findings(page)
    await visit(`/films/${movieId}`, '.time-button')
    await visit(`/theatres/${theatreId}?date=${day}`, 'article')
    await visit('/account', 'form')
    await visit('/nothing-here', 'h1')
    await visit(`/showtimes/${id}`, '[data-seat]')
    await page.getByRole('button', { name: 'Show the seats as a list' }).click()
    found['seat list'] = await findings(page)
    await chooseAndGo(page, id)
    found['bank'] = await findings(page)
    await page.getByRole('button', { name: 'Decline' }).click()
    await page.getByRole('alert').waitFor()
    found['declined'] = await findings(page)
    await page.getByRole('button', { name: 'Pay', exact: true }).click()
    await page.getByRole('button', { name: 'Succeed' }).click()
    await page.getByRole('heading', { name: /^Booking/ }).waitFor()
    found['tickets'] = await findings(page)
    await page.getByRole('button', { name: 'Cancel booking' }).click()
    found['cancel'] = await findings(page)
    await page.goBack().catch(() => null)
    await page.goto(`/showtimes/${id}`)
    await page.locator('[data-seat]').first().waitFor()
    await page.getByRole('button', { name: 'Find best seats' }).click()
    await page.locator('[data-seat][aria-pressed="true"]').first().waitFor()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByLabel('Promo code').waitFor()
    found['checkout'] = await findings(page)
    const bad = Object.entries(found).filter(([, violations]) => violations.length > 0)
    expect(bad).toEqual([])
    await context.close()
  }, 300_000)

  test('in any room of the house', async () => {
    const { page, context } = await openPage(browser, house, { viewport: { width, height: 900 } })
    await context.addInitScript((chosen) => localStorage.setItem('matinee.theme', chosen), theme)
    await signIn(page, '/manage')
    const found: string[] = []
    const look = async (name: string) => void found.push(...(await findings(page)).map((each) => `${name}: ${each}`))
    for (const place of rooms) {
      await goTo(page, place)
      await look(place.path)
    }
    const draft = await openHall(house, { rows: 2, seatsPerRow: 4, startsInMs: 50 * dayMs, status: 'draft' })
    const asAdmin = await callAs(house, 'admin@example.com', 'admin123')
    const { auditoriumId } = await asAdmin('getShowtime', { params: { id: draft } })
    await goTo(page, { path: `/manage/halls/${auditoriumId}`, ready: '.plan-seat' })
    await look('plan of a hall')
    await page.getByRole('application', { name: 'Plan of the hall' }).focus()
    for (const key of ['Space', 'Delete']) await page.keyboard.press(key)
    await page.getByText('7 places').waitFor()
    await page.getByRole('button', { name: 'Save plan' }).click()
    await page.getByRole('dialog').waitFor()
    await look('a new version of the plan')
    expect(found).toEqual([])
    await context.close()
  }, 300_000)
})

test('where the system chooses the colours, the next show and how full a hall is have a sign', async () => {
  const { page, context } = await openPage(browser, house, { forcedColors: 'active' })
  // Tomorrow at noon: at night there may be no next show.
  await context.clock.setFixedTime(new Date(Date.now() + dayMs).setUTCHours(12, 0))
  await signIn(page, '/manage/tonight')
  const next = page.locator('.tank[data-when="next"]')
  await next.getByText('Next show').waitFor()
  const outlineOf = (element: Element) => getComputedStyle(element).outlineStyle
  expect(await next.evaluate(outlineOf)).toBe('solid')
  expect(await page.locator('.tank:not([data-when="next"])').first().evaluate(outlineOf)).toBe('none')
  const [ground, fill] = await next
    .locator('.tank-level, .tank-level span')
    .evaluateAll((parts) => parts.map((part) => getComputedStyle(part).backgroundColor))
  expect(fill).not.toBe(ground)
  await context.close()
})

describe('languages', () => {
  test.each([
    ['de-DE', 'Heute', 'Meine Tickets'],
    ['fr-FR', 'Aujourd’hui', 'Mes billets'],
    ['es-ES', 'Hoy', 'Mis entradas'],
  ])('a browser in %s is answered in its language', async (locale, today, tickets) => {
    const { page, context } = await openPage(browser, house, { locale })
    await page.goto('/')
    await page.getByRole('link', { name: tickets }).waitFor()
    await expect.poll(() => page.getByRole('tab').first().textContent()).toContain(today)
    expect(await page.locator('html').getAttribute('lang')).toBe(locale.slice(0, 2))
    await context.close()
  })
})
