import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { createClient } from '../contract/client.ts'
import { endChild, startChild, within } from '../server/testing/children.ts'
import type { Answer, Call } from '../contract/client.ts'

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A running house with the demo in it, on a free port and a folder of its own. */
export interface House {
  readonly url: string
  readonly call: Call
  /** The link to `path` in the last mail to an address, as soon as there is one. */
  linkTo(path: string, email: string): Promise<string>
  close(): Promise<void>
}

export async function openHouse(settings: Readonly<Record<string, string>> = {}): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), 'matinee-e2e-'))
  const database = await makeDatabase(folder)
  const entry = join(import.meta.dirname, '..', 'server', 'main.ts')
  const server = startChild(process.execPath, [entry, 'serve', '--port', '0'], {
    // On PostgreSQL mails and posters lie below the folder that it runs in.
    cwd: folder,
    env: {
      ...process.env,
      NODE_ENV: 'development',
      DATABASE_URL: database.url,
      LOG_LEVEL: 'info',
      RATE_LIMIT: 'off',
      MAX_HOLDS_PER_CLIENT: '0',
      // A PostgreSQL for tests may forget with the power.
      ALLOW_FORGETFUL_DATABASE: 'on',
      ...settings,
    },
  })
  const opened = Promise.withResolvers<string>()
  server.on('exit', (code) => opened.reject(new Error(`the server ended with ${code}`)))
  if (server.stdout) {
    createInterface(server.stdout).on('line', (line) => {
      const found = /"url":"([^"]+)"/.exec(line)?.[1]
      if (found !== undefined) opened.resolve(found)
    })
  }
  const close = async () => {
    await endChild(server, 'SIGTERM', 20_000)
    await database.drop()
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  }
  const url = await within(60_000, 'The start of a house', opened.promise).catch(async (error: unknown) => {
    await close()
    throw error
  })
  return {
    url,
    call: createClient(url),
    linkTo: (path, email) => linkIn(join(folder, 'data', 'mail'), path, email),
    close,
  }
}

/** A file in the folder, or a database of its own in the PostgreSQL that `E2E_DATABASE_URL` names. */
async function makeDatabase(folder: string): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const server = process.env['E2E_DATABASE_URL']
  if (server === undefined) return { url: `sqlite:${join(folder, 'data', 'matinee.db')}`, drop: async () => undefined }
  const administer = async (statement: string) => {
    const client = new pg.Client({ connectionString: server })
    await client.connect()
    try {
      await client.query(statement)
    } finally {
      await client.end()
    }
  }
  const name = `matinee_e2e_${crypto.randomUUID().replaceAll('-', '')}`
  await administer(`CREATE DATABASE ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) }
}

const mailPatienceMs = 15_000

/** Without SMTP the house leaves its mails in a folder, a file each, of which the newest counts. */
async function linkIn(folder: string, path: string, email: string): Promise<string> {
  const end = Date.now() + mailPatienceMs
  while (Date.now() < end) {
    for (const name of mailsIn(folder)) {
      // Quoted-printable: `=3D` is an equals sign, one at the end of a line goes on in the next.
      const text = readFileSync(join(folder, name), 'utf8')
        .replaceAll(/=\r?\n/g, '')
        .replaceAll('=3D', '=')
      const link = new RegExp(`https?://[^/\\s"]+(${path}\\?[^\\s"<>]+)`).exec(text)?.[1]
      if (link !== undefined && text.includes(email)) return link
    }
    await setTimeout(100)
  }
  throw new Error(`no mail with a link to ${path} for ${email}`)
}

/** The newest first. */
function mailsIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('.eml'))
    .toSorted((one, other) => statSync(join(folder, other)).mtimeMs - statSync(join(folder, one)).mtimeMs)
}

export async function openBrowser(more: readonly string[] = []): Promise<Browser> {
  return await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [...quiet, ...more],
  })
}

/** What went wrong on a page that nobody would see: errors in its console, answers of the policy. */
export async function openPage(browser: Browser, house: House, options: BrowserContextOptions = {}) {
  const context = await browser.newContext({
    baseURL: house.url,
    locale: 'en-GB',
    reducedMotion: 'reduce',
    viewport: { width: 1280, height: 900 },
    ...options,
  })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    // A refusal shows as a failed request; it is judged by what the page then says.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
      complaints.push(message.text())
    }
  })
  return { context, page, complaints }
}

type Showtime = Answer<'listShowtimes'>['data'][number]

/** A showtime of the demo with numbered seats, tomorrow or later so that it can be cancelled. */
export async function someShowtime(
  house: House,
  fits: (showtime: Showtime) => boolean = () => true,
): Promise<Showtime> {
  const { data } = await house.call('listShowtimes', { query: { limit: 100 } })
  const inTwelveHours = Date.now() + 12 * 3_600_000
  const found = data.find(
    (showtime) => showtime.seating === 'reserved' && Date.parse(showtime.startsAt) > inTwelveHours && fits(showtime),
  )
  if (!found) throw new Error('the demo has no such showtime')
  return found
}

/** From the seat map to a checkout that is filled in, as a guest. */
export async function chooseSeats(page: Page, showtimeId: string): Promise<void> {
  await page.goto(`/showtimes/${showtimeId}`)
  await page.getByRole('button', { name: 'Find best seats' }).click()
  await page.locator('[data-seat][aria-pressed="true"]').first().waitFor()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByLabel('Email').fill('guest@example.com')
  await page.getByLabel('Name').fill('Grace Guest')
}

/** From the seat map to the bank, as a guest. */
export async function chooseAndGo(page: Page, showtimeId: string): Promise<void> {
  await chooseSeats(page, showtimeId)
  await page.getByRole('button', { name: 'Pay' }).click()
  await page.getByRole('heading', { name: 'Test payment' }).waitFor()
}
