import axe from 'axe-core'
import type { Browser, Locator, Page } from 'playwright-core'
import type { Answer } from '../contract/client.ts'
import { openPage } from './house.ts'
import type { House } from './house.ts'

export type Showtime = Answer<'listShowtimes'>['data'][number]

export const dayMs = 24 * 3_600_000
export const minuteMs = 60_000

/** A day of the programme, a while ahead. */
export function dayAhead(days: number): string {
  return new Date(Date.now() + days * dayMs).toISOString().slice(0, 10)
}

export async function signIn(page: Page, path: string): Promise<void> {
  await page.goto(path)
  await page.getByLabel('Email').fill('admin@example.com')
  await page.getByLabel('Password').fill('admin123')
  await page.getByRole('button', { name: 'Sign in' }).click()
  // A page that is there already may have a list that is not: both have a heading.
  await page.locator('.house h1').first().waitFor()
}

/** The board of a day, as an administrator sees it. */
export async function openBoard(
  browser: Browser,
  house: House,
  date: string,
  options: Parameters<typeof openPage>[2] = {},
) {
  const opened = await openPage(browser, house, { viewport: { width: 1440, height: 900 }, ...options })
  await signIn(opened.page, '/manage')
  await opened.page.goto(`/manage/schedule?day=${date}`)
  await opened.page.locator('.slot').first().waitFor()
  return opened
}

/** The day's showtimes as the house has them, drafts too. */
export async function programmeOf(page: Page, date: string): Promise<Showtime[]> {
  const theatreId = await page.evaluate(async () => {
    const { data } = await (await fetch('/api/v1/theatres?mine=true&limit=100')).json()
    return data[0].id
  })
  const address = `/api/v1/showtimes?theatreId=${theatreId}&date=${date}&limit=100&expand=movie`
  const { data } = await (await page.request.get(address)).json()
  return data
}

export const isSold = ({ capacity, availableSeats }: Showtime) => availableSeats < capacity
export const after = ({ startsAt }: Showtime, minutes: number) => new Date(Date.parse(startsAt) + minutes * minuteMs)
export const isoOf = (date: Date) => date.toISOString().replace('.000Z', 'Z')

export function blockOf(page: Page, showtime: Showtime): Locator {
  const time = showtime.localStartsAt.slice(11)
  return page
    .locator('.slot[data-status="scheduled"] button', { hasText: `${time}–` })
    .filter({ hasText: showtime.movie?.title ?? '' })
}

/** Pixels of a minute on the board. */
export async function pixelsPerMinute(page: Page): Promise<number> {
  const box = await page.locator('.slots').boundingBox()
  const hours = Number(
    await page.locator('.board').evaluate((board) => getComputedStyle(board).getPropertyValue('--hours')),
  )
  return (box?.width ?? 0) / (hours * 60)
}

export async function centreOf(locator: Locator): Promise<{ x: number; y: number }> {
  await locator.scrollIntoViewIfNeeded()
  const box = await locator.boundingBox()
  if (!box) throw new Error('it is not on the page')
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}

/** Takes a block, moves it, and holds it there. */
export async function hold(page: Page, block: Locator, dx: number, dy = 0): Promise<void> {
  const { x, y } = await centreOf(block)
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(x + dx / 2, y + dy / 2, { steps: 4 })
  await page.mouse.move(x + dx, y + dy, { steps: 4 })
}

export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const violations: { id: string; nodes: { html: string }[] }[] = await page.evaluate(
    `axe.run({ resultTypes: ['violations'] }).then((r) => r.violations)`,
  )
  return violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ html }) => `${id}: ${html.slice(0, 200)}`))
}

/** The first showtime of a day that nobody has bought; as the demo plays, its hall is free a quarter of an hour before and after it. */
export async function unsold(page: Page, date: string): Promise<Showtime> {
  const found = (await programmeOf(page, date)).find((showtime) => !isSold(showtime) && showtime.status === 'scheduled')
  if (!found) throw new Error('everything of that day is sold')
  return found
}
