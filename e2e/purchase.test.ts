import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHall } from './halls.ts'
import { chooseAndGo, openHouse, openPage, someShowtime } from './house.ts'
import type { House } from './house.ts'
import { dayMs } from './managing.ts'
import { openStage } from './stage.ts'

const { house, browser } = await openStage()

describe('buying tickets', () => {
  test('a guest goes from the programme to tickets with codes; a declined card keeps the seats', async () => {
    const { page, complaints } = await openPage(browser, house)
    const { id } = await someShowtime(house)
    await chooseAndGo(page, id)
    await page.getByRole('button', { name: 'Decline' }).click()
    await expect.poll(() => page.getByRole('alert').textContent()).toContain('the seats are still yours')
    await page.reload()
    await page.getByRole('button', { name: 'Pay', exact: true }).click()
    await page.getByRole('button', { name: 'Time out' }).click()
    await page.getByText('The bank has not answered').waitFor()
    await page.getByRole('button', { name: 'Succeed' }).click()
    const heading = page.getByRole('heading', { name: /^Booking [A-Z0-9]{6}$/ })
    await heading.waitFor()
    await expect.poll(() => page.getByRole('img', { name: /^QR code of seat/ }).count()).toBe(2)
    const loaded = await page
      .getByRole('img', { name: /^QR code/ })
      .first()
      .evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth > 0))
    expect(loaded).toBe(true)
    // A code that is void by the time it would be kept is not found, which the browser complains of.
    await page.getByText('Kept on this device').waitFor()
    await page.getByRole('button', { name: 'Cancel booking' }).click()
    await page.getByRole('button', { name: 'Cancel and refund' }).click()
    await page.getByText('This booking is cancelled').waitFor()
    expect(complaints).toEqual([])
    await page.context().close()
  })

  test('on a phone two taps lead from the programme to a seat map', async () => {
    const { page, complaints } = await openPage(browser, house, {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
    })
    await page.goto('/')
    await page.getByRole('tab').nth(1).tap()
    await page.locator('.time-button').first().tap()
    await page
      .getByRole('button', { name: /^Find best seats|Continue$/ })
      .first()
      .waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    expect(complaints).toEqual([])
    await page.context().close()
  })

  test('on a phone the total, until when the seats are held, and Pay stand by the thumb from the first moment on', async () => {
    const { page } = await openPage(browser, house, { viewport: { width: 390, height: 844 } })
    const { id } = await someShowtime(house)
    await page.goto(`/showtimes/${id}`)
    await page.getByRole('button', { name: 'Find best seats' }).click()
    await page.locator('[data-seat][aria-pressed="true"]').first().waitFor()
    await page.getByRole('button', { name: 'Continue' }).click()
    const bar = page.locator('.pay-bar')
    await bar.waitFor()
    const text = (await bar.innerText()).replaceAll(/\s+/g, ' ')
    expect(text).toMatch(/^Total [£€]\d+\.\d\d Held for you until \d\d:\d\d Pay$/)
    const { y, height } = (await page.getByRole('button', { name: 'Pay' }).boundingBox()) ?? { y: 0, height: 0 }
    expect([y > 422, y + height <= 844]).toEqual([true, true])
    // What Tab comes to last is not under the bar.
    await page.getByLabel('Promo code').focus()
    const field = await page.getByLabel('Promo code').boundingBox()
    expect((field?.y ?? 844) + (field?.height ?? 0)).toBeLessThan((await bar.boundingBox())?.y ?? 0)
    await page.getByRole('link', { name: 'Change seats' }).click()
    await expect.poll(async () => (await house.call('readSeatMap', { params: { id } })).counts.held).toBe(0)
    await page.context().close()
  })

  test('a film after midnight says on its button which night it belongs to', async () => {
    const { page } = await openPage(browser, house)
    const late = await someShowtime(house, (one) => one.localStartsAt.slice(0, 10) !== one.businessDate)
    await page.goto(`/?date=${late.businessDate}`)
    const button = page.locator(`.time-button[href="/showtimes/${late.id}"]`)
    expect(await button.innerText()).toMatch(
      /(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day night, 0\d:\d\d \(\w{3} \d+ \w{3}\)/,
    )
    await page.context().close()
  })

  test('the choice survives a reload, and going back frees the seats at once', async () => {
    const { page } = await openPage(browser, house)
    const id = await openHall(house, { rows: 6, seatsPerRow: 12, startsInMs: dayMs })
    await page.goto(`/showtimes/${id}`)
    await page.getByRole('button', { name: /^C6, / }).click()
    await page.getByRole('button', { name: /^C7, / }).click()
    await page.reload()
    await page.getByRole('button', { name: /^C6, /, pressed: true }).waitFor()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByLabel('Email').waitFor()
    const held = async () => (await house.call('readSeatMap', { params: { id } })).counts.held
    await expect.poll(held).toBe(2)
    await page.goBack()
    await expect.poll(held).toBe(0)
    await page.getByRole('button', { name: /^C6, /, pressed: true }).waitFor()
    await page.context().close()
  })

  test('a party is said once: the next plan opens with its best seats lit, and one tap moves all of it', async () => {
    const { page, complaints } = await openPage(browser, house, { viewport: { width: 390, height: 844 } })
    const { id } = await someShowtime(house)
    await page.goto(`/showtimes/${id}`)
    await page.getByText('Who is coming?').click()
    await page.getByRole('button', { name: 'One more: Adult' }).click()
    const lit = page.locator('[data-seat][aria-pressed="true"]')
    await expect.poll(() => lit.count()).toBe(3)
    const other = await someShowtime(house, (one) => one.id !== id)
    await page.goto(`/showtimes/${other.id}`)
    await lit.nth(2).waitFor()
    const before = await lit.first().getAttribute('data-seat')
    await page.locator('[data-seat]:not([aria-disabled])').first().click()
    await expect.poll(() => lit.first().getAttribute('data-seat')).not.toBe(before)
    await expect.poll(() => lit.count()).toBe(3)
    await page.evaluate(() => document.documentElement.setAttribute('dir', 'rtl'))
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    expect(complaints).toEqual([])
    await page.context().close()
  })

  test('after the best seats for two, a tap moves both, in a hall of two thousand as well', async () => {
    const { page, context } = await openPage(browser, house)
    const id = await openHall(house, { rows: 50, seatsPerRow: 40, startsInMs: 3 * dayMs })
    await page.goto(`/showtimes/${id}`)
    await page.getByRole('button', { name: 'Find best seats' }).click()
    const chosen = page.locator('[data-seat][aria-pressed="true"]')
    await expect.poll(() => chosen.count()).toBe(2)
    await page.getByRole('button', { name: /^Z6, / }).click()
    const seats = () => chosen.evaluateAll((all) => all.map((one) => one.getAttribute('data-seat')))
    await expect.poll(seats).toEqual(['Z6', 'Z7'])
    await page.getByRole('button', { name: /^AX40, / }).click()
    await expect.poll(seats).toEqual(['AX39', 'AX40'])
    await context.close()
  })

  test('two people at one map: the second sees the seat go, and hears which one was taken', async () => {
    const first = await openPage(browser, house)
    const second = await openPage(browser, house)
    const id = await openHall(house, { rows: 6, seatsPerRow: 12, startsInMs: 2 * dayMs })
    for (const { page } of [first, second]) {
      await page.goto(`/showtimes/${id}`)
      await page.getByRole('button', { name: /^D8, / }).click()
    }
    await first.page.getByRole('button', { name: 'Continue' }).click()
    await first.page.getByLabel('Email').waitFor()
    await second.page.getByRole('alert').waitFor()
    expect(await second.page.getByRole('alert').textContent()).toContain('D8')
    const seat = second.page.getByRole('button', { name: /^D8, .*held$/ })
    await seat.waitFor()
    await expect.poll(() => seat.getAttribute('aria-pressed')).toBe('false')
    await first.context.close()
    await second.context.close()
  })

  test('a purchase needs no mouse: Tab, arrows, Space and Enter', async () => {
    const { page } = await openPage(browser, house)
    const id = await openHall(house, { rows: 6, seatsPerRow: 12, startsInMs: dayMs })
    await page.goto(`/showtimes/${id}`)
    const map = page.getByRole('group', { name: 'Seat map' })
    await map.waitFor()
    await map.locator('[tabindex="0"]').focus()
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight', 'Space']) await page.keyboard.press(key)
    const chosen = map.locator('[aria-pressed="true"]')
    await expect.poll(() => chosen.count()).toBe(1)
    expect(await chosen.getAttribute('aria-label')).toMatch(/^[A-Z]\d+, \w+, [£€][\d.]+, available/)
    await page.getByRole('button', { name: 'Continue' }).press('Enter')
    await page.getByLabel('Email').pressSequentially('keys@example.com')
    await page.getByLabel('Email').press('Enter')
    await page.getByRole('button', { name: 'Succeed' }).press('Enter')
    await page.getByRole('heading', { name: /^Booking/ }).waitFor()
    await page.context().close()
  })

  test('an account buys without typing its address, and finds the booking in its history', async () => {
    const { page, complaints } = await openPage(browser, house)
    await page.goto('/account')
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByLabel('Name').fill('Ada Lovelace')
    await page.getByLabel('Email').fill('ada@example.com')
    await page.getByLabel('Password').fill('velvet curtain 1911')
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByRole('heading', { name: 'Upcoming' }).waitFor()
    const { id } = await someShowtime(house)
    await page.goto(`/showtimes/${id}`)
    await page.getByRole('button', { name: 'Find best seats' }).click()
    await page.locator('[data-seat][aria-pressed="true"]').first().waitFor()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByText('Booking as Ada Lovelace').waitFor()
    await page.getByLabel('Promo code').fill('NOSUCHCODE')
    await page.getByRole('button', { name: 'Pay' }).click()
    await page.getByText('This code does not count for these tickets.').waitFor()
    await page.getByLabel('Promo code').fill('')
    await page.getByRole('button', { name: 'Pay' }).click()
    await page.getByRole('button', { name: 'Succeed' }).click()
    const heading = page.getByRole('heading', { name: /^Booking/ })
    const reference = (await heading.textContent())?.slice(-6) ?? ''
    await page.goto('/account')
    await page.getByText(reference).waitFor()
    expect(complaints).toEqual([])
    await page.context().close()
  })
})

describe('without a network', () => {
  test('whoever pays is told so at once, loses nothing, and pays when there is one again', async () => {
    const { page, context } = await openPage(browser, house)
    const { id } = await someShowtime(house)
    await page.goto(`/showtimes/${id}`)
    await page.getByRole('button', { name: 'Find best seats' }).click()
    await page.locator('[data-seat][aria-pressed="true"]').first().waitFor()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByLabel('Email').fill('guest@example.com')
    await page.getByLabel('Name').fill('Grace Guest')
    await context.setOffline(true)
    await page.getByRole('button', { name: 'Pay', exact: true }).click()
    await page.getByRole('alert').filter({ hasText: 'connection' }).waitFor()
    await context.setOffline(false)
    await page.getByRole('button', { name: 'Pay', exact: true }).click()
    await page.getByRole('heading', { name: 'Test payment' }).waitFor()
    await context.close()
  })

  test('a paid ticket still opens, with its codes', async () => {
    const { page, context } = await openPage(browser, house)
    const { id } = await someShowtime(house)
    await chooseAndGo(page, id)
    await page.getByRole('button', { name: 'Succeed' }).click()
    await page.getByText('Kept on this device').waitFor()
    await context.setOffline(true)
    await page.reload()
    await page.getByRole('heading', { name: /^Booking/ }).waitFor()
    const code = page.getByRole('img', { name: /^QR code/ }).first()
    expect(await code.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth > 0))).toBe(
      true,
    )
    await context.close()
  })
})

describe('when the time runs out', () => {
  let hasty: House
  beforeAll(async () => {
    hasty = await openHouse({ HOLD_SECONDS: '12' })
  })
  afterAll(() => hasty?.close())

  test('the page says so, nothing was charged, and the way back keeps the choice', async () => {
    const { page } = await openPage(browser, hasty)
    const id = await openHall(hasty, { rows: 6, seatsPerRow: 12, startsInMs: dayMs })
    await page.goto(`/showtimes/${id}`)
    await page.getByRole('button', { name: /^C6, / }).click()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('button', { name: 'Keep them longer' }).click()
    await page.getByRole('heading', { name: 'Your time ran out' }).waitFor()
    await page.getByRole('link', { name: 'Choose seats again' }).click()
    await page.getByRole('button', { name: /^C6, /, pressed: true }).waitFor()
    await page.context().close()
  })
})
