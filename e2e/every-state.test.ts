import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Call } from '../contract/client.ts'
import { findings } from './findings.ts'
import { openPage, someShowtime } from './house.ts'
import { signIn } from './managing.ts'
import { eachDialog, eachShownOnce, furnish, goTo } from './places.ts'
import { openStage } from './stage.ts'
import { callAs } from './till.ts'

const { house, browser } = await openStage()

/** Somebody who manages the house and likes this theme: nothing switches while it is looked at. */
async function manage(theme: string): Promise<Page> {
  // A service worker would ask the house past what is intercepted here.
  const { page, context } = await openPage(browser, house, { serviceWorkers: 'block' })
  await context.addInitScript((chosen) => localStorage.setItem('matinee.theme', chosen), theme)
  await signIn(page, '/manage')
  return page
}

test('what a fresh house has none of yet is said in a sentence', async () => {
  const page = await manage('dark')
  for (const [path, sentence] of [
    ['/manage/offers', 'No promo code yet. Add the first one'],
    ['/manage/offers/vouchers', 'No voucher yet. Issue the first one'],
    ['/manage/settings/webhooks', 'Nobody listens yet.'],
    ['/manage/settings/log', 'Nothing was changed here yet.'],
  ] as const) {
    await page.goto(path)
    await page.getByText(sentence).waitFor()
    expect(await findings(page)).toEqual([])
  }
  const filter = page.getByLabel('Only this action')
  await filter.pressSequentially('setLayout')
  await page.getByText('Nothing like that was done here.').waitFor()
  expect(await filter.inputValue()).toBe('setLayout')
  await page.context().close()
})

/** Where nothing was found. */
const sparse = [
  { path: '/manage/reports?from=2031-01-01&to=2031-01-02', ready: '.headline-figures' },
  { path: '/manage/bookings?q=nobody+at+all', ready: '.house-page .panel' },
] as const

/** Who one is and where one works is told: it is the page's own question that stays open. */
const told = /\/auth\/me$|\/theatres\?/
const no = { status: 403, json: { code: 'forbidden', status: 403, title: 'Forbidden', detail: 'No' } }

describe.each(['dark', 'light'])('axe finds nothing, %s', (theme) => {
  let page: Page
  let asAdmin: Call
  beforeAll(async () => {
    asAdmin = await callAs(house, 'admin@example.com', 'admin123')
    await furnish(asAdmin)
    page = await manage(theme)
  })
  afterAll(async () => {
    await page?.context().close()
  })

  test('in what the house’s pages open', async () => {
    const found: string[] = []
    const look = async (name: string) => {
      found.push(...(await findings(page, 'dialog[open]')).map((each) => `${name}: ${each}`))
    }
    await eachDialog(page, house, asAdmin, look)
    await eachShownOnce(page, look)
    expect(found).toEqual([])
  }, 300_000)

  test('where nothing is found', async () => {
    const found: string[] = []
    for (const place of sparse) {
      await goTo(page, place)
      found.push(...(await findings(page)).map((each) => `${place.path}: ${each}`))
    }
    expect(found).toEqual([])
  }, 300_000)

  test.each([
    ['while the house has not answered', null],
    ['when the house says no', no],
  ])(
    '%s',
    async (_, answer) => {
      await page.route('**/api/v1/**', async (route) => {
        if (told.test(route.request().url())) await route.continue()
        else if (answer) await route.fulfill(answer)
      })
      const { id, movieId } = await someShowtime(house)
      const audience = ['/', `/films/${movieId}`, `/showtimes/${id}`, '/account']
      const found: string[] = []
      for (const path of [...audience, '/manage/films', '/manage/reports', '/counter']) {
        await page.goto(path, { waitUntil: 'domcontentloaded' })
        const shown = answer ? page.getByText('This is not yours to do.') : page.locator('main h1')
        await shown.first().waitFor()
        found.push(...(await findings(page)).map((each) => `${path}: ${each}`))
      }
      await page.unrouteAll({ behavior: 'ignoreErrors' })
      expect(found).toEqual([])
    },
    300_000,
  )
})

test('what a lost connection stopped is tried again by a button; what was wrong has none', async () => {
  const page = await manage('dark')
  await goTo(page, { path: '/account/settings', ready: 'main form' })
  const details = page.getByRole('region', { name: 'Your details' })
  await page.route('**/api/v1/auth/me', (route) => route.abort())
  await details.getByRole('button', { name: 'Save' }).click()
  const again = details.getByRole('button', { name: 'Check your connection, then try again' })
  await again.waitFor()
  await page.unrouteAll()
  await again.click()
  await details.getByText('Saved').waitFor()
  expect(await again.count()).toBe(0)
  const password = page.getByRole('region', { name: 'Password' })
  await password.getByLabel('Current password').fill('not-this-one')
  await password.getByLabel('New password').fill('another-one-123')
  await password.getByRole('button', { name: 'Change password' }).click()
  const refused = password.getByRole('alert')
  await refused.getByText('Check what you typed').waitFor()
  expect(await refused.getByRole('button').count()).toBe(0)
  await page.context().close()
})
