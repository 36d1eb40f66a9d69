import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openPage } from './house.ts'
import { centreOf, dayMs, pixelsPerMinute, signIn } from './managing.ts'
import { openStage } from './stage.ts'

const { house, browser } = await openStage()

/**
 * What people need by the keystroke-level model, seconds: to point at something and press, to make up one's mind before it, and
 * to type a letter. Source: Card, Moran and Newell, "The keystroke-level model for user performance time", 1980.
 */
const model = { point: 1.1, decide: 1.35, letter: 0.28 } as const

/** Somebody whose every act is counted. */
function someone(page: Page) {
  let acts = 0
  let letters = 0
  const press = async (target: Locator) => {
    acts += 1
    await target.click()
  }
  return {
    press,
    async write(target: Locator, text: string) {
      await press(target)
      letters += text.length
      await target.fill(text)
    },
    async drag(from: Locator, to: { readonly x: number; readonly y: number }) {
      acts += 2
      const { x, y } = await centreOf(from)
      await page.mouse.move(x, y)
      await page.mouse.down()
      await page.mouse.move(to.x, to.y, { steps: 8 })
      await page.mouse.up()
    },
    acts: () => acts,
    seconds: () => acts * (model.point + model.decide) + letters * model.letter,
  }
}

test('whoever has never been here buys two tickets on a phone within thirty seconds', async () => {
  const { page, context } = await openPage(browser, house, { viewport: { width: 390, height: 844 } })
  await page.goto('/')
  const guest = someone(page)
  await guest.press(page.getByRole('tab').nth(1))
  await guest.press(page.locator('.time-button').first())
  await guest.press(page.getByRole('button', { name: 'Find best seats' }))
  await page.locator('[data-seat][aria-pressed="true"]').first().waitFor()
  await guest.press(page.getByRole('button', { name: 'Continue' }))
  await guest.write(page.getByLabel('Email'), 'ada@example.com')
  await guest.write(page.getByLabel('Name'), 'Ada Lovelace')
  await guest.press(page.getByRole('button', { name: 'Pay' }))
  await guest.press(page.getByRole('button', { name: 'Succeed' }))
  await page.getByRole('heading', { name: /^Booking/ }).waitFor()
  await expect.poll(() => page.getByRole('img', { name: /^QR code of seat/ }).count()).toBe(2)
  expect(guest.acts()).toBe(8)
  expect(guest.seconds()).toBeLessThan(30)
  await context.close()
})

test('a manager plans a week and puts it on sale within five minutes', async () => {
  const { page, context } = await openPage(browser, house, { viewport: { width: 1440, height: 900 } })
  await signIn(page, '/manage')
  const manager = someone(page)
  const view = page.getByRole('group', { name: 'View' })
  await manager.press(page.getByRole('link', { name: 'Schedule' }))
  await manager.press(view.getByRole('radio', { name: 'Week' }))
  // The week after this one: of this one some days are over, and how many is a matter of the day on which one looks.
  const title = page.locator('.board-title h1')
  const thisWeek = await title.textContent()
  await manager.press(page.getByRole('button', { name: 'Later', exact: true }))
  await expect.poll(() => title.textContent()).not.toBe(thisWeek)
  await page.locator('.bar').first().waitFor()
  const before = await page.locator('.bar').count()
  await manager.press(page.getByRole('button', { name: 'Copy week' }))
  const copy = page.getByRole('dialog', { name: 'Copy week' })
  const target = copy.getByLabel('To the week that starts on')
  const first = await target.inputValue()
  const monday = new Date(Date.parse(first) + 28 * dayMs).toISOString().slice(0, 10)
  await manager.write(target, monday)
  await manager.press(copy.getByRole('button', { name: 'Copy' }))
  await expect.poll(() => page.locator('.bar[data-status="draft"]').count()).toBe(before)
  // One more film on its first day.
  await manager.press(view.getByRole('radio', { name: 'Day' }))
  const film = page.locator('.shelf-film').last()
  await film.waitFor()
  await page.locator('.slot[data-status="draft"]').first().waitFor()
  // Two and a half hours before what the second hall begins with.
  const lane = await page.locator('.lane').nth(1).boundingBox()
  if (!lane) throw new Error('no board')
  const middle = lane.y + lane.height / 2
  const boxes = await Promise.all((await page.locator('.slot').all()).map((slot) => slot.boundingBox()))
  const starts = boxes.flatMap((box) => (box && box.y < middle && box.y + box.height > middle ? [box.x] : []))
  const x = Math.min(...starts) - 150 * (await pixelsPerMinute(page))
  const drafts = await page.locator('.slot[data-status="draft"]').count()
  await manager.drag(film, { x, y: middle })
  await expect.poll(() => page.locator('.slot[data-status="draft"]').count()).toBe(drafts + 1)
  await manager.press(view.getByRole('radio', { name: 'Week' }))
  await manager.press(page.getByRole('button', { name: /^Publish \d+ drafts$/ }))
  const publish = page.getByRole('dialog', { name: 'Publish drafts' })
  await manager.press(publish.getByRole('button', { name: 'Publish', exact: true }))
  // The film that was dragged has no price yet: that is said, and mended here.
  await manager.press(publish.getByLabel('Prices'))
  await publish.getByLabel('Prices').selectOption('base')
  await manager.write(publish.getByLabel(/Price for an adult/), '11.50')
  await manager.press(publish.getByRole('button', { name: 'Set prices and publish' }))
  await expect.poll(() => page.locator('.bar[data-status="draft"]').count()).toBe(0)
  await expect.poll(() => page.locator('.bar[data-status="scheduled"]').count()).toBe(before + 1)
  expect(manager.acts()).toBe(15)
  expect(manager.seconds()).toBeLessThan(300)
  await context.close()
})
