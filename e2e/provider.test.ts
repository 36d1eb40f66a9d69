import type { Page } from 'playwright-core'
import { afterAll, describe, expect, test } from 'vitest'
import { startStripeDouble, stripeSecrets } from '../server/testing/stripe-double.ts'
import { findings } from './findings.ts'
import { chooseSeats, openPage, someShowtime } from './house.ts'
import { openStage } from './stage.ts'

const stripe = await startStripeDouble(Date.now)
afterAll(() => stripe.server.close())
const { house, browser } = await openStage({
  ...stripeSecrets,
  STRIPE_API_URL: stripe.server.url,
  TEST_PAYMENTS: 'off',
})

/** The provider's own page: it has a way on and a way back, to where the house said. */
async function pageOfProvider(sessionId: string): Promise<string> {
  const headers = { authorization: `Bearer ${stripeSecrets.STRIPE_SECRET_KEY}` }
  const session = await (await fetch(`${stripe.server.url}/v1/checkout/sessions/${sessionId}`, { headers })).json()
  const link = (href: string, text: string) => `<p><a href="${href.replaceAll('&', '&amp;')}">${text}</a></p>`
  return `<h1 data-payment="${session.metadata.paymentId}">Provider</h1>${link(session.success_url, 'Done')}${link(session.cancel_url, 'Leave')}`
}

/** Somebody with seats and a name who has pressed Pay and stands on the provider's page. */
async function atProvider() {
  const { page, context, complaints } = await openPage(browser, house, { viewport: { width: 390, height: 844 } })
  await context.route('https://checkout.stripe.test/**', async (route) => {
    const sessionId = new URL(route.request().url()).pathname.slice(1)
    await route.fulfill({ contentType: 'text/html', body: await pageOfProvider(sessionId) })
  })
  const { id } = await someShowtime(house)
  await chooseSeats(page, id)
  return { page, context, complaints, paymentId: await pressPay(page) }
}

/** Presses Pay; the payment that the provider's page is for. */
async function pressPay(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Pay', exact: true }).click()
  return (await page.getByRole('heading', { name: 'Provider' }).getAttribute('data-payment')) ?? ''
}

const comeBack = async (page: Page, how: 'Done' | 'Leave') => await page.getByRole('link', { name: how }).click()
const tickets = (page: Page) => page.getByRole('heading', { name: /^Booking [A-Z0-9]{6}$/ })

describe('back from a provider’s page', () => {
  test('whoever paid has tickets, and the money was taken once', async () => {
    const { page, context, complaints, paymentId } = await atProvider()
    stripe.pay(paymentId)
    await comeBack(page, 'Done')
    await tickets(page).waitFor()
    await expect.poll(() => page.getByRole('img', { name: /^QR code of seat/ }).count()).toBe(2)
    await page.reload()
    await tickets(page).waitFor()
    await expect.poll(() => stripe.truth(paymentId)).toMatchObject({ state: 'succeeded', refunded: 0, pages: 1 })
    expect(complaints).toEqual([])
    await context.close()
  })

  test('whoever left without paying still has the seats, and pays after all, once', async () => {
    const { page, context, paymentId } = await atProvider()
    await comeBack(page, 'Leave')
    await page.getByRole('alert').filter({ hasText: 'The payment was not finished' }).waitFor()
    await page.getByRole('timer').waitFor()
    expect(await findings(page)).toEqual([])
    const second = await pressPay(page)
    stripe.pay(second)
    await comeBack(page, 'Done')
    await tickets(page).waitFor()
    expect(stripe.truth(paymentId).captured).toBe(0)
    await expect.poll(() => stripe.truth(second)).toMatchObject({ state: 'succeeded', refunded: 0 })
    await context.close()
  })

  test('a payment that came to nothing says so, keeps the seats, and another one is begun', async () => {
    const { page, context, paymentId } = await atProvider()
    stripe.expirePage(paymentId)
    await comeBack(page, 'Done')
    await page.getByRole('alert').filter({ hasText: 'the seats are still yours' }).waitFor()
    expect(await findings(page)).toEqual([])
    const second = await pressPay(page)
    expect(second).not.toBe(paymentId)
    stripe.pay(second)
    await comeBack(page, 'Done')
    await tickets(page).waitFor()
    await context.close()
  })

  test('a provider that does not know yet is asked again until it does', async () => {
    const { page, context, paymentId } = await atProvider()
    await comeBack(page, 'Done')
    await page.getByText('The bank has not answered').waitFor()
    expect(await findings(page)).toEqual([])
    stripe.pay(paymentId)
    await tickets(page).waitFor()
    await context.close()
  })

  test('a window that was closed after paying: the webhook brings the tickets, whenever one looks again', async () => {
    const { context, paymentId } = await atProvider()
    stripe.pay(paymentId)
    const kept = await context.storageState()
    await context.close()
    for (const { headers, payload } of stripe.webhooks()) {
      const answer = await fetch(`${house.url}/api/v1/payments/webhooks/stripe`, {
        method: 'POST',
        headers,
        body: payload,
      })
      expect(answer.ok).toBe(true)
    }
    const again = await openPage(browser, house, { storageState: kept })
    const hold = kept.origins[0]?.localStorage.find(({ name }) => name.startsWith('matinee.booking-of.'))
    await again.page.goto(`/checkout/${hold?.name.slice('matinee.booking-of.'.length) ?? ''}`)
    await tickets(again.page).waitFor()
    await expect.poll(() => stripe.truth(paymentId)).toMatchObject({ state: 'succeeded', pages: 1 })
    await again.context.close()
  })
})
