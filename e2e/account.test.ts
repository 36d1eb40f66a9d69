import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { totpAt } from '../server/accounts/totp.ts'
import { findings } from './findings.ts'
import { openBrowser, openHouse, openPage } from './house.ts'
import type { House } from './house.ts'

const password = 'velvet curtain 1911'
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

async function signUp(page: Page, email: string): Promise<void> {
  await page.goto('/account')
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByLabel('Name').fill('Ada Lovelace')
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByRole('heading', { name: 'Upcoming' }).waitFor()
}

async function signIn(page: Page, email: string, secret: string): Promise<void> {
  await page.goto('/account')
  await page.getByLabel('Email', { exact: true }).fill(email)
  await page.getByLabel('Password').fill(secret)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

describe('links in mails', () => {
  test('an email is confirmed by a press, not by opening the link, and the link works once', async () => {
    const { page, context, complaints } = await openPage(browser, house)
    await signUp(page, 'verify@example.com')
    const link = await house.linkTo('/verify-email', 'verify@example.com')
    // What a scanner of mails does: it opens the link, scripts and all.
    const scanner = await openPage(browser, house)
    await scanner.page.goto(link)
    await scanner.page.getByRole('button', { name: 'Confirm my email' }).waitFor()
    await scanner.context.close()

    await page.goto(link)
    await page.getByRole('button', { name: 'Confirm my email' }).waitFor()
    expect(await findings(page)).toEqual([])
    expect(page.url()).not.toContain('token')
    await page.reload()
    await page.getByRole('button', { name: 'Confirm my email' }).click()
    await page.getByRole('heading', { name: 'Your email is confirmed' }).waitFor()
    await page.goto(link)
    await page.getByRole('button', { name: 'Confirm my email' }).click()
    await page.getByRole('heading', { name: 'This link has had its time' }).waitFor()
    expect(await findings(page)).toEqual([])
    expect(complaints).toEqual([])
    await context.close()
  })

  test('a forgotten password: the same answer for everybody, a new password by the link, once', async () => {
    const { page, context } = await openPage(browser, house)
    await signUp(page, 'forgot@example.com')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('link', { name: 'Forgot your password?' }).click()
    for (const email of ['nobody@example.com', 'forgot@example.com']) {
      await page.goto('/forgot-password')
      await page.getByLabel('Email').fill(email)
      await page.getByRole('button', { name: 'Send me a link' }).click()
      await page.getByText(`If there is an account for ${email}`).waitFor()
    }
    expect(await findings(page)).toEqual([])
    const link = await house.linkTo('/reset-password', 'forgot@example.com')
    await page.goto(link)
    await page.getByLabel('New password').fill('password')
    await page.getByRole('button', { name: 'Set new password' }).click()
    await page.getByText('That password is too easy to guess.').waitFor()
    expect(page.url()).not.toContain('token')
    expect(await findings(page)).toEqual([])
    await page.getByLabel('New password').fill('balcony row seven')
    await page.getByRole('button', { name: 'Set new password' }).click()
    await page.getByRole('heading', { name: 'Your new password is set' }).waitFor()
    await page.goto(link)
    await page.getByLabel('New password').fill('balcony row eight')
    await page.getByRole('button', { name: 'Set new password' }).click()
    await page.getByRole('link', { name: 'Send me a link' }).waitFor()
    await signIn(page, 'forgot@example.com', 'balcony row seven')
    await page.getByRole('heading', { name: 'Upcoming' }).waitFor()
    await context.close()
  })

  test('a link without a token is told where to get one', async () => {
    const { page, context } = await openPage(browser, house)
    await page.goto('/reset-password')
    await page.getByRole('link', { name: 'Send me a link' }).click()
    await page.getByRole('heading', { name: 'A new password' }).waitFor()
    await context.close()
  })
})

describe('security', () => {
  test('a second factor: set up with a first code, asked for at sign-in, removed again', async () => {
    const { page, context, complaints } = await openPage(browser, house)
    await signUp(page, 'factor@example.com')
    await page.getByRole('link', { name: 'Account and security' }).click()
    await page.getByRole('button', { name: 'Set up a second factor' }).click()
    await page.getByRole('img', { name: 'QR code for your authenticator app' }).waitFor()
    const secret = (await page.locator('code').textContent())?.replaceAll(' ', '') ?? ''
    await page.getByLabel('Code from the app').fill('000000')
    await page.getByRole('button', { name: 'Turn it on' }).click()
    await page.getByText('This code is not valid.').waitFor()
    await page.getByLabel('Code from the app').fill(totpAt(secret, Math.floor(Date.now() / 30_000)))
    await page.getByRole('button', { name: 'Turn it on' }).click()
    await page.getByText('Keep your recovery codes').waitFor()
    expect(await findings(page)).toEqual([])
    const [recovery = '', another = ''] = await page.getByRole('status').getByRole('listitem').allTextContents()
    await page.getByRole('button', { name: 'I have kept them' }).click()
    await page.getByText('10 recovery codes are left').waitFor()

    await page.goto('/account')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await signIn(page, 'factor@example.com', password)
    await page.getByText('Your account asks for a code as well.').waitFor()
    expect(await findings(page)).toEqual([])
    await page.getByLabel('Code from your authenticator').fill(recovery)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('link', { name: 'Account and security' }).click()
    await page.getByText('9 recovery codes are left').waitFor()
    await page.getByRole('button', { name: 'Remove the second factor' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Code from the app').fill(another)
    await dialog.getByRole('button', { name: 'Remove the second factor' }).click()
    await page.getByRole('button', { name: 'Set up a second factor' }).waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })

  test('another browser is signed out from here; a new password signs out all others', async () => {
    const here = await openPage(browser, house)
    await signUp(here.page, 'sessions@example.com')
    const there = await openPage(browser, house)
    await signIn(there.page, 'sessions@example.com', password)
    await there.page.getByRole('heading', { name: 'Upcoming' }).waitFor()
    await here.page.goto('/account/settings')
    await here.page.getByText('This browser').waitFor()
    expect(await findings(here.page)).toEqual([])
    await here.page.getByRole('button', { name: /^Sign out Chrome on/ }).click()
    await expect.poll(() => here.page.getByRole('button', { name: /^Sign out Chrome on/ }).count()).toBe(0)
    await there.page.goto('/account/settings')
    await there.page.getByRole('button', { name: 'Sign in', exact: true }).waitFor()

    await signIn(there.page, 'sessions@example.com', password)
    await there.page.getByRole('heading', { name: 'Upcoming' }).waitFor()
    await here.page.getByLabel('Current password').fill('not this one 77')
    await here.page.getByLabel('New password').fill('balcony row seven')
    await here.page.getByRole('button', { name: 'Change password' }).click()
    await here.page.getByText('Email or password is wrong.').waitFor()
    await here.page.getByLabel('Current password').fill(password)
    await here.page.getByRole('button', { name: 'Change password' }).click()
    await here.page.getByText('Your password is changed.').waitFor()
    await there.page.goto('/account/settings')
    await there.page.getByRole('button', { name: 'Sign in', exact: true }).waitFor()
    await here.page.reload()
    await here.page.getByText('This browser').waitFor()
    await here.context.close()
    await there.context.close()
  })
})

test('all that is kept can be taken along, and the account closed for good', async () => {
  const { page, context } = await openPage(browser, house)
  await signUp(page, 'leaving@example.com')
  await page.goto('/account/settings')
  await page.getByLabel('Name').fill('Ada King')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Saved.').waitFor()
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download my data' }).click()
  const stream = await (await download).createReadStream()
  const text = (await stream.toArray()).join('')
  expect(JSON.parse(text)).toMatchObject({ account: { email: 'leaving@example.com', name: 'Ada King' } })
  await page.getByRole('button', { name: 'Close my account' }).click()
  expect(await findings(page)).toEqual([])
  await page.getByRole('button', { name: 'Close it for good' }).click()
  await page.getByRole('heading', { name: 'Your account is closed' }).waitFor()
  expect(await findings(page)).toEqual([])
  await signIn(page, 'leaving@example.com', password)
  await page.getByText('Email or password is wrong.').waitFor()
  await context.close()
})
