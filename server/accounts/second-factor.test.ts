import { expect, it } from 'vitest'
import {
  changePassword,
  confirmSecondFactor,
  deleteSecondFactor,
  forgotPassword,
  getSecondFactor,
  resetPassword,
  startSecondFactor,
} from '../../contract/account-security.ts'
import { exportMe, getMe, login, refresh } from '../../contract/accounts.ts'
import { listUsers, promoteUser, updateUser } from '../../contract/users.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import type { TestApp } from '../testing/harness.ts'
import { mailedToken, waitingMails } from '../testing/mail.ts'
import { signIn, testPassword } from '../testing/sign-in.ts'
import type { SignedIn } from '../testing/sign-in.ts'
import { totpAt } from './totp.ts'

const stepMs = 30_000
const codeNow = (test: TestApp, secret: string) => totpAt(secret, Math.floor(test.clock.now() / stepMs))

/** Turns the factor on; the code of this step is used up then. */
async function turnOn(test: TestApp, person: SignedIn) {
  const { secret } = (await test.call(startSecondFactor, { body: {} }, person)).body
  const { recoveryCodes } = (await test.call(confirmSecondFactor, { body: { code: codeNow(test, secret) } }, person))
    .body
  return { secret, recoveryCodes }
}

onBothEngines('a second factor', (engine) => {
  it('asks for nothing before a first code has confirmed it', async () => {
    const test = await startApp(engine)
    const ada = await signIn(test)
    const tooEarly = await test.call(confirmSecondFactor, { body: { code: '123456' } }, ada)
    expect(tooEarly.problem).toMatchObject({ status: 409, code: 'second_factor_not_started' })
    const { secret, otpauthUrl } = (await test.call(startSecondFactor, { body: {} }, ada)).body
    expect(new URL(otpauthUrl).searchParams.get('secret')).toBe(secret)
    expect((await test.call(login, { body: { email: ada.email, password: testPassword } })).status).toBe(200)
    const wrong = await test.call(confirmSecondFactor, { body: { code: '000000' } }, ada)
    expect(wrong.problem).toMatchObject({ status: 400, code: 'invalid_code' })
    expect((await test.call(getSecondFactor, {}, ada)).body).toEqual({
      active: false,
      required: false,
      recoveryCodesLeft: 0,
    })
    const rows = JSON.stringify(await test.database.read.selectFrom('users').selectAll().execute())
    expect(rows).not.toContain(secret)
  })

  it('is not started by a session that was left open, but with the password', async () => {
    const test = await startApp(engine)
    const ada = await signIn(test)
    test.clock.advance(5 * 60_000)
    const start = async (body: { currentPassword?: string }) => await test.call(startSecondFactor, { body }, ada)
    const without = await start({})
    expect(without.problem).toMatchObject({ code: 'validation_failed', errors: [{ path: '/currentPassword' }] })
    expect((await start({ currentPassword: 'wrong password' })).problem.code).toBe('invalid_credentials')
    const code = { code: '123456' }
    expect((await test.call(confirmSecondFactor, { body: code }, ada)).problem.code).toBe('second_factor_not_started')
    const { secret } = (await start({ currentPassword: testPassword })).body
    const confirmed = await test.call(confirmSecondFactor, { body: { code: codeNow(test, secret) } }, ada)
    expect(confirmed.body.recoveryCodes).toHaveLength(10)
  })

  it('has wrong passwords counted when it is started: they are nobody’s way to guess', async () => {
    const test = await startApp(engine, { environment: { RATE_LIMIT: 'on' } })
    const ada = await signIn(test)
    const start = async (currentPassword: string) =>
      (await test.call(startSecondFactor, { body: { currentPassword } }, ada)).status
    for (let tries = 0; tries < 10; tries += 1) expect(await start(`wrong password ${tries}`)).toBe(401)
    expect(await start(testPassword)).toBe(429)
  })

  it('is asked for at every sign-in, each code once', async () => {
    const test = await startApp(engine)
    const ada = await signIn(test)
    const { secret } = await turnOn(test, ada)
    const enter = (code?: string) => test.call(login, { body: { email: ada.email, password: testPassword, code } })
    expect((await enter()).problem).toMatchObject({ status: 401, code: 'second_factor_required' })
    const withoutPassword = await test.call(login, { body: { email: ada.email, password: 'wrong password' } })
    expect(withoutPassword.problem.code).toBe('invalid_credentials')
    expect((await enter(codeNow(test, secret))).problem).toMatchObject({ status: 401, code: 'invalid_credentials' })
    test.clock.advance(stepMs)
    const code = codeNow(test, secret)
    expect((await enter(code)).status).toBe(200)
    expect((await enter(code)).problem.code).toBe('invalid_credentials')
    expect((await test.call(getMe, {}, ada)).status).toBe(200)
    expect((await waitingMails(test)).map(({ kind }) => kind)).toEqual(['mail.second-factor-on'])
  })

  it('has recovery codes for a lost telephone, each once', async () => {
    const test = await startApp(engine)
    const ada = await signIn(test)
    const { recoveryCodes } = await turnOn(test, ada)
    expect(recoveryCodes).toHaveLength(10)
    const enter = async (code: string) =>
      (await test.call(login, { body: { email: ada.email, password: testPassword, code } })).status
    expect(await enter(recoveryCodes[0]?.toLowerCase() ?? '')).toBe(200)
    expect(await enter(recoveryCodes[0] ?? '')).toBe(401)
    expect(await enter(recoveryCodes[1]?.replaceAll('-', '') ?? '')).toBe(200)
    expect((await test.call(getSecondFactor, {}, ada)).body).toMatchObject({ active: true, recoveryCodesLeft: 8 })
    expect((await test.call(exportMe, {}, ada)).body.account.secondFactor).toBe(true)
    const rows = JSON.stringify(await test.database.read.selectFrom('recoveryCodes').selectAll().execute())
    for (const code of recoveryCodes) expect(rows).not.toContain(code.replaceAll('-', ''))
  })

  it('is turned off by its owner, and can then be started anew', async () => {
    const test = await startApp(engine)
    const ada = await signIn(test)
    const first = await turnOn(test, ada)
    expect((await test.call(startSecondFactor, { body: {} }, ada)).problem.code).toBe('second_factor_active')
    expect((await test.call(confirmSecondFactor, { body: { code: '123456' } }, ada)).problem.code).toBe(
      'second_factor_active',
    )
    expect((await test.call(deleteSecondFactor, {}, ada)).status).toBe(204)
    expect((await test.call(deleteSecondFactor, {}, ada)).status).toBe(204)
    expect((await test.call(login, { body: { email: ada.email, password: testPassword } })).status).toBe(200)
    expect((await waitingMails(test)).map(({ kind }) => kind)).toEqual([
      'mail.second-factor-on',
      'mail.second-factor-off',
    ])
    expect((await turnOn(test, ada)).secret).not.toBe(first.secret)
  })

  it('is not turned off by whoever has the session alone: it asks for a code', async () => {
    const test = await startApp(engine)
    const ada = await signIn(test)
    const { secret, recoveryCodes } = await turnOn(test, ada)
    test.clock.advance(6 * 60_000)
    const remove = (code?: string, token = ada.token) =>
      test.call(deleteSecondFactor, { body: code === undefined ? undefined : { code } }, { token })
    expect((await remove()).problem).toMatchObject({ status: 401, code: 'second_factor_required' })
    expect((await remove('000000')).problem).toMatchObject({ status: 400, code: 'invalid_code' })
    expect((await test.call(getSecondFactor, {}, ada)).body.active).toBe(true)
    const { token } = await signIn(test)
    expect((await remove(codeNow(test, secret), token)).status).toBe(204)
    expect((await test.call(getSecondFactor, {}, ada)).body.active).toBe(true)
    expect((await remove(recoveryCodes[0])).status).toBe(204)
    expect((await test.call(getSecondFactor, {}, ada)).body.active).toBe(false)
  })

  it('is turned off without another code by who has just signed in with one', async () => {
    const test = await startApp(engine)
    const ada = await signIn(test)
    const { secret } = await turnOn(test, ada)
    test.clock.advance(6 * 60_000)
    const body = { email: ada.email, password: testPassword, code: codeNow(test, secret) }
    const entered = (await test.call(login, { body })).raw.json()
    expect((await test.call(deleteSecondFactor, {}, ada)).status).toBe(401)
    expect((await test.call(deleteSecondFactor, {}, { token: entered.accessToken })).status).toBe(204)
  })

  it('cannot be guessed away: ten wrong codes, and it waits', async () => {
    const test = await startApp(engine, { environment: { RATE_LIMIT: 'on' } })
    const ada = await signIn(test)
    await turnOn(test, ada)
    test.clock.advance(6 * 60_000)
    const remove = async (code: string) => (await test.call(deleteSecondFactor, { body: { code } }, ada)).status
    for (let index = 0; index < 10; index += 1) expect(await remove(`00000${index}`)).toBe(400)
    expect(await remove('000011')).toBe(429)
  })

  it('is not got around by a new password', async () => {
    const test = await startApp(engine)
    const ada = await signIn(test)
    await turnOn(test, ada)
    await test.call(forgotPassword, { body: { email: ada.email } })
    const token = await mailedToken(test, 'mail.reset-password', ada.email)
    await test.call(resetPassword, { body: { token, newPassword: 'a seat in row F' } })
    const entered = await test.call(login, { body: { email: ada.email, password: 'a seat in row F' } })
    expect(entered.problem.code).toBe('second_factor_required')
  })

  it('cannot be guessed: ten wrong codes, from wherever, and the account waits', async () => {
    const test = await startApp(engine, { environment: { RATE_LIMIT: 'on', TRUST_PROXY: 'loopback' } })
    const ada = await signIn(test)
    const { secret } = await turnOn(test, ada)
    test.clock.advance(stepMs)
    const enter = (code: string, address: string) =>
      test.call(
        login,
        { body: { email: ada.email, password: testPassword, code } },
        { headers: { 'x-forwarded-for': address } },
      )
    for (let tries = 0; tries < 10; tries += 1) {
      expect((await enter('000000', `192.0.2.${tries}`)).problem.code).toBe('invalid_credentials')
    }
    const refused = await enter(codeNow(test, secret), '192.0.2.99')
    expect(refused.problem).toMatchObject({ status: 429, code: 'rate_limited' })
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    test.clock.advance(90_000)
    expect((await enter(codeNow(test, secret), '192.0.2.99')).status).toBe(200)
  })
})

onBothEngines('a house that demands a second factor', (engine) => {
  const required = { environment: { SECOND_FACTOR: 'required' } }

  it('lets its people act only once they have one, and no longer when it is gone', async () => {
    const test = await startApp(engine, required)
    const admin = await signIn(test, 'admin')
    expect((await test.call(listUsers, {}, admin)).problem).toMatchObject({ status: 403, code: 'forbidden' })
    expect((await test.call(getSecondFactor, {}, admin)).body).toMatchObject({ active: false, required: true })
    await turnOn(test, admin)
    expect((await test.call(listUsers, {}, admin)).status).toBe(200)
    const { body } = await test.call(refresh, { body: { refreshToken: admin.refreshToken } })
    expect((await test.call(listUsers, {}, { token: body.accessToken })).status).toBe(200)
    await test.call(deleteSecondFactor, {}, admin)
    expect((await test.call(listUsers, {}, { token: body.accessToken })).problem.status).toBe(403)
    expect((await test.call(getMe, {}, admin)).body.role).toBe('admin')
  })

  it('asks nothing of customers, and does not raise anybody around it', async () => {
    const test = await startApp(engine, required)
    const ada = await signIn(test)
    expect((await test.call(getSecondFactor, {}, ada)).body.required).toBe(false)
    const admin = await signIn(test, 'admin')
    await turnOn(test, admin)
    await test.call(promoteUser, { params: { id: ada.userId } }, admin)
    expect((await test.call(listUsers, {}, ada)).problem.status).toBe(403)
    await turnOn(test, ada)
    expect((await test.call(listUsers, {}, ada)).status).toBe(200)
    await test.call(updateUser, { params: { id: ada.userId }, body: { role: 'customer' } }, admin)
    expect((await test.call(listUsers, {}, ada)).problem.status).toBe(401)
  })

  it('keeps to it after a change of password', async () => {
    const test = await startApp(engine, required)
    const admin = await signIn(test, 'admin')
    const { body } = await test.call(
      changePassword,
      { body: { currentPassword: testPassword, newPassword: 'a seat in row F' } },
      admin,
    )
    if (body.tokenType !== 'Bearer') throw new Error('a token was asked for')
    expect((await test.call(listUsers, {}, { token: body.accessToken })).problem.status).toBe(403)
  })
})
