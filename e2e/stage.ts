import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeEach } from 'vitest'
import { openBrowser, openHouse } from './house.ts'

/** What the tests of a file play on: a house and a browser, opened while the file is read, closed after its last test. */
export async function openStage(settings: Parameters<typeof openHouse>[0] = {}) {
  const house = await openHouse(settings)
  afterAll(house.close)
  const browser = await openBrowser()
  afterAll(() => browser.close())
  endPagesWithTheirTest(browser)
  return { house, browser }
}

/** No page outlives the test that opened it, and what is open when a test fails is told. */
function endPagesWithTheirTest(browser: Browser): void {
  let earlier = new Set<BrowserContext>()
  beforeEach(() => {
    earlier = new Set(browser.contexts())
  })
  afterEach(async ({ task }) => {
    const contexts = browser.contexts()
    if (task.result?.state === 'fail') {
      const shown = await Promise.all(contexts.flatMap((context) => context.pages()).map(sightOf))
      process.stderr.write(`${task.name} failed at:\n${shown.join('\n')}\n`)
    }
    await Promise.all(contexts.filter((context) => !earlier.has(context)).map((context) => context.close()))
  })
}

const longestSight = 6000

/** What a page shows, as a reader hears it. */
async function sightOf(page: Page): Promise<string> {
  const tree = await page
    .locator('body')
    .ariaSnapshot({ timeout: 5000 })
    .catch((error: unknown) => String(error))
  return `${page.url()}\n${tree.slice(0, longestSight)}`
}
