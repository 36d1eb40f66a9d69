import { expect, it } from 'vitest'
import { placeHold } from '../../contract/holds.ts'
import { changePassword, listSessions } from '../../contract/account-security.ts'
import { getMe, login, logout, register, updateMe } from '../../contract/accounts.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import type { TestApp } from '../testing/harness.ts'
import { makeShowtime } from '../testing/showtimes.ts'
import { signIn, testPassword } from '../testing/sign-in.ts'

const minute = 60_000
const hour = 60 * minute
const here = { host: 'tickets.example', origin: 'https://tickets.example' }

/** Signs in as the web app does; answers the headers that its later requests carry. */
async function enter(test: TestApp, email: string) {
  const answer = await test.call(
    login,
    { body: { email, password: testPassword, session: 'cookie' } },
    { headers: here },
  )
  const [cookie = ''] = String(answer.headers['set-cookie']).split(';')
  return { answer, cookie, as: { headers: { ...here, cookie } } }
}

onBothEngines('a session by cookie', (engine) => {
  it('keeps its secret from scripts and from other sites', async () => {
    const test = await startApp(engine)
    const ada = await signIn(test)
    const { answer, as } = await enter(test, ada.email)
    expect(answer.body).toEqual({
      user: expect.objectContaining({ id: ada.userId }),
      expiresIn: 30 * 24 * 3600,
      tokenType: 'Cookie',
    })
    const set = String(answer.headers['set-cookie'])
    expect(set).toMatch(/^matinee_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=2592000$/)
    expect((await test.call(getMe, {}, as)).body.id).toBe(ada.userId)
    expect((await test.call(listSessions, {}, as)).body.data[0]).toMatchObject({ kind: 'cookie', current: true })
    const rows = JSON.stringify(await test.database.read.selectFrom('sessions').selectAll().execute())
    expect(rows).not.toContain(/=([\w-]{43})/.exec(set)?.[1])
  })

  it('ends when the same browser signs in again, and has another secret after a new password', async () => {
    const test = await startApp(engine)
    const [ada, eve] = [await signIn(test), await signIn(test)]
    const first = await enter(test, ada.email)
    const body = { email: eve.email, password: testPassword, session: 'cookie' } as const
    const again = await test.call(login, { body }, first.as)
    expect((await test.call(getMe, {}, first.as)).status).toBe(401)
    const [cookie = ''] = String(again.headers['set-cookie']).split(';')
    const second = { headers: { ...here, cookie } }
    const change = { currentPassword: testPassword, newPassword: 'a seat in row G' }
    const changed = await test.call(changePassword, { body: change }, second)
    expect((await test.call(getMe, {}, second)).status).toBe(401)
    const [renewed = ''] = String(changed.headers['set-cookie']).split(';')
    expect((await test.call(getMe, {}, { headers: { ...here, cookie: renewed } })).body.id).toBe(eve.userId)
    // A program with a token of its own that asks for a cookie loses nothing.
    await test.call(login, { body: { ...body, email: ada.email } }, ada)
    expect((await test.call(getMe, {}, ada)).status).toBe(200)
  })

  it('begins with registration, too', async () => {
    const test = await startApp(engine)
    const registered = await test.call(register, {
      body: { email: 'ada@example.com', password: testPassword, name: 'Ada', session: 'cookie' },
    })
    const [cookie = ''] = String(registered.headers['set-cookie']).split(';')
    expect((await test.call(getMe, {}, { headers: { cookie } })).body.email).toBe('ada@example.com')
  })

  it('is bound to the host and to https in production and behind an https address', async () => {
    const productions: Record<string, string>[] = [
      { NODE_ENV: 'production', SECRET: 'a secret of production that is long enough' },
      { PUBLIC_URL: 'https://tickets.example' },
    ]
    for (const environment of productions) {
      const test = await startApp(engine, { environment })
      const { answer, cookie, as } = await enter(test, (await signIn(test)).email)
      expect(String(answer.headers['set-cookie'])).toMatch(
        /^__Host-matinee_session=.*; Path=\/; HttpOnly; SameSite=Lax; .*; Secure$/,
      )
      expect((await test.call(getMe, {}, as)).status).toBe(200)
      const renamed = cookie.replace('__Host-', '')
      expect((await test.call(getMe, {}, { headers: { cookie: renamed } })).status).toBe(401)
    }
  })

  it('of a guest is bound in the same way, and one that a neighbouring host has set counts for nothing', async () => {
    const test = await startApp(engine, { environment: { PUBLIC_URL: 'https://tickets.example' } })
    const { showtimeId } = await makeShowtime(test)
    const hold = async (seat: string, headers: Record<string, string> = {}) => {
      const body = { seats: [seat] }
      const { headers: answered } = await test.call(placeHold, { params: { id: showtimeId }, body }, { headers })
      return answered['set-cookie'] === undefined ? null : String(answered['set-cookie'])
    }
    const set = await hold('A1')
    expect(set).toMatch(/^__Host-matinee_guest=.*; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
    const cookie = set?.split(';')[0] ?? ''
    expect(await hold('A2', { cookie })).toBeNull()
    expect(await hold('A3', { cookie: cookie.replace('__Host-', '') })).not.toBeNull()
  })

  it('changes nothing for a page of another site', async () => {
    const test = await startApp(engine)
    const { as, cookie } = await enter(test, (await signIn(test)).email)
    const change = (headers: Record<string, string>) =>
      test.call(updateMe, { body: { name: 'Mallory' } }, { headers: { host: here.host, cookie, ...headers } })
    for (const origin of [undefined, 'null', 'https://evil.example', 'https://tickets.example.evil', 'not a url']) {
      const refused = await change(origin === undefined ? {} : { origin })
      expect(refused.problem, origin).toMatchObject({ status: 403, code: 'forbidden' })
    }
    expect((await change({ origin: 'https://tickets.example:8443' })).problem.status).toBe(403)
    for (const site of ['cross-site', 'same-site', 'none', '']) {
      const refused = await change({ origin: here.origin, 'sec-fetch-site': site })
      expect(refused.problem.status, site).toBe(403)
    }
    expect((await test.call(getMe, {}, as)).body.name).not.toBe('Mallory')
    expect((await change({ origin: here.origin })).body.name).toBe('Mallory')
    const known = { origin: here.origin, 'sec-fetch-site': 'same-origin' }
    expect((await change(known)).body.name).toBe('Mallory')
  })

  it('is taken from the public address also when a proxy calls the server by another name', async () => {
    const test = await startApp(engine, { environment: { PUBLIC_URL: 'https://tickets.example' } })
    const { as } = await enter(test, (await signIn(test)).email)
    const inside = { headers: { ...as.headers, host: '10.0.0.7:8000' } }
    expect((await test.call(updateMe, { body: { name: 'Ada' } }, inside)).status).toBe(200)
  })

  it('cannot be begun by a page of another site', async () => {
    const test = await startApp(engine)
    const ada = await signIn(test)
    const foreign = await test.call(
      login,
      { body: { email: ada.email, password: testPassword, session: 'cookie' } },
      { headers: { host: here.host, origin: 'https://evil.example' } },
    )
    expect(foreign.problem).toMatchObject({ status: 403, code: 'forbidden' })
    expect(foreign.headers['set-cookie']).toBeUndefined()
  })

  it('ends with sign-out, which takes the cookie back', async () => {
    const test = await startApp(engine)
    const { as } = await enter(test, (await signIn(test)).email)
    const left = await test.call(logout, {}, as)
    expect(left.status).toBe(204)
    expect(String(left.headers['set-cookie'])).toContain('Max-Age=0')
    expect((await test.call(getMe, {}, as)).problem.status).toBe(401)
  })

  it('goes on with another cookie after a change of password, and all others end', async () => {
    const test = await startApp(engine)
    const ada = await signIn(test)
    const first = await enter(test, ada.email)
    const second = await enter(test, ada.email)
    const changed = await test.call(
      changePassword,
      { body: { currentPassword: testPassword, newPassword: 'a seat in row F' } },
      first.as,
    )
    expect(changed.body.tokenType).toBe('Cookie')
    const [cookie = ''] = String(changed.headers['set-cookie']).split(';')
    expect((await test.call(getMe, {}, { headers: { ...here, cookie } })).status).toBe(200)
    expect((await test.call(getMe, {}, first.as)).status).toBe(401)
    expect((await test.call(getMe, {}, second.as)).status).toBe(401)
    expect((await test.call(getMe, {}, ada)).status).toBe(401)
  })

  it('makes a guest of whoever shows one that has ended, and says 401 only where an account is needed', async () => {
    const test = await startApp(engine)
    const answer = await test.call(
      login,
      { body: { email: 'nobody@example.com', password: testPassword } },
      { headers: { ...here, cookie: 'matinee_session=nonsense' } },
    )
    expect(answer.problem.code).toBe('invalid_credentials')
    expect((await test.call(getMe, {}, { headers: { cookie: 'matinee_session=nonsense' } })).problem.status).toBe(401)
  })

  it('lapses after twelve idle hours, half an hour for the people of the house', async () => {
    const test = await startApp(engine)
    const customer = await enter(test, (await signIn(test)).email)
    const staff = await enter(test, (await signIn(test, 'staff')).email)
    const alive = async (session: typeof staff) => (await test.call(getMe, {}, session.as)).status === 200
    for (let passed = 0; passed < 3; passed += 1) {
      test.clock.advance(29 * minute)
      expect(await alive(staff)).toBe(true)
      // The use is noted in passing: wait for it.
      await expect
        .poll(async () => {
          const rows = await test.database.read.selectFrom('sessions').select('lastUsedAt').execute()
          return Math.max(...rows.map(({ lastUsedAt }) => lastUsedAt))
        })
        .toBe(test.clock.now())
    }
    test.clock.advance(31 * minute)
    expect(await alive(staff)).toBe(false)
    expect(await alive(customer)).toBe(true)
    test.clock.advance(13 * hour)
    expect(await alive(customer)).toBe(false)
  })

  it('ends after twelve hours at work, however busy', async () => {
    const test = await startApp(engine)
    const staff = await enter(test, (await signIn(test, 'staff')).email)
    expect(staff.answer.body.expiresIn).toBe(12 * 3600)
    for (let passed = 0; passed < 25; passed += 1) {
      test.clock.advance(29 * minute)
      const { status } = await test.call(getMe, {}, staff.as)
      expect(status, `after ${(passed + 1) * 29} minutes`).toBe((passed + 1) * 29 < 12 * 60 ? 200 : 401)
      await test.database.write(async (tx) => {
        await tx.query.updateTable('sessions').set({ lastUsedAt: tx.nowMs }).execute()
      })
    }
  })
})
