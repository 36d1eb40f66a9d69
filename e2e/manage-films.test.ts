import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { openPage } from './house.ts'
import { axeFindings, dayAhead, isSold, programmeOf, signIn } from './managing.ts'
import type { Showtime } from './managing.ts'
import { openStage } from './stage.ts'

const { house, browser } = await openStage()

describe('the door of the management', () => {
  test('lets a guest in who signs in as an administrator, at the page that was asked for', async () => {
    const { page, context } = await openPage(browser, house)
    await signIn(page, '/manage/films')
    expect(new URL(page.url()).pathname).toBe('/manage/films')
    expect(await page.getByRole('link', { name: 'Manage' }).getAttribute('aria-current')).toBe('page')
    await context.close()
  })

  test('shows a customer another way', async () => {
    const { page, context } = await openPage(browser, house)
    await page.goto('/account')
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByLabel('Name').fill('Vera Visitor')
    await page.getByLabel('Email').fill('vera@example.com')
    await page.getByLabel('Password').fill('velvet curtain 1911')
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByRole('button', { name: 'Sign out' }).waitFor()
    expect(await page.getByRole('link', { name: 'Manage' }).count()).toBe(0)
    await page.goto('/manage')
    await page.getByRole('heading', { name: 'This room is for the house' }).waitFor()
    await context.close()
  })
})

describe('films', () => {
  test('come from a file; what is there stays, and what is refused is named by its line', async () => {
    const { page, context, complaints } = await openPage(browser, house, { viewport: { width: 390, height: 844 } })
    await signIn(page, '/manage/films')
    await page.getByRole('button', { name: 'Import films' }).click()
    const dialog = page.getByRole('dialog', { name: 'Import films' })
    const lines = ['title,runtimeMinutes,year', 'The Understudies,97,', 'Night Porter,88,1999', 'Bad,90,1500', 'None,,']
    const file = { name: 'films.csv', mimeType: 'text/csv', buffer: Buffer.from(lines.join('\n')) }
    await dialog.getByLabel('Choose a file').setInputFiles(file)
    await dialog.getByText('3 films in this file').waitFor()
    await dialog.getByText('left out: 5.').waitFor()
    expect(await axeFindings(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Add them' }).click()
    await dialog.getByText('1 film added').waitFor()
    await dialog.getByText('1 was there already').waitFor()
    await dialog.getByText('Line 4, “Bad”').waitFor()
    await dialog.getByRole('button', { name: 'Done' }).click()
    await page.getByRole('link', { name: /Night Porter/ }).waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })

  test('are added with a poster that is dropped, edited, archived and brought back, deleted', async () => {
    const { page, context, complaints } = await openPage(browser, house)
    await signIn(page, '/manage/films')
    await page.getByRole('button', { name: 'Add film' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add film' })
    await dialog.getByLabel('Title', { exact: true }).fill('The Projectionist’s Cat')
    await dialog.getByLabel('Runtime in minutes').fill('95')
    const picture = await sharp({ create: { width: 400, height: 600, channels: 3, background: '#e8503a' } })
      .png()
      .toBuffer()
    const bytes = [...picture]
    const transfer = await page.evaluateHandle((numbers) => {
      const dropped = new DataTransfer()
      dropped.items.add(new File([new Uint8Array(numbers)], 'poster.png', { type: 'image/png' }))
      return dropped
    }, bytes)
    await dialog.locator('.poster-drop').dispatchEvent('drop', { dataTransfer: transfer })
    await dialog.locator('canvas').waitFor()
    expect(await axeFindings(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Add film' }).click()
    await page.getByRole('heading', { name: 'The Projectionist’s Cat' }).waitFor()
    await page.locator('.poster img[src^="/media/posters/"]').waitFor()
    expect(await axeFindings(page)).toEqual([])

    await page.getByLabel('Runtime in minutes').fill('0')
    await page.getByLabel('Runtime in minutes').evaluate((input) => input.removeAttribute('min'))
    await page.getByRole('button', { name: 'Save' }).click()
    await page.locator('[aria-invalid="true"]').waitFor()
    await page.getByLabel('Runtime in minutes').fill('96')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.locator('.toast', { hasText: 'saved' }).waitFor()
    await page.getByRole('button', { name: 'Archive' }).click()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('button', { name: 'Archive' }).waitFor()
    await page.getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page.locator('.toast', { hasText: 'deleted' }).waitFor()
    await page.getByRole('heading', { name: 'Films' }).waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })

  test('that have sold stay, and the page says why', async () => {
    const { page, context } = await openPage(browser, house)
    await signIn(page, '/manage')
    let sold: Showtime | undefined
    for (let days = 0; days < 6 && !sold; days += 1) sold = (await programmeOf(page, dayAhead(days))).find(isSold)
    await page.goto(`/manage/films/${sold?.movieId}`)
    await page.getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByText('Tickets were sold for it').waitFor()
    await context.close()
  })
})
