import { expect, test } from 'vitest'
import { login } from '../../contract/accounts.ts'
import { parseConfig } from '../config.ts'
import { createLog } from '../platform/log.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import type { TestApp } from '../testing/harness.ts'
import { fillAtStart } from './first-start.ts'

const secret = 'a secret that only tests know, and nobody else'
const ada = { ADMIN_EMAIL: 'ada@example.com', ADMIN_PASSWORD: 'velvet curtain 1911' }

async function start(house: TestApp, variables: Readonly<Record<string, string>>): Promise<string | null> {
  const config = parseConfig({ SECRET: secret, DATABASE_URL: 'sqlite::memory:', ...variables })
  return await fillAtStart(config, house.database, house.clock, createLog('silent'))
}

async function emails(house: TestApp): Promise<string[]> {
  const users = await house.database.read.selectFrom('users').select('email').orderBy('email').execute()
  return users.map(({ email }) => email)
}

onBothEngines('a start', (engine) => {
  test('loads the demo into an empty database, and never in production or with SEED_DEMO=off', async () => {
    const house = await startApp(engine)
    expect(await start(house, { SEED_DEMO: 'off' })).toBeNull()
    expect(await start(house, { NODE_ENV: 'production' })).toBeNull()
    expect(await start(house, { NODE_ENV: 'production', SEED_DEMO: 'on' })).toBeNull()
    expect(await emails(house)).toEqual([])
    expect(await start(house, {})).toBeNull()
    expect(await emails(house)).toContain('admin@example.com')
  })

  test('leaves a database of somebody’s own alone', async () => {
    const house = await startApp(engine)
    await start(house, { NODE_ENV: 'production', ...ada })
    expect(await start(house, {})).toBeNull()
    expect(await emails(house)).toEqual(['ada@example.com'])
  })

  test('makes the first administrator from ADMIN_EMAIL, once, beside the demo too', async () => {
    const house = await startApp(engine)
    expect(await start(house, ada)).toBeNull()
    expect(await start(house, ada)).toBeNull()
    expect(await start(house, { ...ada, ADMIN_EMAIL: 'eve@example.com' })).toBeNull()
    expect(await emails(house)).toContain('ada@example.com')
    expect(await emails(house)).not.toContain('eve@example.com')
    const { body } = await house.call(login, { body: { email: 'ada@example.com', password: ada.ADMIN_PASSWORD } })
    expect(body.user.role).toBe('admin')
  })

  test('does not go on with a password that is easy to guess, and says so without it', async () => {
    const house = await startApp(engine)
    const reason = await start(house, { SEED_DEMO: 'off', ...ada, ADMIN_PASSWORD: 'password1' })
    expect(reason).toMatch(/^ADMIN_EMAIL and ADMIN_PASSWORD: /)
    expect(reason).not.toContain('password1')
    expect(await emails(house)).toEqual([])
  })
})
