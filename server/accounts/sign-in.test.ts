import { expect, it } from 'vitest'
import { getMe, login, logout, refresh, register } from '../../contract/accounts.ts'
import { readAccessKeys } from '../../contract/platform.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import { signIn, testPassword } from '../testing/sign-in.ts'

const newcomer = { email: 'Ada@Example.com', password: 'velvet curtain 1911', name: 'Ada Lovelace' }

onBothEngines('signing in', (engine) => {
  it('registers somebody, tells who they are, and says so of the token alone', async () => {
    const test = await startApp(engine)
    const { body } = await test.call(register, { body: newcomer })
    expect(body).toMatchObject({
      user: { email: 'Ada@Example.com', name: 'Ada Lovelace', role: 'customer', emailVerified: false },
      expiresIn: 900,
      tokenType: 'Bearer',
    })
    if (body.tokenType !== 'Bearer') throw new Error('a token was asked for')
    const me = await test.call(getMe, {}, { token: body.accessToken })
    expect(me.body).toEqual(body.user)
    expect((await test.call(getMe)).problem.code).toBe('unauthenticated')
  })

  it('keeps one account per email, in whatever case it is written', async () => {
    const test = await startApp(engine)
    await test.call(register, { body: newcomer })
    const again = await test.call(register, { body: { ...newcomer, email: 'ADA@example.COM' } })
    expect(again.problem).toMatchObject({ status: 409, code: 'email_taken' })
    expect((await test.call(login, { body: { email: 'ada@EXAMPLE.com', password: newcomer.password } })).status).toBe(
      200,
    )
  })

  it('answers a wrong password and an unknown email with the same words', async () => {
    const test = await startApp(engine)
    await test.call(register, { body: newcomer })
    const wrong = await test.call(login, { body: { email: newcomer.email, password: 'velvet curtains' } })
    const unknown = await test.call(login, { body: { email: 'nobody@example.com', password: 'velvet curtains' } })
    expect(wrong.problem).toMatchObject({ status: 401, code: 'invalid_credentials' })
    expect(unknown.problem).toEqual(wrong.problem)
  })

  it('refuses a bad bearer everywhere, also where anybody may call', async () => {
    const test = await startApp(engine)
    const { token } = await signIn(test)
    for (const authorization of [
      'Bearer nonsense',
      'Bearer ',
      'Basic YTpi',
      token,
      `Bearer ${token}x`,
      `Bearer ${token} x`,
    ]) {
      const answer = await test.call(readAccessKeys, {}, { headers: { authorization } })
      expect(answer.problem, authorization).toMatchObject({ status: 401, code: 'unauthenticated' })
    }
    expect((await test.call(getMe, {}, { headers: { authorization: `bearer ${token}` } })).status).toBe(200)
  })

  it('forgets an access token when its time is over', async () => {
    const test = await startApp(engine, { environment: { ACCESS_TOKEN_SECONDS: '60' } })
    const { token } = await signIn(test)
    test.clock.advance(59_999)
    expect((await test.call(getMe, {}, { token })).status).toBe(200)
    test.clock.advance(1)
    expect((await test.call(getMe, {}, { token })).problem.code).toBe('unauthenticated')
  })

  it('shows its keys to whoever wants to check a token', async () => {
    const test = await startApp(engine)
    const { token } = await signIn(test)
    const { body, headers } = await test.call(readAccessKeys)
    expect(body.keys).toHaveLength(1)
    expect(body.keys[0]).toMatchObject({ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig' })
    expect(body.keys[0]).not.toHaveProperty('d')
    const header = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString())
    expect(header).toEqual({ alg: 'EdDSA', typ: 'at+jwt', kid: Object(body.keys[0]).kid })
    expect(headers['cache-control']).toContain('max-age')
  })

  it('never lets a token answer be stored on the way', async () => {
    const test = await startApp(engine)
    expect((await test.call(register, { body: newcomer })).headers['cache-control']).toBe('no-store')
    expect(
      (await test.call(login, { body: { email: newcomer.email, password: newcomer.password } })).headers[
        'cache-control'
      ],
    ).toBe('no-store')
  })
})

onBothEngines('refresh tokens', (engine) => {
  it('are changed for the next pair, each once', async () => {
    const test = await startApp(engine)
    const ada = await signIn(test)
    const { body } = await test.call(refresh, { body: { refreshToken: ada.refreshToken } })
    expect(body.user.id).toBe(ada.userId)
    expect(body.refreshToken).not.toBe(ada.refreshToken)
    expect((await test.call(getMe, {}, { token: body.accessToken })).status).toBe(200)
    expect((await test.call(refresh, { body: { refreshToken: body.refreshToken } })).status).toBe(200)
  })

  it('end the whole session when a used one comes back', async () => {
    const test = await startApp(engine)
    const ada = await signIn(test)
    const { body } = await test.call(refresh, { body: { refreshToken: ada.refreshToken } })
    const reused = await test.call(refresh, { body: { refreshToken: ada.refreshToken } })
    expect(reused.problem).toMatchObject({ status: 401, code: 'unauthenticated' })
    expect((await test.call(refresh, { body: { refreshToken: body.refreshToken } })).status).toBe(401)
    for (const token of [ada.token, body.accessToken]) {
      expect((await test.call(getMe, {}, { token })).problem.code).toBe('unauthenticated')
    }
    // Other sessions of the account go on.
    const other = await test.call(login, { body: { email: ada.email, password: testPassword } })
    expect(other.status).toBe(200)
  })

  it('lapse after thirty days without use, and the session after ninety', async () => {
    const day = 24 * 3600 * 1000
    const test = await startApp(engine)
    const idle = await signIn(test)
    test.clock.advance(30 * day)
    expect((await test.call(refresh, { body: { refreshToken: idle.refreshToken } })).status).toBe(401)
    let { refreshToken } = await signIn(test)
    for (let passed = 0; passed < 80; passed += 20) {
      test.clock.advance(20 * day)
      refreshToken = (await test.call(refresh, { body: { refreshToken } })).body.refreshToken
    }
    test.clock.advance(10 * day)
    expect((await test.call(refresh, { body: { refreshToken } })).status).toBe(401)
  })

  it('are not in the database, only their hashes', async () => {
    const test = await startApp(engine)
    const { refreshToken, token } = await signIn(test)
    for (const table of ['refreshTokens', 'sessions', 'signingKeys', 'users', 'outbox'] as const) {
      const rows = JSON.stringify(await test.database.read.selectFrom(table).selectAll().execute())
      expect(rows).not.toContain(refreshToken)
      expect(rows).not.toContain(token)
      expect(rows).not.toContain(testPassword)
      expect(rows).not.toContain('"d\\":')
    }
  })
})

onBothEngines('signing out', (engine) => {
  it('ends the session and its tokens at once', async () => {
    const test = await startApp(engine)
    const ada = await signIn(test)
    expect((await test.call(logout, {}, ada)).status).toBe(204)
    expect((await test.call(getMe, {}, ada)).problem.code).toBe('unauthenticated')
    expect((await test.call(refresh, { body: { refreshToken: ada.refreshToken } })).status).toBe(401)
  })

  it('works with the refresh token when the access token has lapsed', async () => {
    const test = await startApp(engine)
    const ada = await signIn(test)
    test.clock.advance(3600 * 1000)
    expect((await test.call(logout, { body: { refreshToken: ada.refreshToken } })).status).toBe(204)
    expect((await test.call(refresh, { body: { refreshToken: ada.refreshToken } })).status).toBe(401)
  })

  it('asks who it is', async () => {
    const test = await startApp(engine)
    expect((await test.call(logout)).problem.code).toBe('unauthenticated')
    expect((await test.call(logout, { body: { refreshToken: 'nonsense' } })).problem.code).toBe('unauthenticated')
  })
})
