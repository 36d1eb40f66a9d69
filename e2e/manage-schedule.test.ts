import { describe, expect, test } from 'vitest'
import { openPage } from './house.ts'
import {
  after,
  axeFindings,
  blockOf,
  centreOf,
  dayAhead,
  dayMs,
  hold,
  isSold,
  isoOf,
  minuteMs,
  openBoard,
  pixelsPerMinute,
  programmeOf,
  signIn,
  unsold,
} from './managing.ts'
import { openStage } from './stage.ts'
import { callAs } from './till.ts'

const { house, browser } = await openStage()

/** Sells the best seat of a showtime at the counter. */
async function sellOne(showtimeId: string): Promise<void> {
  const asAdmin = await callAs(house, 'admin@example.com', 'admin123')
  const { seats } = await asAdmin('readBestSeats', { params: { id: showtimeId }, query: { count: 1 } })
  const { id } = await asAdmin('createBooking', { body: { showtimeId, seats } })
  await asAdmin('createPayment', { body: { bookingId: id, provider: 'counter', tender: 'cash' } })
}

describe('the schedule board', () => {
  test('moves a showtime by dragging, in steps of five minutes, and takes it back by Undo and by Ctrl+Z', async () => {
    const date = dayAhead(4)
    const { page, context, complaints } = await openBoard(browser, house, date)
    const showtime = await unsold(page, date)
    const startOf = async () => (await programmeOf(page, date)).find(({ id }) => id === showtime.id)?.startsAt
    const minute = await pixelsPerMinute(page)
    for (const undo of ['toast', 'keys']) {
      await hold(page, blockOf(page, showtime), 11 * minute)
      await page.mouse.up()
      // The last round's toast may still say that this was undone.
      await page.locator('.toast', { hasText: 'moved to' }).filter({ hasNotText: 'Undone' }).waitFor()
      await expect.poll(startOf).toBe(isoOf(after(showtime, 10)))
      if (undo === 'toast') await page.getByRole('button', { name: 'Undo' }).click()
      else await page.keyboard.press('Control+z')
      await page.locator('.toast', { hasText: 'Undone' }).waitFor()
      await expect.poll(startOf).toBe(showtime.startsAt)
    }
    expect(complaints).toEqual([])
    await context.close()
  })

  test('takes back a move that the house has not answered yet, not the one before it', async () => {
    const date = dayAhead(4)
    const { page, context } = await openBoard(browser, house, date, { serviceWorkers: 'block' })
    const showtime = await unsold(page, date)
    const asked: unknown[] = []
    await page.route(`**/api/v1/showtimes/${showtime.id}`, async (route) => {
      const request = route.request()
      const isMove = request.method() === 'PATCH'
      if (isMove && asked.push(request.postDataJSON().startsAt) === 1) await page.keyboard.press('Control+z')
      await route.continue()
    })
    await hold(page, blockOf(page, showtime), 11 * (await pixelsPerMinute(page)))
    await page.mouse.up()
    await page.locator('.toast', { hasText: 'Undone' }).waitFor()
    expect(asked).toEqual([after(showtime, 10).toISOString(), after(showtime, 0).toISOString()])
    await context.close()
  })

  test('refuses a conflict while one still drags, names the other film and its time, and moves nothing', async () => {
    const date = dayAhead(4)
    const { page, context } = await openBoard(browser, house, date)
    const programme = await programmeOf(page, date)
    const pair = programme
      .map(
        (first) =>
          [
            first,
            programme.find((next) => next.auditoriumId === first.auditoriumId && next.startsAt > first.startsAt),
          ] as const,
      )
      .find(([first, next]) => next && !isSold(first))
    const [first, next] = pair ?? []
    if (!first || !next) throw new Error('the demo has no two showtimes in a hall')
    const minute = await pixelsPerMinute(page)
    const apart = (Date.parse(next.startsAt) - Date.parse(first.startsAt)) / minuteMs
    await hold(page, blockOf(page, first), (apart + 5) * minute)
    const reason = () => page.locator('.reason').textContent()
    await expect.poll(reason).toContain(next.movie?.title)
    await expect.poll(reason).toContain(next.localStartsAt.slice(11))
    await page.mouse.up()
    await page.locator('.toast', { hasText: 'Taken' }).waitFor()
    expect(await programmeOf(page, date)).toEqual(programme)
    await context.close()
  })

  test('is worked by keys alone: arrows move, what is in the way is said, Enter drops, Escape puts back', async () => {
    const date = dayAhead(4)
    const { page, context } = await openBoard(browser, house, date)
    const showtime = await unsold(page, date)
    const block = blockOf(page, showtime)
    const said = page.locator('.board output')
    await block.focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => said.textContent()).toMatch(/free$/)
    await page.keyboard.press('Escape')
    await expect.poll(() => said.textContent()).toBe('')
    for (let press = 0; press < 3; press += 1) await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await page.locator('.toast', { hasText: 'moved to' }).waitFor()
    const moved = (await programmeOf(page, date)).find(({ id }) => id === showtime.id)
    expect(moved?.startsAt).toBe(isoOf(after(showtime, 15)))
    await page.keyboard.press('Control+z')
    await page.locator('.toast', { hasText: 'Undone' }).waitFor()
    await context.close()
  })

  test('asks before it moves a showtime with guests, and then tells them', async () => {
    const date = dayAhead(6)
    const { page, context } = await openBoard(browser, house, date)
    const sold = await unsold(page, date)
    await sellOne(sold.id)
    const block = blockOf(page, sold)
    await block.waitFor()
    await block.focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    const question = page.getByRole('dialog', { name: /with its guests/ })
    await question.waitFor()
    expect(await axeFindings(page)).toEqual([])
    await question.getByRole('button', { name: 'Move and tell them' }).click()
    await page.locator('.toast', { hasText: 'moved to' }).waitFor()
    const startOf = async () => (await programmeOf(page, date)).find(({ id }) => id === sold.id)?.startsAt
    await expect.poll(startOf).toBe(isoOf(after(sold, 5)))
    await context.close()
  })

  test('makes a draft of a film that is dropped on a hall, says which prices are missing, and publishes it', async () => {
    const date = dayAhead(40)
    const { page, context } = await openPage(browser, house, { viewport: { width: 1440, height: 900 } })
    await signIn(page, '/manage')
    await page.goto(`/manage/schedule?day=${date}`)
    const film = page.locator('.shelf-film').first()
    await film.waitFor()
    const from = await centreOf(film)
    const board = await page.locator('.board').boundingBox()
    const hall = await page.locator('.lane').nth(1).boundingBox()
    if (!board || !hall) throw new Error('no board')
    await page.mouse.move(from.x, from.y)
    await page.mouse.down()
    await page.mouse.move(board.x + 500, hall.y + hall.height / 2, { steps: 8 })
    await page.mouse.up()
    await page.locator('.slot[data-status="draft"]').first().waitFor()
    await page.getByRole('button', { name: 'Publish 1 draft' }).click()
    const dialog = page.getByRole('dialog', { name: 'Publish drafts' })
    await dialog.getByRole('button', { name: 'Publish', exact: true }).click()
    await dialog.getByRole('table').waitFor()
    expect(await axeFindings(page)).toEqual([])
    await dialog.getByLabel('Prices').selectOption('base')
    await dialog.getByLabel(/Price for an adult/).fill('11.50')
    await dialog.getByRole('button', { name: 'Set prices and publish' }).click()
    await page.locator('.slot[data-status="scheduled"]').waitFor()
    const [made] = await programmeOf(page, date)
    expect(made).toMatchObject({ status: 'scheduled' })
    expect(made?.prices.find(({ ticketType }) => ticketType === 'adult')?.price.amount).toBe(1150)
    await context.close()
  })

  test('adds a showtime without dragging, deletes it, and brings it back', async () => {
    const date = dayAhead(41)
    const { page, context } = await openPage(browser, house)
    await signIn(page, '/manage')
    await page.goto(`/manage/schedule?day=${date}`)
    await page.getByRole('button', { name: 'Add showtime' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add showtime' })
    await dialog.getByRole('radio').first().check()
    await dialog.getByLabel('Start').fill(`${date}T20:15`)
    await dialog.getByLabel('Prices').selectOption('base')
    await dialog.getByLabel(/Price for an adult/).fill('9')
    await dialog.getByText(/hall ready/).waitFor()
    expect(await axeFindings(page)).toEqual([])
    await dialog.getByLabel('As a draft').uncheck()
    await dialog.getByRole('button', { name: 'Put on sale' }).click()
    const block = page.locator('.slot button')
    await block.waitFor()
    expect((await programmeOf(page, date)).map(({ localStartsAt }) => localStartsAt)).toEqual([`${date}T20:15`])
    await block.click()
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await block.waitFor({ state: 'detached' })
    await page.keyboard.press('Control+z')
    await block.waitFor()
    await context.close()
  })

  test('copies a week as drafts, and takes the whole copy back', async () => {
    const { page, context } = await openBoard(browser, house, dayAhead(4))
    await page.goto(`/manage/schedule?day=${dayAhead(4)}&view=week`)
    await page.locator('.bar').first().waitFor()
    expect(await axeFindings(page)).toEqual([])
    const original = await page.locator('.bar').count()
    await page.getByRole('button', { name: 'Copy week' }).click()
    const dialog = page.getByRole('dialog', { name: 'Copy week' })
    const first = await dialog.getByLabel('To the week that starts on').inputValue()
    const target = new Date(Date.parse(first) + 21 * dayMs).toISOString().slice(0, 10)
    await dialog.getByLabel('To the week that starts on').fill(target)
    await dialog.getByRole('button', { name: 'Copy' }).click()
    await page.locator('.toast', { hasText: 'copied to' }).waitFor()
    await page.locator('.bar[data-status="draft"]').first().waitFor()
    await expect.poll(() => page.locator('.bar[data-status="draft"]').count()).toBe(original)
    // By its key: the toast with its button may have gone on a busy machine.
    await page.keyboard.press('Control+z')
    await page.locator('.toast', { hasText: 'Undone' }).waitFor()
    await page.locator('.bar').first().waitFor({ state: 'detached' })
    await context.close()
  }, 180_000)

  test('cancels a showtime with a reason', async () => {
    const date = dayAhead(5)
    const { page, context } = await openBoard(browser, house, date)
    const showtime = await unsold(page, date)
    await blockOf(page, showtime).click()
    await page.getByRole('button', { name: 'Cancel showtime' }).click()
    await page.getByLabel('Reason').fill('Projector failure')
    await page.getByRole('button', { name: 'Cancel and refund' }).click()
    await page.locator('.slot[data-status="cancelled"]').waitFor()
    const cancelled = (await programmeOf(page, date)).find(({ id }) => id === showtime.id)
    expect(cancelled).toMatchObject({ status: 'cancelled', cancelReason: 'Projector failure' })
    await context.close()
  })

  test.each([
    ['dark', 1440],
    ['light', 390],
  ])('is silent for axe, %s at %i px, and never wider than the screen', async (theme, width) => {
    const { page, context } = await openBoard(browser, house, dayAhead(3), { viewport: { width, height: 844 } })
    await page.evaluate((chosen) => localStorage.setItem('matinee.theme', chosen), theme)
    await page.reload()
    await page.locator('.slot').first().waitFor()
    expect(await axeFindings(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
    await page.goto('/manage/films')
    await page.locator('.film-card').first().waitFor()
    expect(await axeFindings(page)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
    await context.close()
  })

  test('is moved by a finger on the grip; elsewhere the finger scrolls the board', async () => {
    const date = dayAhead(4)
    const { page, context } = await openBoard(browser, house, date, {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    })
    const showtime = await unsold(page, date)
    const touch = await context.newCDPSession(page)
    const minute = await pixelsPerMinute(page)
    const slide = async (from: { x: number; y: number }, dx: number) => {
      const point = (x: number) => [{ x, y: from.y }]
      await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: point(from.x) })
      for (let step = 1; step <= 6; step += 1) {
        await touch.send('Input.dispatchTouchEvent', {
          type: 'touchMove',
          touchPoints: point(from.x + (dx * step) / 6),
        })
      }
      await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
    }
    await slide(await centreOf(blockOf(page, showtime).locator('[data-grip]')), -11 * minute)
    await page.locator('.toast', { hasText: 'moved to' }).waitFor()
    const moved = (await programmeOf(page, date)).find(({ id }) => id === showtime.id)
    expect(moved?.startsAt).toBe(isoOf(after(showtime, -10)))
    await page.keyboard.press('Control+z')
    await page.locator('.toast', { hasText: 'Undone' }).waitFor()
    await context.close()
  })
})
