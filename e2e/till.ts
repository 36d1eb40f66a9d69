import type { Browser, Page } from 'playwright-core'
import type { Booking } from '../contract/bookings.ts'
import { createClient } from '../contract/client.ts'
import type { Call } from '../contract/client.ts'
import { openPage } from './house.ts'
import type { House } from './house.ts'
import { openStage } from './stage.ts'

/** A stage for the tests of a file, with what they do at its tills. */
export async function openTills() {
  const { house, browser } = await openStage()
  const asStaff = await callAs(house, 'staff@example.com', 'staff123')
  return {
    house,
    asStaff,
    openTill: (options?: Parameters<typeof openPage>[2]) => openTill(browser, house, options),
    find: (reference: string) => find(asStaff, reference),
  }
}

/** The house's own view of what a page did. */
export async function callAs(house: House, email: string, password: string): Promise<Call> {
  const answer = await house.call('login', { body: { email, password } })
  if (!('accessToken' in answer)) throw new Error('signed in by cookie')
  return createClient(house.url, (url, init = {}) => {
    const headers = new Headers(init.headers)
    headers.set('authorization', `Bearer ${answer.accessToken}`)
    return fetch(url, { ...init, headers })
  })
}

/** A till with somebody at it. */
async function openTill(browser: Browser, house: House, options: Parameters<typeof openPage>[2] = {}) {
  const opened = await openPage(browser, house, { viewport: { width: 1280, height: 800 }, ...options })
  const { page } = opened
  await page.goto('/counter')
  await page.getByLabel('Email').fill('staff@example.com')
  await page.getByLabel('Password').fill('staff123')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'One more: Adult' }).waitFor()
  return opened
}

/** Keys of the till, one after the other. */
export const press = async (page: Page, ...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key)
}

/** The reference on the screen of a sale that is paid. */
export async function soldReference(page: Page): Promise<string> {
  await page.getByRole('heading', { name: 'Sold' }).waitFor()
  return (await page.locator('.stage-done .desk-reference').textContent()) ?? ''
}

/** A booking as the house reads it. */
async function find(asStaff: Call, reference: string): Promise<Booking> {
  const [booking] = (await asStaff('listBookings', { query: { q: reference } })).data
  if (!booking) throw new Error(`no booking ${reference}`)
  return booking
}
