import { describe, expect, test } from 'vitest'
import { findings } from './findings.ts'
import { someShowtime } from './house.ts'
import { openTills, press, soldReference } from './till.ts'

const { asStaff, find, house, openTill } = await openTills()

describe('after the sale', () => {
  test('a booking is looked up, gets another address, loses one ticket, then all', async () => {
    const { page, context } = await openTill()
    await press(page, '3', 'Enter', 'Enter', 'Enter')
    const reference = await soldReference(page)
    await press(page, 'F4')
    await page.getByLabel('Reference, name or email').fill(reference)
    const desk = page.getByRole('article', { name: reference })
    await desk.getByRole('button', { name: 'Correct customer' }).click()
    await desk.getByLabel('Email').fill('grace@example.com')
    await desk.getByRole('button', { name: 'Save' }).click()
    await desk.getByText('grace@example.com').waitFor()
    await desk.getByRole('button', { name: 'Notes' }).click()
    await desk.getByLabel('Notes').fill('Hard of hearing')
    await desk.getByRole('button', { name: 'Save' }).click()
    await desk.getByText('Hard of hearing').waitFor()
    await desk.getByRole('button', { name: 'Refund' }).click()
    const tickets = desk.getByRole('group', { name: 'Which tickets' }).getByRole('checkbox')
    await tickets.nth(1).uncheck()
    await tickets.nth(2).uncheck()
    const each = (await find(reference)).tickets[0]?.total.amount ?? 0
    await desk.getByRole('button', { name: `Cancel and give back £${(each / 100).toFixed(2)}` }).click()
    await desk.getByText(`Give back now: £${(each / 100).toFixed(2)} in cash`).waitFor()
    expect((await find(reference)).tickets.filter(({ status }) => status === 'void').length).toBe(1)
    await desk.getByRole('button', { name: 'Refund' }).click()
    await desk.getByRole('button', { name: /^Cancel and give back/ }).click()
    await desk.locator('[data-status=cancelled]').first().waitFor()
    const after = await find(reference)
    expect(after).toMatchObject({ status: 'cancelled', refunded: after.paid, notes: 'Hard of hearing' })
    await context.close()
  })

  test('what was paid in cash and is cancelled from home waits at the counter, and is paid out there once', async () => {
    const show = await someShowtime(house, ({ prices }) => prices[0]?.price.currency === 'GBP')
    const best = await asStaff('readBestSeats', { params: { id: show.id }, query: { count: 2 } })
    const customer = { name: 'Gus', email: 'gus@example.com' }
    const sold = await asStaff('createBooking', { body: { showtimeId: show.id, seats: best.seats, customer } })
    await asStaff('createPayment', { body: { bookingId: sold.id, provider: 'counter', tender: 'cash' } })
    const { id, reference, accessToken } = sold
    await house.call('cancelBooking', { params: { id }, body: {}, accessToken })
    const sum = `£${(sold.total.amount / 100).toFixed(2)}`
    const { page, context } = await openTill()
    await press(page, 'F4')
    await page.getByLabel('Reference, name or email').fill(reference)
    const desk = page.getByRole('article', { name: reference })
    await desk.getByText(`Waiting here for the customer: ${sum} in cash`).waitFor()
    expect(await desk.getByText('Given back', { exact: true }).count()).toBe(0)
    await desk.getByRole('button', { name: `Pay out ${sum} in cash` }).click()
    await desk.getByText(`Give back now: ${sum} in cash`).waitFor()
    await desk.getByText('Given back', { exact: true }).waitFor()
    expect((await find(reference)).dueAtCounter).toBeUndefined()
    expect(await desk.getByRole('button', { name: /^Pay out/ }).count()).toBe(0)
    await context.close()
  })

  test('on a phone what one opens comes into sight', async () => {
    const { page, context } = await openTill({ viewport: { width: 390, height: 700 } })
    const isSeen = async (name: RegExp) =>
      await expect
        .poll(async () => (await page.getByRole('button', { name }).last().boundingBox())?.y ?? Infinity)
        .toBeLessThan(700)
    await page.getByRole('button', { name: 'Look up' }).click()
    await page.locator('.find-row', { hasText: 'paid' }).first().click()
    await isSeen(/^Refund/)
    await page.getByRole('button', { name: 'Refund' }).click()
    await isSeen(/^Cancel and give back/)
    await context.close()
  })

  test('people sit elsewhere, and go to another showtime of the film', async () => {
    const { page, context } = await openTill()
    await press(page, '2', 'Enter', 'Enter', 'Enter')
    const reference = await soldReference(page)
    const before = await find(reference)
    await press(page, 'F4')
    await page.getByLabel('Reference, name or email').fill(reference)
    const desk = page.getByRole('article', { name: reference })
    await desk.getByRole('button', { name: 'Change seats' }).click()
    await desk.getByRole('group', { name: 'Seat map' }).locator('[data-seat]:not([aria-disabled])').last().click()
    await desk.getByRole('button', { name: /^Move / }).click()
    await expect
      .poll(async () => (await find(reference)).tickets.map(({ seat }) => seat))
      .not.toEqual(before.tickets.map(({ seat }) => seat))
    await desk.getByRole('button', { name: 'Exchange', exact: true }).click()
    await desk.getByLabel('To which showtime').waitFor()
    await desk.getByRole('button', { name: /^Exchange[, ]/ }).click()
    await expect.poll(async () => (await find(reference)).showtimeId).not.toBe(before.showtimeId)
    await context.close()
  })

  test('a shift: opened with its float, counted blind, closed with the difference', async () => {
    const { page, context } = await openTill()
    await press(page, 'F8')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Till').fill('Foyer')
    await dialog.getByLabel('Float').fill('100')
    await dialog.getByRole('button', { name: 'Open shift' }).click()
    await dialog.getByLabel('Amount').fill('20')
    await dialog.getByLabel('Reason').fill('Change from the bank')
    await dialog.getByRole('button', { name: 'Record' }).click()
    await dialog.getByText('Change from the bank').waitFor()
    await dialog.getByRole('button', { name: 'Close', exact: true }).click()
    await press(page, '2', 'Enter', 'Enter', 'Enter')
    const { total } = await find(await soldReference(page))
    await press(page, 'F8')
    await dialog.getByRole('button', { name: 'Count and close' }).click()
    // A pound too little.
    const counted = (12_000 + total.amount - 100) / 100
    await dialog.getByLabel('Cash as one sum').fill(counted.toFixed(2))
    await dialog.getByRole('button', { name: 'Close shift' }).click()
    await dialog.getByText('£1.00 short').waitFor()
    const { data } = await asStaff('listShifts', { query: {} })
    expect(data[0]).toMatchObject({
      till: 'Foyer',
      status: 'closed',
      expected: { cash: { amount: 12_000 + total.amount } },
      difference: { cash: { amount: -100 } },
    })
    await context.close()
  })
})

describe.each([
  ['dark', 1280],
  ['light', 390],
] as const)('axe finds nothing at the till, %s at %i px', (theme, width) => {
  test('in any stage of a sale and over it', async () => {
    const { page, context } = await openTill({ viewport: { width, height: 800 } })
    await page.evaluate((chosen) => localStorage.setItem('matinee.theme', chosen), theme)
    await page.reload()
    await page.getByRole('button', { name: 'One more: Adult' }).click()
    const found: Record<string, string[]> = {}
    const look = async (name: string) => {
      found[name] = await findings(page)
    }
    await page.getByText(/^Best now: /).waitFor()
    await look('choosing')
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    await press(page, 'F2')
    await page.locator('[data-seat]').first().waitFor()
    await look('plan')
    await press(page, 'F2', 'Enter')
    await page.getByText('Kept for').waitFor()
    await look('tender')
    for (const [name, key] of [
      ['card', 'k'],
      ['voucher', 'v'],
      ['comp', 'x'],
    ] as const) {
      await page
        .getByRole('button', { name: { card: /^Card/, voucher: /^Voucher/, comp: /^Free ticket/ }[name] })
        .click()
      await page.locator('.stage-title').waitFor()
      await look(name)
      await page.getByRole('button', { name: /^(Declined|Pay another way)$/ }).click()
      expect(key).toHaveLength(1)
    }
    await press(page, 'Enter')
    await page.getByRole('heading', { name: 'Cash' }).waitFor()
    await look('cash')
    await press(page, '5', '0', '0', '0', 'Enter')
    await soldReference(page)
    await look('sold')
    await press(page, '?')
    await page.getByRole('dialog').waitFor()
    await look('keys')
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
    await press(page, 'F4')
    await page.locator('.find-row').first().click()
    await page.getByRole('button', { name: 'Refund' }).click()
    await look('look-up')
    await page.getByRole('button', { name: 'Close', exact: true }).click()
    await press(page, 'F8')
    await page.getByRole('button', { name: 'Open shift' }).waitFor()
    await look('shift')
    expect(Object.entries(found).filter(([, violations]) => violations.length > 0)).toEqual([])
    await context.close()
  }, 180_000)
})
