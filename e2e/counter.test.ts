import { describe, expect, test } from 'vitest'
import { openTills, press, soldReference } from './till.ts'

const { find, house, openTill } = await openTills()

describe('selling', () => {
  test('2, Enter, Enter, Enter sells two adults for the next show, best seats, cash exact', async () => {
    const { page, context, complaints } = await openTill()
    await press(page, '2', 'Enter', 'Enter', 'Enter')
    const booking = await find(await soldReference(page))
    expect(booking).toMatchObject({ status: 'confirmed', channel: 'counter', paid: booking.total })
    expect(booking.tickets.map(({ ticketType }) => ticketType)).toEqual(['adult', 'adult'])
    expect(booking.payments.map(({ tender, tendered }) => [tender, tendered])).toEqual([['cash', booking.total]])
    const { data } = await house.call('listShowtimes', {
      query: { theatreId: booking.theatreId, from: new Date().toISOString(), limit: 1 },
    })
    expect(data[0]?.id).toBe(booking.showtimeId)
    await press(page, 'Enter')
    await page.getByText(`Last sale: ${booking.reference}.`).waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })

  test('three tickets in four taps', async () => {
    const { page, context } = await openTill({ hasTouch: true })
    const keys = page.getByRole('group', { name: 'Number keys' })
    await keys.getByRole('button', { name: '3', exact: true }).tap()
    await page.getByRole('button', { name: 'Hold best seats' }).tap()
    await page.getByRole('button', { name: /^Cash/ }).tap()
    await page.getByRole('button', { name: /^Exact/ }).tap()
    const booking = await find(await soldReference(page))
    expect(booking.tickets.length).toBe(3)
    await context.close()
  })

  test('what was handed over gives its change, large; a note is one press', async () => {
    const { page, context } = await openTill()
    await press(page, '1', 'c', 'Enter', 'Enter')
    await page.getByRole('heading', { name: 'Cash' }).waitFor()
    await expect.poll(() => page.getByText('Kept for').isVisible()).toBe(true)
    await press(page, '5', '0', '0', '0', 'Enter')
    const booking = await find(await soldReference(page))
    expect(booking.tickets.map(({ ticketType }) => ticketType)).toEqual(['adult', 'child'])
    const change = 5000 - booking.total.amount
    expect(booking.payments[0]?.change?.amount).toBe(change)
    const shown = `£${(change / 100).toFixed(2)}`
    await expect.poll(() => page.locator('.figure-change').textContent()).toContain(shown)
    await press(page, '1', 'Enter', 'Enter')
    await page.getByRole('group', { name: 'Notes handed over' }).getByRole('button').first().click()
    const second = await find(await soldReference(page))
    expect(second.payments[0]?.change?.amount).toBeGreaterThan(0)
    await context.close()
  })

  test('a declined card keeps the seats; the approved one is recorded with the reference of its slip', async () => {
    const { page, context } = await openTill()
    await press(page, '2', 'Enter')
    await page.getByRole('button', { name: /^Cash/ }).waitFor()
    const seats = await page.locator('.receipt-seats').textContent()
    await press(page, 'k')
    await page.getByRole('button', { name: 'Declined' }).click()
    await page.getByRole('button', { name: /^Card/ }).click()
    expect(await page.locator('.receipt-seats').textContent()).toBe(seats)
    await page.getByLabel('Terminal reference').fill('A-0042')
    await page.keyboard.press('Enter')
    const booking = await find(await soldReference(page))
    expect(booking.payments.map(({ tender, terminalReference }) => [tender, terminalReference])).toEqual([
      ['card', 'A-0042'],
    ])
    await context.close()
  })

  test('a split: some of it in cash, the rest by card', async () => {
    const { page, context } = await openTill()
    await press(page, '2', 'Enter', 'Enter')
    await page.getByRole('heading', { name: 'Cash' }).waitFor()
    await press(page, '5', '0', '0', 'Enter')
    await page.getByText('Paid so far: £5.00').waitFor()
    await press(page, 'k', 'Enter')
    const booking = await find(await soldReference(page))
    expect(booking.payments.map(({ tender }) => tender)).toEqual(['cash', 'card'])
    expect(booking.paid).toEqual(booking.total)
    await context.close()
  })

  test('whose session ends in the middle signs in again, and goes on with the same seats', async () => {
    const { page, context } = await openTill()
    await press(page, '2', 'Enter')
    await page.getByText('Kept for').waitFor()
    const seats = await page.locator('.receipt-seats').textContent()
    await context.clearCookies()
    await press(page, 'Enter')
    await page.getByRole('heading', { name: 'Cash' }).waitFor()
    await press(page, 'Enter')
    await page.getByLabel('Email').fill('staff@example.com')
    await page.getByLabel('Password').fill('staff123')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('Kept for').waitFor()
    expect(await page.locator('.receipt-seats').textContent()).toBe(seats)
    await press(page, 'Enter', 'Enter')
    const { tickets } = await find(await soldReference(page))
    expect(tickets.map(({ seat }) => seat).join(' and ')).toBe(seats)
    await context.close()
  })

  test('a reload in the middle finds the sale where it was, and nothing happens twice', async () => {
    const { page, context } = await openTill()
    await press(page, '2', 'Enter', 'Enter')
    await page.getByText('Kept for').waitFor()
    const seats = await page.locator('.receipt-seats').textContent()
    await page.reload()
    await page.getByRole('heading', { name: 'Cash' }).waitFor()
    expect(await page.locator('.receipt-seats').textContent()).toBe(seats)
    await press(page, 'Enter')
    const booking = await find(await soldReference(page))
    await page.reload()
    await page.getByRole('heading', { name: 'Sold' }).waitFor()
    expect((await find(booking.reference)).payments.length).toBe(1)
    await context.close()
  })

  test('without an answer it asks on under the same key; the sale is made once', async () => {
    const { page, context } = await openTill()
    await press(page, '2', 'Enter', 'Enter')
    await page.getByText('Kept for').waitFor()
    // The money is recorded, but nobody hears of it until the page has said so.
    let asked = 0
    let heard = false
    await page.route('**/api/v1/payments', async (route) => {
      asked += 1
      if (heard) return await route.fallback()
      await route.fetch()
      await route.abort()
    })
    await press(page, 'Enter')
    await page.getByText('No answer from the house yet.').waitFor()
    heard = true
    const booking = await find(await soldReference(page))
    expect(asked).toBeGreaterThan(1)
    expect(booking.payments.length).toBe(1)
    await context.close()
  })

  test('letting go and parking free the seats at once; a parked sale comes back', async () => {
    const { page, context } = await openTill()
    await press(page, '4', 'Enter')
    await page.getByText('Kept for').waitFor()
    const id = await page.evaluate(() => {
      const name = Object.keys(sessionStorage).find((key) => key.startsWith('matinee.till.')) ?? ''
      return JSON.parse(sessionStorage.getItem(name) ?? '{}').sale.showtimeId as string
    })
    const held = async () => (await house.call('readSeatMap', { params: { id } })).counts.held
    await expect.poll(held).toBe(4)
    await page.getByRole('button', { name: 'Park' }).click()
    await expect.poll(held).toBe(0)
    await page.getByRole('list', { name: 'Parked sales' }).getByRole('button').click()
    await page.getByRole('button', { name: /^Hold/ }).click()
    await expect.poll(held).toBe(4)
    await press(page, 'Escape')
    await expect.poll(held).toBe(0)
    await context.close()
  })

  test('two tills sell the same show: nobody gets the seats of the other', async () => {
    const [one, other] = [await openTill(), await openTill()]
    await Promise.all([one, other].map(({ page }) => press(page, '5', 'Enter', 'Enter', 'Enter')))
    const sold = await Promise.all([one, other].map(async ({ page }) => await find(await soldReference(page))))
    const seats = sold.flatMap(({ tickets }) => tickets.map(({ seat }) => seat))
    expect(new Set(seats).size).toBe(10)
    await Promise.all([one.context.close(), other.context.close()])
  })

  test('seats picked from the plan are those that are sold; a group is reserved and pays later', async () => {
    const { page, context } = await openTill()
    await press(page, '2', 'F2')
    await page.getByRole('group', { name: 'Seat map' }).locator('[data-seat]:not([aria-disabled])').last().click()
    const picked = await page.getByText(/^Picked: /).textContent()
    await page.getByRole('button', { name: 'Name, code, group' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('Class 4b')
    const payBy = dialog.getByLabel('Pays')
    const isLater = (await payBy.count()) > 0
    if (isLater) await payBy.selectOption({ index: 1 })
    await dialog.getByRole('button', { name: 'Save' }).click()
    await press(page, 'Enter')
    await page.getByText('Kept for').waitFor()
    expect(await page.locator('.receipt-seats').textContent()).toBe(picked?.replace('Picked: ', ''))
    await press(page, 'Enter')
    if (isLater) {
      await page.getByRole('heading', { name: 'Reserved' }).waitFor()
      const reference = (await page.locator('.figure-none').textContent()) ?? ''
      expect(await find(reference)).toMatchObject({ status: 'pending', customer: { name: 'Class 4b' } })
      await press(page, 'F4')
      await page.getByLabel('Reference, name or email').fill(reference)
      await page.getByRole('button', { name: 'Take payment' }).click()
      await press(page, 'Enter')
    }
    await press(page, 'Enter')
    expect((await find(await soldReference(page))).customer.name).toBe('Class 4b')
    await context.close()
  })
})
