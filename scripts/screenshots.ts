// Pictures of every page in both themes and two sizes, for docs/screenshots: `node scripts/screenshots.ts`; another folder may follow.
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { chooseAndGo, openBrowser, openHouse, openPage, someShowtime } from '../e2e/house.ts'
import type { House } from '../e2e/house.ts'

const folder = process.argv[2] ?? join(import.meta.dirname, '..', 'docs', 'screenshots')
/** Pictures are part of every clone. */
const mostBytes = 100 * 1024
const sizes = { phone: { width: 390, height: 844 }, desktop: { width: 1440, height: 900 } } as const

async function takeAll(browser: Browser, house: House, theme: string, size: keyof typeof sizes): Promise<void> {
  const { page, context } = await openPage(browser, house, { viewport: sizes[size] })
  await context.addInitScript((chosen) => localStorage.setItem('matinee.theme', chosen), theme)
  const shoot = async (name: string) => {
    await page.evaluate(() => document.fonts.ready.then(() => scrollTo(0, 0)))
    const path = join(folder, `${name}-${theme}-${size}.jpg`)
    for (const quality of [65, 50, 40]) {
      await page.screenshot({ path, type: 'jpeg', quality })
      if (statSync(path).size <= mostBytes) return
    }
    throw new Error(`${path} is too large`)
  }
  const visit = async (name: string, path: string, ready: string) => {
    await page.goto(path)
    await page.locator(ready).first().waitFor()
    await shoot(name)
  }
  const { id, movieId, theatreId, businessDate } = await someShowtime(house, ({ prices }) =>
    prices.some((p) => p.category === 'sofa'),
  )
  await visit('programme', `/?date=${businessDate}`, 'article')
  await visit('film', `/films/${movieId}`, '.time-button')
  await visit('theatre', `/theatres/${theatreId}`, 'article')
  await visit('account', '/account', 'form')
  await visit('not-found', '/nothing-here', 'h1')
  await page.goto(`/showtimes/${id}`)
  await page.getByRole('button', { name: 'Find best seats' }).click()
  await page.locator('[data-seat][aria-pressed="true"]').first().waitFor()
  await shoot('seat-map')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByLabel('Email').waitFor()
  await shoot('checkout')
  await page.goBack()
  await chooseAndGo(page, id)
  await shoot('payment')
  await page.getByRole('button', { name: 'Succeed' }).click()
  await page
    .getByRole('img', { name: /^QR code/ })
    .first()
    .waitFor()
  await shoot('tickets')
  await page.getByRole('link', { name: 'Change to another time' }).click()
  await page.locator('.time-button, [data-seat]').first().waitFor()
  await shoot('exchange')
  await visit('manage-sign-in', '/manage', 'form')
  await page.getByLabel('Email').fill('admin@example.com')
  await page.getByLabel('Password').fill('admin123')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.locator('.house h1').waitFor()
  await takeHouse(page, visit, shoot)
  await context.close()
}

type Shoot = (name: string) => Promise<void>
type Visit = (name: string, path: string, ready: string) => Promise<void>

/** The house's side, whoever manages it being signed in. */
async function takeHouse(page: Page, visit: Visit, shoot: Shoot): Promise<void> {
  await page.goto('/manage')
  await page.getByRole('combobox', { name: 'Theatre' }).selectOption({ label: 'Lantern Picture House' })
  await visit('manage-tonight', '/manage', '.hall-lane')
  await visit('manage-schedule', '/manage/schedule', '.slot')
  await visit('manage-week', '/manage/schedule?view=week', '.bar')
  await visit('manage-films', '/manage/films', '.film-card')
  await page.locator('.film-card').first().click()
  await page.getByLabel('Runtime in minutes').waitFor()
  await shoot('manage-film')
  await visit('manage-halls', '/manage/halls', '.house h1')
  await page.getByRole('link', { name: 'Edit plan' }).first().click()
  await page.getByRole('button', { name: 'Save plan' }).waitFor()
  await shoot('manage-hall')
  await visit('manage-prices', '/manage/prices', '.data-table')
  await visit('manage-offers', '/manage/offers', '.house-head')
  await visit('manage-people', '/manage/people', '.data-table')
  await visit('manage-settings', '/manage/settings/rules', '.rule')
  await visit('manage-brand', '/manage/settings/brand', '.brand-preview')
  await visit('manage-reports', '/manage/reports', '.headline-figures')
  await visit('manage-bookings', '/manage/bookings', '.desk-status')
  await page.locator('main a[href^="/manage/bookings/"]').first().click()
  await page.getByRole('heading', { name: 'Story' }).waitFor()
  await shoot('manage-booking')
  await visit('account-settings', '/account/settings', 'form')
  await page.goto('/counter')
  await page.getByText('Hold best seats').first().waitFor()
  await shoot('counter')
  await visit('door', '/door', '#main form')
}

mkdirSync(folder, { recursive: true })
const house = await openHouse()
const browser = await openBrowser()
try {
  for (const theme of ['dark', 'light']) {
    await takeAll(browser, house, theme, 'phone')
    await takeAll(browser, house, theme, 'desktop')
  }
} finally {
  await browser.close()
  await house.close()
}
