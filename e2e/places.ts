import { expect } from 'vitest'
import type { Page } from 'playwright-core'
import type { Call } from '../contract/client.ts'
import { openHall } from './halls.ts'
import { someShowtime } from './house.ts'
import type { House } from './house.ts'
import { dayAhead, dayMs } from './managing.ts'
import type { Showtime } from './managing.ts'

/** A page, and what shows that it is there. */
export interface Place {
  readonly path: string
  readonly ready: string
}

/** The rooms of the house; pages with an id in their address are reached from these. */
export const rooms: readonly Place[] = [
  { path: '/manage/tonight', ready: '.headline-figures' },
  { path: '/manage/schedule', ready: '.slot' },
  { path: '/manage/schedule?view=week', ready: '.bar' },
  { path: '/manage/films', ready: '.film-card' },
  { path: '/manage/halls', ready: '.hall-card' },
  { path: '/manage/prices', ready: '.data-table' },
  { path: '/manage/offers', ready: '.house-head' },
  { path: '/manage/offers/vouchers', ready: '.house-head' },
  { path: '/manage/people', ready: '.data-table' },
  { path: '/manage/settings', ready: '.house-page form' },
  { path: '/manage/settings/rules', ready: '.rule' },
  { path: '/manage/settings/brand', ready: '.brand-preview' },
  { path: '/manage/settings/webhooks', ready: '.house-head' },
  { path: '/manage/settings/log', ready: '.house-page p' },
  { path: '/manage/reports', ready: '.data-table' },
  { path: '/manage/reports/film-returns?basis=sale', ready: '.data-table' },
  { path: '/manage/bookings', ready: '.desk-status' },
  { path: '/counter', ready: '.ticket-key' },
  { path: '/door', ready: 'main form' },
  { path: '/account', ready: 'main h1' },
  { path: '/account/settings', ready: 'main form' },
]

/** One of each thing that a house has none of at first. */
export async function furnish(asAdmin: Call): Promise<void> {
  await asAdmin('createPromotion', {
    body: { code: `AUTUMN-MATINEE-${crypto.randomUUID().slice(0, 8)}`, percentOff: 10 },
  })
  await asAdmin('createVoucher', { body: { balance: { amount: 2500, currency: 'GBP' } } })
  await asAdmin('createWebhookEndpoint', { body: { url: 'https://example.com/hook' } })
}

/** Names of buttons, each in what the one before it has opened. */
type Way = readonly [string | RegExp, ...(string | RegExp)[]]

/** What can be opened on the pages of a furnished house. */
async function ways(
  house: House,
  asAdmin: Call,
  { movieId, theatreId }: Showtime,
): Promise<readonly (Place & { readonly ways: readonly Way[] })[]> {
  const draft = await openHall(house, { rows: 1, seatsPerRow: 4, startsInMs: 60 * dayMs, status: 'draft' })
  const { businessDate: draftOn } = await asAdmin('getShowtime', { params: { id: draft } })
  const { id: priceListId } = await asAdmin('createPriceList', {
    params: { id: theatreId },
    body: { name: `Mornings ${crypto.randomUUID().slice(0, 4)}`, rules: [] },
  })
  const block = /, \d+ of \d+ taken/
  return [
    { path: '/manage/schedule', ready: '.slot', ways: [['Copy day'], ['Add showtime']] },
    {
      path: `/manage/schedule?day=${dayAhead(2)}`,
      ready: '.slot',
      ways: [[block], [block, 'Waiting room'], [block, 'Cancel showtime']],
    },
    { path: `/manage/schedule?day=${draftOn}`, ready: '.slot', ways: [[/^Publish \d+ drafts?$/]] },
    { path: '/manage/schedule?view=week', ready: '.bar', ways: [['Copy week']] },
    { path: '/manage/films', ready: '.film-card', ways: [['Import films'], ['Add film']] },
    { path: `/manage/films/${movieId}`, ready: '.house-page form', ways: [['Delete']] },
    { path: '/manage/halls', ready: '.hall-card', ways: [['Add hall'], [/^Edit: /], [/^Delete: /]] },
    { path: '/manage/prices', ready: '.data-table', ways: [['Add price list'], ['Add ticket type'], [/^Edit: /]] },
    { path: `/manage/prices/${priceListId}`, ready: 'article form', ways: [['Delete']] },
    { path: '/manage/offers', ready: '.data-table', ways: [['Add promotion'], [/^Edit: /], [/^Delete: /]] },
    {
      path: '/manage/offers/vouchers',
      ready: '.data-table',
      ways: [['Issue vouchers'], [/^Story: /], [/^Edit: /]],
    },
    { path: '/manage/people', ready: '.data-table select', ways: [[/^Ban: /]] },
    { path: '/manage/settings/webhooks', ready: '.endpoint', ways: [['Add webhook'], [/^Edit: /]] },
    { path: '/account/settings', ready: 'main form', ways: [['Close my account']] },
  ]
}

/** Opens one dialog of the house's pages after the other, has it looked at, and closes it. */
export async function eachDialog(
  page: Page,
  house: House,
  asAdmin: Call,
  look: (name: string) => Promise<void>,
): Promise<void> {
  const showtime = await someShowtime(house)
  // Its theatre is the one that is managed.
  await page.evaluate((id) => localStorage.setItem('matinee.manage.theatre', JSON.stringify(id)), showtime.theatreId)
  for (const place of await ways(house, asAdmin, showtime)) {
    await goTo(page, place)
    for (const way of place.ways) {
      for (const [depth, name] of way.entries()) {
        const within = depth === 0 ? page : page.locator('dialog[open]').last()
        await within.getByRole('button', { name, exact: true }).first().click()
        await expect.poll(() => page.locator('dialog[open] h2').count()).toBeGreaterThan(depth)
      }
      await look(`${place.path} ${way.join(', ')}`)
      for (let open = way.length; open > 0; open -= 1) {
        await page.keyboard.press('Escape')
        await expect.poll(() => page.locator('dialog[open]').count()).toBeLessThan(open)
      }
    }
  }
}

/** Has the dialogs looked at that show something once, when it was made: new vouchers, and the secret of a webhook. */
export async function eachShownOnce(page: Page, look: (name: string) => Promise<void>): Promise<void> {
  const dialog = page.getByRole('dialog')
  await goTo(page, { path: '/manage/offers/vouchers', ready: '.house-head' })
  await page.getByRole('button', { name: 'Issue vouchers' }).click()
  await dialog.getByLabel('Worth').fill('25')
  await dialog.getByLabel('How many').fill('3')
  await dialog.getByRole('button', { name: 'Issue vouchers' }).click()
  await dialog.getByRole('heading', { name: '3 vouchers' }).waitFor()
  await look('vouchers as issued')
  await goTo(page, { path: '/manage/settings/webhooks', ready: '.house-head' })
  await page.getByRole('button', { name: 'Add webhook' }).click()
  await dialog.getByLabel('Address').fill('https://example.com/another')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.getByRole('heading', { name: 'The secret' }).waitFor()
  await look('the secret of a webhook')
}

export async function goTo(page: Page, { path, ready }: Place): Promise<void> {
  await page.goto(path)
  await page.locator(ready).first().waitFor()
}

/** How far a page runs over its side, and every text that is cut off without the dots that say so, a line each. */
export async function cutOff(page: Page, name: string): Promise<string[]> {
  const found = await page.evaluate(() => {
    const over = document.documentElement.scrollWidth - innerWidth
    const cut = [...document.querySelectorAll<HTMLElement>('body *')].filter((element) => {
      const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.nodeValue?.trim())
      if (!hasText || element.closest('.sr-only') || element.clientWidth < 2) return false
      const { overflowX, overflowY, textOverflow, webkitLineClamp } = getComputedStyle(element)
      const hides = (overflow: string) => overflow === 'hidden' || overflow === 'clip'
      const isWide = hides(overflowX) && element.scrollWidth > element.clientWidth + 1
      const isTall = hides(overflowY) && element.scrollHeight > element.clientHeight + 2
      return (isWide && textOverflow !== 'ellipsis') || (isTall && webkitLineClamp === 'none')
    })
    // A dialog scrolls by itself, so the page is no wider for it.
    const dialogs = [...document.querySelectorAll<HTMLElement>('dialog[open], .sheet-body')].filter(
      ({ scrollWidth, clientWidth }) => scrollWidth > clientWidth,
    )
    return [
      ...(over > 0 ? [`${over} px too wide`] : []),
      ...dialogs.map((each) => `a dialog ${each.scrollWidth - each.clientWidth} px too wide`),
      ...cut.map((element) => `cut off: ${element.outerHTML.slice(0, 120)}`),
    ]
  })
  return found.map((each) => `${name}: ${each}`)
}
