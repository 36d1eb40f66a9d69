import { createHash, createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { openPage, someShowtime } from './house.ts'
import { blockOf, dayAhead, openBoard, unsold } from './managing.ts'
import { findings } from './findings.ts'
import { openStage } from './stage.ts'

// So small a share that one hold is an attack.
const { house, browser } = await openStage({ RATE_LIMIT: 'on', PROOF_OF_WORK_PERCENT: '1' })

describe('a rush', () => {
  test('on a showtime under attack the browser does the work, and its visitor sees nothing of it', async () => {
    const { id } = await someShowtime(house)
    const { seats } = await house.call('readBestSeats', { params: { id }, query: { count: 6 } })
    await house.call('placeHold', { params: { id }, body: { seats } })
    const { page, complaints } = await openPage(browser, house)
    const statuses: number[] = []
    const proofs: string[] = []
    page.on('response', (answer) => {
      if (!answer.url().endsWith('/holds')) return
      statuses.push(answer.status())
      proofs.push(answer.request().headers()['x-proof-of-work'] ?? 'none')
    })
    await page.goto(`/showtimes/${id}`)
    await page.getByRole('button', { name: 'Find best seats' }).click()
    await page.locator('[data-seat][aria-pressed="true"]').first().waitFor()
    // A reading of what is unpaid is a second old at most.
    await page.waitForTimeout(1100)
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByLabel('Email').waitFor()
    expect(statuses).toEqual([403, 201])
    expect(proofs[0]).toBe('none')
    expect(proofs[1]).toMatch(/^[\da-z]+\.\d+\.[\w-]{8}\.[\w-]{22}\.\d+$/)
    expect(complaints).toEqual([])
    await page.context().close()
  })

  test('with a waiting room the owner lets one in after the other, in an order that was drawn', async () => {
    const date = dayAhead(4)
    const owner = await openBoard(browser, house, date)
    const { id, ...showtime } = await unsold(owner.page, date)
    await blockOf(owner.page, { id, ...showtime }).click()
    await owner.page.getByRole('button', { name: 'Waiting room' }).click()
    await owner.page.getByRole('button', { name: 'Turn on' }).click()
    await owner.page.getByRole('heading', { name: 'Waiting room' }).waitFor({ state: 'detached' })
    await owner.page.getByRole('button', { name: 'Waiting room' }).click()
    await owner.page.getByText('0 people are waiting').waitFor()
    const visitors = [
      await openPage(browser, house),
      await openPage(browser, house, { viewport: { width: 390, height: 844 } }),
    ]
    for (const { page } of visitors) {
      await page.goto(`/showtimes/${id}`)
      await page.getByRole('heading', { name: 'Many want to see this' }).waitFor()
      expect(await findings(page)).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
      await page.getByRole('button', { name: 'Join' }).press('Enter')
      await page.getByRole('heading', { name: 'You are in the draw' }).waitFor()
    }
    // Now, one at a time: the field knows whole minutes.
    const room = await owner.page.evaluate(
      async ([showtimeId, opensAt]) => {
        const body = JSON.stringify({ opensAt, admitPerMinute: 60, admittedAtOnce: 1, admissionSeconds: 60 })
        const headers = { 'content-type': 'application/json' }
        const answer = await fetch(`/api/v1/showtimes/${showtimeId}/waiting-room`, { method: 'PUT', headers, body })
        return await answer.json()
      },
      [id, new Date(Date.now() + 2000).toISOString()] as const,
    )
    const places = visitors.map(({ page }) => page.getByRole('button', { name: 'Find best seats' }))
    const first = await Promise.race(
      places.map(async (place, index) => await place.waitFor({ timeout: 40_000 }).then(() => index)),
    )
    const [inside, outside] = first === 0 ? visitors : visitors.toReversed()
    await outside?.page.getByRole('heading', { name: 'You are next' }).waitFor()
    // A reload keeps the place, and the admission.
    await Promise.all(visitors.map(({ page }) => page.reload()))
    await outside?.page.getByRole('heading', { name: 'You are next' }).waitFor()
    await inside?.page.getByRole('button', { name: 'Find best seats' }).click()
    await inside?.page.locator('[data-seat][aria-pressed="true"]').first().waitFor()
    await inside?.page.getByRole('button', { name: 'Continue' }).click()
    await inside?.page.getByLabel('Email').waitFor()
    const draw = await house.call('readWaitingDraw', { params: { id } })
    const seed = Buffer.from(draw.seed ?? '', 'hex')
    expect(createHash('sha256').update(seed).digest('hex')).toBe(room.seedHash)
    const lot = (entry: string) => createHmac('sha256', seed).update(entry).digest('hex')
    expect(draw.entries).toHaveLength(2)
    expect(draw.entries).toEqual(draw.entries.toSorted((some, other) => (lot(some) < lot(other) ? -1 : 1)))
    for (const { complaints, context } of visitors) {
      expect(complaints).toEqual([])
      await context.close()
    }
    await owner.context.close()
  }, 180_000)
})
