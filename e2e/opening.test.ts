import { expect, test } from 'vitest'
import { businessDate } from '../server/platform/time.ts'
import { openPage, someShowtime } from './house.ts'
import { openStage } from './stage.ts'

const { house, browser } = await openStage()
const [first] = (await house.call('listTheatres', { query: { limit: 1 } })).data
/** Where the server takes its visitors to be: elsewhere it may be another day. */
const timezoneId = first?.timeZone ?? 'UTC'

/** The public pages, what shows that each is drawn, and how many things it reads first. */
async function publicPlaces(): Promise<readonly (readonly [path: string, ready: string, reads: number])[]> {
  const { id, movieId, theatreId } = await someShowtime(house)
  return [
    // Late in the night nothing of the day is left to see, and the page says so.
    ['/', '#programme h2', 1],
    [`/films/${movieId}`, '.time-button', 2],
    [`/theatres/${theatreId}`, '.day-tab', 2],
    [`/showtimes/${id}`, '[data-seat]', 2],
  ]
}

test('what the server’s page names is what the page reads, and is fetched once', async () => {
  const { page, context } = await openPage(browser, house, { timezoneId })
  for (const [path, ready, reads] of await publicPlaces()) {
    const asked: string[] = []
    const note = (request: { url(): string }) => asked.push(request.url().slice(house.url.length))
    page.on('request', note)
    await page.goto(path)
    await page.locator(ready).first().waitFor()
    page.off('request', note)
    const named = await page
      .locator('link[rel="preload"][as="fetch"]')
      .evaluateAll((all) => all.map((one) => one.getAttribute('href')))
    expect(named).toHaveLength(reads)
    for (const read of named) expect([read, asked.filter((url) => url === read).length]).toEqual([read, 1])
  }
  await context.close()
})

// At any hour it is another day in one of them than it is in the theatre.
test.each(['Pacific/Kiritimati', 'Pacific/Pago_Pago'])(
  'a theatre’s page opens on the day that runs there, looked at from %s',
  async (elsewhere) => {
    const { theatreId } = await someShowtime(house)
    const { timeZone } = await house.call('getTheatre', { params: { id: theatreId } })
    const { page, context } = await openPage(browser, house, { timezoneId: elsewhere })
    await page.goto(`/theatres/${theatreId}`)
    const chosen = page.getByRole('tab', { selected: true })
    await expect.poll(() => chosen.getAttribute('id')).toBe(`day-${businessDate(Date.now(), timeZone)}`)
    await context.close()
  },
)

test.each([390, 1280])(
  'the heading that the server writes stands where the page’s own will, at %i px',
  async (width) => {
    const viewport = { width, height: 844 }
    const unscripted = await openPage(browser, house, { viewport, timezoneId, javaScriptEnabled: false })
    const { page, context } = await openPage(browser, house, { viewport, timezoneId })
    const headingOf = async (target: typeof page) => {
      const heading = target.locator('h1')
      await target.waitForLoadState('networkidle')
      return { text: (await heading.textContent())?.replaceAll(/\s+/g, ' ').trim(), box: await heading.boundingBox() }
    }
    for (const [path, ready] of await publicPlaces()) {
      await unscripted.page.goto(path)
      await page.goto(path)
      await page.locator(ready).first().waitFor()
      await expect.poll(() => page.locator('#first-look').count()).toBe(0)
      expect(await headingOf(unscripted.page)).toEqual(await headingOf(page))
    }
    await unscripted.context.close()
    await context.close()
  },
)

test('whoever chose another language never sees a heading in the wrong one', async () => {
  const { page, context } = await openPage(browser, house, { locale: 'en-GB' })
  await context.addInitScript(() => localStorage.setItem('matinee.language', '"de"'))
  await page.goto('/')
  await page.locator('#programme h2').first().waitFor()
  expect(await page.evaluate(() => document.documentElement.dataset['look'])).toBe('other')
  await context.close()
})
