import { hashSync } from 'bcryptjs'
import { expect, it } from 'vitest'
import { changePassword, forgotPassword, resetPassword } from '../../contract/account-security.ts'
import { getMe, login, refresh, register, resendVerification, verifyEmail } from '../../contract/accounts.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import type { TestApp } from '../testing/harness.ts'
import { mailedToken, waitingMails } from '../testing/mail.ts'
import { signIn, testPassword } from '../testing/sign-in.ts'

const better = 'a seat in row F'
const mayLogIn = async (test: TestApp, email: string, password: string) =>
  (await test.call(login, { body: { email, password } })).status === 200

onBothEngines('weak passwords', (engine) => {
  it('are refused wherever one is set, and nothing is changed by them', async () => {
    const test = await startApp(engine)
    const ada = await signIn(test)
    await test.call(forgotPassword, { body: { email: ada.email } })
    const token = await mailedToken(test, 'mail.reset-password', ada.email)
    for (const password of ['short', 'password123', '12345678', '', ada.email]) {
      const attempts = [
        await test.call(register, { body: { email: ada.email.replace('@', '+new@'), name: 'Ada', password } }),
        await test.call(changePassword, { body: { currentPassword: testPassword, newPassword: password } }, ada),
        await test.call(resetPassword, { body: { token, newPassword: password } }),
      ]
      for (const { problem } of attempts.slice(password === ada.email ? 1 : 0)) {
        expect(problem, password).toMatchObject({ status: 400, code: 'weak_password' })
      }
    }
    expect(await mayLogIn(test, ada.email, testPassword)).toBe(true)
    expect((await test.call(resetPassword, { body: { token, newPassword: better } })).status).toBe(204)
  })

  it('include the very long, which are the wrong shape', async () => {
    const test = await startApp(engine)
    const person = { email: 'ada@example.com', name: 'Ada' }
    for (const password of ['x1'.repeat(129), 'é'.repeat(129)]) {
      const registered = await test.call(register, { body: { ...person, password } })
      expect(registered.problem).toMatchObject({ status: 400, code: 'validation_failed' })
      const entered = await test.call(login, { body: { email: person.email, password } })
      expect(entered.problem).toMatchObject({ status: 400, code: 'validation_failed' })
    }
    expect((await test.call(register, { body: { ...person, password: 'x1'.repeat(128) } })).status).toBe(201)
    expect((await test.call(login, { body: { email: person.email, password: 'x'.repeat(70_000) } })).status).toBe(413)
  })
})

onBothEngines('changing the password', (engine) => {
  it('ends every other session and every token from before, and goes on with new ones', async () => {
    const test = await startApp(engine)
    const ada = await signIn(test)
    const elsewhere = await test.call(login, { body: { email: ada.email, password: testPassword } })
    const { body } = await test.call(
      changePassword,
      { body: { currentPassword: testPassword, newPassword: better } },
      ada,
    )
    if (body.tokenType !== 'Bearer' || elsewhere.body.tokenType !== 'Bearer') throw new Error('tokens were asked for')
    for (const token of [ada.token, elsewhere.body.accessToken]) {
      expect((await test.call(getMe, {}, { token })).problem.code).toBe('unauthenticated')
    }
    for (const refreshToken of [ada.refreshToken, elsewhere.body.refreshToken]) {
      expect((await test.call(refresh, { body: { refreshToken } })).status).toBe(401)
    }
    expect((await test.call(getMe, {}, { token: body.accessToken })).status).toBe(200)
    expect((await test.call(refresh, { body: { refreshToken: body.refreshToken } })).status).toBe(200)
    expect(await mayLogIn(test, ada.email, testPassword)).toBe(false)
    expect(await mayLogIn(test, ada.email, better)).toBe(true)
    expect((await waitingMails(test)).map(({ kind }) => kind)).toContain('mail.password-changed')
  })

  it('asks for the current one', async () => {
    const test = await startApp(engine)
    const ada = await signIn(test)
    const wrong = await test.call(changePassword, { body: { currentPassword: better, newPassword: better } }, ada)
    expect(wrong.problem).toMatchObject({ status: 401, code: 'invalid_credentials' })
    expect((await test.call(getMe, {}, ada)).status).toBe(200)
  })
})

onBothEngines('a forgotten password', (engine) => {
  it('is replaced by the link in a mail, once', async () => {
    const test = await startApp(engine)
    const ada = await signIn(test, 'customer', { emailVerified: false })
    expect((await test.call(forgotPassword, { body: { email: ada.email.toUpperCase() } })).status).toBe(202)
    const token = await mailedToken(test, 'mail.reset-password', ada.email)
    expect((await test.call(resetPassword, { body: { token, newPassword: better } })).status).toBe(204)
    expect((await test.call(resetPassword, { body: { token, newPassword: better } })).problem).toMatchObject({
      status: 410,
      code: 'token_used',
    })
    expect((await test.call(getMe, {}, ada)).problem.code).toBe('unauthenticated')
    expect((await test.call(refresh, { body: { refreshToken: ada.refreshToken } })).status).toBe(401)
    expect(await mayLogIn(test, ada.email, testPassword)).toBe(false)
    const entered = await test.call(login, { body: { email: ada.email, password: better } })
    expect(entered.body.user.emailVerified).toBe(true)
  })

  it('tells nobody whether there is such an account', async () => {
    const test = await startApp(engine)
    const known = await signIn(test)
    const answers = []
    for (const email of [known.email, 'nobody@example.com']) {
      const { status, raw, headers } = await test.call(forgotPassword, { body: { email } })
      answers.push([status, raw.body, headers['content-length'], headers['retry-after']])
    }
    expect(answers[0]).toEqual(answers[1])
    expect((await waitingMails(test)).map(({ payload }) => payload['email'])).toEqual([known.email])
  })

  it('is mailed about three times an hour at most, without saying so', async () => {
    const test = await startApp(engine)
    const ada = await signIn(test)
    for (let tries = 0; tries < 6; tries += 1) {
      expect((await test.call(forgotPassword, { body: { email: ada.email } })).status).toBe(202)
    }
    expect(await waitingMails(test)).toHaveLength(3)
    test.clock.advance(20 * 60_000)
    await test.call(forgotPassword, { body: { email: ada.email } })
    expect(await waitingMails(test)).toHaveLength(4)
  })

  it('has links that lapse after thirty minutes, and that are worth nothing once one of them was used', async () => {
    const test = await startApp(engine)
    const ada = await signIn(test)
    await test.call(forgotPassword, { body: { email: ada.email } })
    const late = await mailedToken(test, 'mail.reset-password', ada.email)
    test.clock.advance(30 * 60_000)
    expect((await test.call(resetPassword, { body: { token: late, newPassword: better } })).problem.code).toBe(
      'token_used',
    )
    await test.call(forgotPassword, { body: { email: ada.email } })
    const first = await mailedToken(test, 'mail.reset-password', ada.email)
    await test.call(forgotPassword, { body: { email: ada.email } })
    const second = await mailedToken(test, 'mail.reset-password', ada.email)
    test.clock.advance(30 * 60_000 - 1)
    expect((await test.call(resetPassword, { body: { token: second, newPassword: better } })).status).toBe(204)
    expect((await test.call(resetPassword, { body: { token: first, newPassword: better } })).problem.code).toBe(
      'token_used',
    )
  })

  it('cannot be replaced with another kind of link, another address, or a token made up', async () => {
    const test = await startApp(engine)
    await test.call(register, { body: { email: 'ada@example.com', password: testPassword, name: 'Ada' } })
    const verifying = await mailedToken(test, 'mail.verify-email', 'ada@example.com')
    const [id = ''] = verifying.split('.')
    for (const token of [verifying, id, `${id}.`, `${id}.AAAA`, 'x', 'mlt_x.y', '.', '💥']) {
      const answer = await test.call(resetPassword, { body: { token, newPassword: better } })
      expect(answer.problem, token).toMatchObject({ status: 410, code: 'token_used' })
    }
    await test.call(forgotPassword, { body: { email: 'ada@example.com' } })
    const token = await mailedToken(test, 'mail.reset-password', 'ada@example.com')
    await test.database.write(async (tx) => {
      await tx.query.updateTable('users').set({ emailFolded: 'new@example.com', email: 'new@example.com' }).execute()
    })
    expect((await test.call(resetPassword, { body: { token, newPassword: better } })).status).toBe(410)
  })

  it('leaves no token in the database', async () => {
    const test = await startApp(engine)
    const ada = await signIn(test)
    await test.call(forgotPassword, { body: { email: ada.email } })
    const token = await mailedToken(test, 'mail.reset-password', ada.email)
    for (const table of ['outbox', 'mailTokens'] as const) {
      const rows = JSON.stringify(await test.database.read.selectFrom(table).selectAll().execute())
      expect(rows).not.toContain(token.split('.')[1])
    }
  })
})

onBothEngines('verifying an email', (engine) => {
  it('takes the link from the mail, once, by POST alone', async () => {
    const test = await startApp(engine)
    const { body } = await test.call(register, {
      body: { email: 'ada@example.com', password: testPassword, name: 'Ada' },
    })
    if (body.tokenType !== 'Bearer') throw new Error('a token was asked for')
    const token = await mailedToken(test, 'mail.verify-email', 'ada@example.com')
    const prefetch = await test.inject({ method: 'GET', url: `/api/v1/auth/verify-email?token=${token}` })
    expect(prefetch.statusCode).toBe(405)
    expect((await test.call(verifyEmail, { body: { token } })).status).toBe(204)
    expect((await test.call(verifyEmail, { body: { token } })).problem).toMatchObject({
      status: 410,
      code: 'token_used',
    })
    expect((await test.call(getMe, {}, { token: body.accessToken })).body.emailVerified).toBe(true)
  })

  it('can be asked for again, in reason', async () => {
    const test = await startApp(engine, { environment: { RATE_LIMIT: 'on' } })
    const ada = await signIn(test, 'customer', { emailVerified: false })
    for (let tries = 0; tries < 3; tries += 1) expect((await test.call(resendVerification, {}, ada)).status).toBe(202)
    const refused = await test.call(resendVerification, {}, ada)
    expect(refused.problem).toMatchObject({ status: 429, code: 'rate_limited' })
    expect(Number(refused.headers['retry-after'])).toBe(1200)
    const token = await mailedToken(test, 'mail.verify-email', ada.email)
    expect((await test.call(verifyEmail, { body: { token } })).status).toBe(204)
    expect((await test.call(resendVerification, {}, ada)).status).toBe(202)
    expect(await waitingMails(test)).toHaveLength(3)
  })

  it('writes in the language of the browser that registered', async () => {
    const test = await startApp(engine)
    await test.call(
      register,
      { body: { email: 'ada@example.com', password: testPassword, name: 'Ada' } },
      { headers: { 'accept-language': 'nl-NL, de-CH;q=0.9, en;q=0.5' } },
    )
    expect((await waitingMails(test))[0]?.payload).toMatchObject({
      locale: 'de',
      email: 'ada@example.com',
      name: 'Ada',
    })
  })
})

onBothEngines('a password from another house', (engine) => {
  it('hashed by bcrypt opens the account and is hashed again by ours', async () => {
    const test = await startApp(engine)
    const ada = await signIn(test)
    const hashOf = async () =>
      (await test.database.read.selectFrom('users').select('passwordHash').executeTakeFirstOrThrow()).passwordHash
    await test.database.write(async (tx) => {
      await tx.query
        .updateTable('users')
        .set({ passwordHash: hashSync('imported password', 4) })
        .execute()
    })
    expect(await mayLogIn(test, ada.email, 'imported passwort')).toBe(false)
    expect(await hashOf()).toMatch(/^\$2b\$/)
    expect(await mayLogIn(test, ada.email, 'imported password')).toBe(true)
    expect(await hashOf()).toMatch(/^\$argon2id\$/)
    expect(await mayLogIn(test, ada.email, 'imported password')).toBe(true)
  })
})
