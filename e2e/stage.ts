import { afterAll } from 'vitest'
import { openBrowser, openHouse } from './house.ts'

/** What the tests of a file play on: a house and a browser, opened while the file is read, closed after its last test. */
export async function openStage(settings: Parameters<typeof openHouse>[0] = {}) {
  const house = await openHouse(settings)
  afterAll(house.close)
  const browser = await openBrowser()
  afterAll(() => browser.close())
  return { house, browser }
}
