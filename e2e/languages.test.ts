import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openHall } from './halls.ts'
import { chooseSeats, openPage, someShowtime } from './house.ts'
import { misfits, textsOf } from './layout.ts'
import { minuteMs, signIn } from './managing.ts'
import { eachDialog, eachShownOnce, furnish, goTo, rooms } from './places.ts'
import { openStage } from './stage.ts'
import { callAs, press } from './till.ts'

const { house, browser } = await openStage()
/**
 * In which widths: the narrowest screen that counts in every language, a desk and a phone in that of the longest words.
 * English last: what the tests press is named in it.
 */
const languages = { de: [1440, 390, 320], fr: [320], es: [320], en: [320] }
const height = 900
/** Words that are the same in any language, or written in their own. */
const names = 'Matinee Archivo API Webhooks Esc V X D Bar English Deutsch Français Español'.split(' ')
const wordsOf = (text: string) => text.match(/\p{L}[\p{L}’'-]*/gu) ?? []

let page: Page
/** Words of the house’s answers: what somebody typed is in the language that it was typed in. */
const answered = new Set(names)
let problems: string[] = []

beforeAll(async () => {
  // A service worker would answer from what it kept; what comes from the house is listened to.
  const opened = await openPage(browser, house, { serviceWorkers: 'block' })
  page = opened.page
  // Every page begins in English, whatever the one before it ended in.
  await page.addInitScript(() => localStorage.removeItem('matinee.language'))
  page.on('response', (answer) => {
    if (answer.url().includes('/api/v1/')) void answer.text().then(hear, () => null)
  })
  hear(await (await fetch(house.url)).text())
})
beforeEach(() => {
  problems = []
})
afterAll(async () => {
  await page?.context().close()
})

function hear(text: string): void {
  for (const word of wordsOf(text)) answered.add(word)
}

/** The page in another language, by its switch, even where a dialog lies over that. */
async function speak(language: string): Promise<void> {
  await page
    .locator('header select:has(option[value="fr"])')
    .first()
    .evaluate((select, chosen) => {
      if (select instanceof HTMLSelectElement) select.value = chosen
      select.dispatchEvent(new Event('change', { bubbles: true }))
    }, language)
  // It changes with the last word of the page.
  await page.locator(`html[lang="${language}"]`).waitFor({ state: 'attached' })
}

/** What still does not fit when the page has been laid out for its new width, which may take a few pictures. */
async function remaining(): Promise<string[]> {
  for (let tries = 1; ; tries += 1) {
    const found = await misfits(page)
    if (found.length === 0 || tries === 50) return found
    await page.waitForTimeout(100)
  }
}

/** Notes what does not fit in some language and width, and what is not said in every language. */
async function look(name: string): Promise<void> {
  const size = page.viewportSize()
  const said: string[][] = []
  for (const [language, widths] of Object.entries(languages)) {
    await speak(language)
    said.push(await textsOf(page))
    for (const width of widths) {
      await page.setViewportSize({ width, height })
      const found = await remaining()
      problems.push(...found.map((each) => `${name}, ${language}, ${width} px: ${each}`))
    }
  }
  if (size) await page.setViewportSize(size)
  // The keys of messages and their holes: a message that is missing, or was not filled in.
  const raw = said.flat().filter((text) => /^[a-z]+(_[a-z]+)+$|\{\w+\}|\bundefined\b|\bNaN\b|\[object/.test(text))
  const [first = [], ...others] = said
  const constant = first.filter((text) => others.every((other) => other.includes(text)))
  const own = constant.filter((text) => wordsOf(text).some((word) => !answered.has(word)))
  problems.push(...raw.map((text) => `${name}: a message as it must not be: ${text}`))
  problems.push(...own.map((text) => `${name}: the same in every language: ${text}`))
}

async function visit(path: string, ready: string): Promise<void> {
  await goTo(page, { path, ready })
  await look(path)
}

test('the audience’s pages fit in every language and width, and are said in each', async () => {
  const { id, movieId, theatreId, businessDate } = await someShowtime(house)
  await goTo(page, { path: `/?date=${businessDate}`, ready: 'article' })
  await page.getByRole('button', { name: 'Filters' }).click()
  await look('programme')
  await visit(`/films/${movieId}`, '.time-button')
  await visit(`/theatres/${theatreId}?date=${businessDate}`, 'article')
  await visit('/account', 'form')
  for (const path of ['/forgot-password', '/reset-password?token=a', '/verify-email?token=a', '/account/closed']) {
    await visit(path, 'main h1')
  }
  await visit('/ticket', 'main h1')
  await visit('/nothing-here', 'h1')
  await chooseSeats(page, id)
  await look('checkout')
  await page.getByRole('button', { name: 'Pay' }).click()
  await page.getByRole('button', { name: 'Decline' }).waitFor()
  await look('test payment')
  await page.getByRole('button', { name: 'Decline' }).click()
  await page.getByRole('alert').waitFor()
  await look('declined')
  await page.getByRole('button', { name: 'Pay', exact: true }).click()
  await page.getByRole('button', { name: 'Succeed' }).click()
  await page.getByRole('heading', { name: /^Booking/ }).waitFor()
  await look('tickets')
  await page.getByRole('button', { name: 'Cancel booking' }).click()
  await look('cancel')
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: 'Change to another time' }).click()
  await page.locator('.time-button').first().click()
  await page.getByRole('button', { name: 'Change to this time' }).waitFor()
  await look('exchange')
  await goTo(page, { path: `/showtimes/${id}`, ready: '[data-seat]' })
  await page.getByRole('button', { name: 'Find best seats' }).click()
  await page.getByRole('button', { name: 'Show the seats as a list' }).click()
  await look('seat map')
  expect(problems).toEqual([])
}, 300_000)

test('so do the rooms of the house', async () => {
  const asAdmin = await callAs(house, 'admin@example.com', 'admin123')
  await furnish(asAdmin)
  await signIn(page, '/manage')
  const { id, movieId, theatreId } = await someShowtime(house)
  const { auditoriumId } = await asAdmin('getShowtime', { params: { id } })
  await page.evaluate((chosen) => localStorage.setItem('matinee.manage.theatre', JSON.stringify(chosen)), theatreId)
  for (const { path, ready } of rooms) await visit(path, ready)
  await visit(`/manage/films/${movieId}`, '.house-page form')
  await visit(`/manage/halls/${auditoriumId}`, '.plan-seat')
  await goTo(page, { path: '/manage/bookings', ready: '.desk-status' })
  await page.locator('main a[href^="/manage/bookings/"]').first().click()
  await page.getByRole('heading', { name: 'Story' }).waitFor()
  await look('story of a booking')
  expect(problems).toEqual([])
}, 300_000)

test('what the house’s pages open fits on a phone in the language of the longest words', async () => {
  const asAdmin = await callAs(house, 'admin@example.com', 'admin123')
  await furnish(asAdmin)
  await page.context().clearCookies()
  await signIn(page, '/manage')
  const size = page.viewportSize()
  const lookAtPhone = async (name: string) => {
    await speak('de')
    await page.setViewportSize({ width: 390, height })
    problems.push(...(await remaining()).map((each) => `${name}: ${each}`))
    if (size) await page.setViewportSize(size)
    await speak('en')
  }
  await eachDialog(page, house, asAdmin, lookAtPhone)
  await eachShownOnce(page, lookAtPhone)
  expect(problems).toEqual([])
}, 300_000)

test('so do the till and the door at work', async () => {
  await openHall(house, { rows: 3, seatsPerRow: 8, startsInMs: 20 * minuteMs })
  await page.context().clearCookies()
  await signIn(page, '/manage')
  await goTo(page, { path: '/counter', ready: '.ticket-key' })
  for (const sheet of ['?', 'F4', 'F8']) {
    await press(page, sheet)
    await page.getByRole('dialog').waitFor()
    await look(`counter, ${sheet}`)
    await press(page, 'Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  }
  await press(page, '2', 'Enter')
  await page.getByRole('button', { name: /^Cash/ }).waitFor()
  await look('counter, a party')
  await press(page, 'Enter')
  await page.getByRole('heading', { name: 'Cash' }).waitFor()
  await look('counter, cash')
  await press(page, 'Enter')
  await page.getByRole('heading', { name: 'Sold' }).waitFor()
  await look('counter, sold')
  await goTo(page, { path: '/door', ready: 'main form' })
  await page.getByLabel('Ticket code').fill('not-a-ticket')
  await press(page, 'Enter')
  await page.getByText('This code is not valid.').waitFor()
  await look('door, red')
  expect(problems).toEqual([])
}, 300_000)
