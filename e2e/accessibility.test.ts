import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findings } from './findings.ts'
import { chooseAndGo, openBrowser, openHouse, openPage, someShowtime } from './house.ts'
import type { House } from './house.ts'

let house: House
let browser: Browser

beforeAll(async () => {
  house = await openHouse()
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await house?.close()
})

describe.each([
  ['dark', 1280],
  ['light', 390],
] as const)('axe finds nothing, %s at %i px', (theme, width) => {
  test('on any page, from the programme to the ticket', async () => {
    const { page, context } = await openPage(browser, house, { viewport: { width, height: 900 } })
    await context.addInitScript((chosen) => localStorage.setItem('matinee.theme', chosen), theme)
    const { id, movieId, theatreId } = await someShowtime(house)
    const found: Record<string, string[]> = {}
    const visit = async (path: string, ready: string) => {
      await page.goto(path)
      await page.locator(ready).first().waitFor()
      found[path] = await findings(page)
    }
    await visit('/', 'article')
    await page.getByRole('button', { name: 'Filters' }).click()
    found['filters'] = await findings(page)
    await visit(`/films/${movieId}`, '.time-button')
    await visit(`/theatres/${theatreId}`, 'article')
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
  }, 90_000)
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
    expect(await page.getByRole('tab').first().textContent()).toContain(today)
    expect(await page.locator('html').getAttribute('lang')).toBe(locale.slice(0, 2))
    await context.close()
  })
})
