import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser, openHouse, openPage, someShowtime } from './house.ts'
import type { House } from './house.ts'

let house: House
let browser: Browser

beforeAll(async () => {
  house = await openHouse()
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await house?.close()
})

/** The code of a paid ticket whose doors are not open yet. */
async function buyForTomorrow(): Promise<string> {
  const { id } = await someShowtime(house)
  const hold = await house.call('placeHold', { params: { id }, body: { best: { count: 1 } } })
  const body = { holdId: hold.id, customer: { email: 'door@example.com' } }
  const booking = await house.call('createBooking', { body, accessToken: hold.token })
  const { accessToken } = booking
  const payment = await house.call('createPayment', { body: { bookingId: booking.id, provider: 'test' }, accessToken })
  await house.call('confirmPayment', { params: { id: payment.id }, body: { outcome: 'succeed' }, accessToken })
  const paid = await house.call('readBooking', { params: { id: booking.id }, accessToken })
  return paid.tickets[0]?.code ?? ''
}

test('at the door a guest is sent to sign in; staff see at once why a code does not let in', async () => {
  const { page, context } = await openPage(browser, house)
  const scan = async (code: string) => {
    await page.goto('/door')
    await page.getByLabel('Ticket code').fill(code)
    await page.getByRole('button', { name: 'Scan ticket' }).click()
  }
  await scan('not-a-ticket')
  await page.getByRole('link', { name: 'Sign in' }).click()
  await page.getByLabel('Email').fill('admin@example.com')
  await page.getByLabel('Password').fill('admin123')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Door' }).waitFor()
  await scan('not-a-ticket')
  await page.getByText('This code is not valid.').waitFor()
  expect(await page.getByLabel('Ticket code').inputValue()).toBe('')
  await scan(await buyForTomorrow())
  await page.getByText('The doors are not open for this ticket.').waitFor()
  await context.close()
})
