import { beforeAll, expect, test } from 'vitest'
import { openPage, someShowtime } from './house.ts'
import { signIn } from './managing.ts'
import { cutOff, goTo, rooms } from './places.ts'
import type { Place } from './places.ts'
import { openStage } from './stage.ts'
import { callAs } from './till.ts'

const { house, browser } = await openStage()

beforeAll(async () => {
  const asAdmin = await callAs(house, 'admin@example.com', 'admin123')
  await asAdmin('createPromotion', { body: { code: 'AUTUMN-MATINEE-10', percentOff: 10 } })
  await asAdmin('createVoucher', { body: { balance: { amount: 2500, currency: 'GBP' } } })
})

async function audience(): Promise<readonly Place[]> {
  const { id, movieId, theatreId, businessDate: day } = await someShowtime(house)
  return [
    { path: `/?date=${day}`, ready: 'article' },
    { path: `/films/${movieId}`, ready: '.time-button' },
    { path: `/theatres/${theatreId}?date=${day}`, ready: 'article' },
    { path: `/showtimes/${id}`, ready: '[data-seat]' },
    { path: '/forgot-password', ready: 'form' },
    { path: '/nothing-here', ready: 'h1' },
  ]
}

/** Letters grow and the page does not: what a reader's own text size does. */
const doubleText = () => (document.documentElement.style.fontSize = '200%')

test('with text of twice the size, and with the whole page, nothing runs over and nothing is cut off', async () => {
  const { page, context } = await openPage(browser, house)
  await signIn(page, '/manage')
  // A page that grew is laid out over a few pictures; what counts is what it comes to.
  const isWhole = async (name: string) => await expect.poll(() => cutOff(page, name)).toEqual([])
  for (const place of [...(await audience()), ...rooms]) {
    await page.setViewportSize({ width: 1280, height: 900 })
    await goTo(page, place)
    await page.evaluate(doubleText)
    await isWhole(`${place.path}, text`)
    await page.evaluate(() => (document.documentElement.style.fontSize = ''))
    // What a window of 1280 px has room for at 200 %.
    await page.setViewportSize({ width: 640, height: 450 })
    await isWhole(`${place.path}, page`)
  }
  await context.close()
}, 300_000)
