import { expect, it } from 'vitest'
import { deleteSession, listSessions } from '../../contract/account-security.ts'
import { deleteMe, exportMe, getMe, login, refresh, register, updateMe, verifyEmail } from '../../contract/accounts.ts'
import { listUsers } from '../../contract/users.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import { mailedToken, waitingMails } from '../testing/mail.ts'
import { signIn, testPassword } from '../testing/sign-in.ts'

onBothEngines('the own account', (engine) => {
  it('changes its name without touching anything else', async () => {
    const test = await startApp(engine)
    const ada = await signIn(test)
    const { body } = await test.call(updateMe, { body: { name: 'Augusta Ada King' } }, ada)
    expect(body).toMatchObject({ name: 'Augusta Ada King', email: ada.email, emailVerified: true })
    expect((await test.call(getMe, {}, ada)).body).toEqual(body)
    expect(await waitingMails(test)).toEqual([])
    expect((await test.call(updateMe, { body: {} }, ada)).body).toEqual(body)
  })

  it('proves a new email again, and tells the old one', async () => {
    const test = await startApp(engine)
    const ada = await signIn(test)
    const { body } = await test.call(updateMe, { body: { email: 'king@example.com' } }, ada)
    expect(body).toMatchObject({ email: 'king@example.com', emailVerified: false })
    expect((await waitingMails(test)).map(({ kind, payload }) => [kind, payload['email']])).toEqual([
      ['mail.email-changed', ada.email],
      ['mail.verify-email', 'king@example.com'],
    ])
    await test.call(verifyEmail, { body: { token: await mailedToken(test, 'mail.verify-email', 'king@example.com') } })
    expect((await test.call(getMe, {}, ada)).body.emailVerified).toBe(true)
    expect((await test.call(login, { body: { email: ada.email, password: testPassword } })).status).toBe(401)
    expect((await test.call(login, { body: { email: 'king@example.com', password: testPassword } })).status).toBe(200)
  })

  it('asks a session that was left open for the password before it changes the email, and for nothing else', async () => {
    const test = await startApp(engine, { environment: { RATE_LIMIT: 'on', ACCESS_TOKEN_SECONDS: '86400' } })
    const ada = await signIn(test)
    test.clock.advance(5 * 60_000)
    const change = async (body: object) => {
      const answer = await test.call(updateMe, { body }, ada)
      return answer.status < 400 ? answer.body.email : answer.problem.code
    }
    const other = { email: 'mallory@example.com' }
    const missing = await test.call(updateMe, { body: other }, ada)
    expect(missing.problem).toMatchObject({ status: 400, errors: [{ path: '/currentPassword' }] })
    expect(await change({ ...other, currentPassword: 'another password' })).toBe('invalid_credentials')
    expect(await change({ name: 'Ada King', email: ada.email.toUpperCase() })).toBe(ada.email.toUpperCase())
    expect(await change({ ...other, currentPassword: testPassword })).toBe('mallory@example.com')
    const guess = { email: 'eve@example.com', currentPassword: 'one of many' }
    for (let tries = 1; tries < 10; tries += 1) expect(await change(guess)).toBe('invalid_credentials')
    expect(await change({ ...guess, currentPassword: testPassword })).toBe('rate_limited')
  })

  it('stays proved when only the case of the email changes', async () => {
    const test = await startApp(engine)
    const ada = await signIn(test, 'customer', { email: 'ada@example.com' })
    const { body } = await test.call(updateMe, { body: { email: 'Ada@Example.com' } }, ada)
    expect(body).toMatchObject({ email: 'Ada@Example.com', emailVerified: true })
    expect(await waitingMails(test)).toEqual([])
  })

  it('cannot take the email of another', async () => {
    const test = await startApp(engine)
    const ada = await signIn(test)
    const grace = await signIn(test)
    const taken = await test.call(updateMe, { body: { email: grace.email.toUpperCase() } }, ada)
    expect(taken.problem).toMatchObject({ status: 409, code: 'email_taken' })
    expect((await test.call(getMe, {}, ada)).body.email).toBe(ada.email)
    expect(await waitingMails(test)).toEqual([])
  })

  it('does not let the link to an old address prove the new one', async () => {
    const test = await startApp(engine)
    const { body } = await test.call(register, {
      body: { email: 'mallory@example.com', password: testPassword, name: 'Mallory' },
    })
    if (body.tokenType !== 'Bearer') throw new Error('a token was asked for')
    const token = await mailedToken(test, 'mail.verify-email', 'mallory@example.com')
    await test.call(updateMe, { body: { email: 'victim@example.com' } }, { token: body.accessToken })
    expect((await test.call(verifyEmail, { body: { token } })).problem.code).toBe('token_used')
    expect((await test.call(getMe, {}, { token: body.accessToken })).body.emailVerified).toBe(false)
  })
})

onBothEngines('sessions', (engine) => {
  it('are listed, newest first, and ended one by one', async () => {
    const test = await startApp(engine)
    const ada = await signIn(test)
    test.clock.advance(60_000)
    const telephone = await test.call(
      login,
      { body: { email: ada.email, password: testPassword } },
      { headers: { 'user-agent': 'Telephone' } },
    )
    if (telephone.body.tokenType !== 'Bearer') throw new Error('a token was asked for')
    const { body } = await test.call(listSessions, {}, ada)
    expect(body.data).toMatchObject([
      { userAgent: 'Telephone', current: false, kind: 'token', address: '127.0.0.1' },
      { id: ada.sessionId, current: true },
    ])
    const ended = await test.call(deleteSession, { params: { id: body.data[0]?.id } }, ada)
    expect(ended.status).toBe(204)
    expect((await test.call(getMe, {}, { token: telephone.body.accessToken })).status).toBe(401)
    expect((await test.call(refresh, { body: { refreshToken: telephone.body.refreshToken } })).status).toBe(401)
    expect((await test.call(listSessions, {}, ada)).body.data).toHaveLength(1)
    expect((await test.call(getMe, {}, ada)).status).toBe(200)
  })

  it('of others are not there', async () => {
    const test = await startApp(engine)
    const ada = await signIn(test)
    const grace = await signIn(test)
    const foreign = await test.call(deleteSession, { params: { id: grace.sessionId } }, ada)
    const missing = await test.call(deleteSession, { params: { id: 'ses_nothing' } }, ada)
    expect(foreign.problem).toMatchObject({ status: 404, code: 'not_found' })
    expect({ ...foreign.problem, instance: '' }).toEqual({ ...missing.problem, instance: '' })
    expect((await test.call(getMe, {}, grace)).status).toBe(200)
  })

  it('are told in pages', async () => {
    const test = await startApp(engine)
    const ada = await signIn(test)
    for (let more = 0; more < 4; more += 1) {
      await test.call(login, { body: { email: ada.email, password: testPassword } })
    }
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const { body } = await test.call(listSessions, { query: { limit: 2, cursor } }, ada)
      seen.push(...body.data.map(({ id }) => id))
      cursor = body.nextCursor ?? undefined
    } while (cursor !== undefined)
    expect(seen).toHaveLength(5)
    expect(seen).toEqual(seen.toSorted().toReversed())
    expect((await test.call(listSessions, { query: { cursor: 'nonsense' } }, ada)).status).toBe(400)
  })
})

onBothEngines('leaving', (engine) => {
  it('takes along everything that is kept', async () => {
    const test = await startApp(engine)
    const ada = await signIn(test)
    const { body } = await test.call(exportMe, {}, ada)
    expect(body.account).toMatchObject({ id: ada.userId, email: ada.email, name: ada.name, secondFactor: false })
    expect(body.sessions).toMatchObject([{ id: ada.sessionId, current: true, address: '127.0.0.1' }])
    expect(JSON.stringify(body)).not.toMatch(/argon2|hash|secret"/i)
  })

  it('exports six times an hour', async () => {
    const test = await startApp(engine, { environment: { RATE_LIMIT: 'on' } })
    const ada = await signIn(test)
    for (let tries = 0; tries < 6; tries += 1) expect((await test.call(exportMe, {}, ada)).status).toBe(200)
    expect((await test.call(exportMe, {}, ada)).problem).toMatchObject({ status: 429, code: 'rate_limited' })
  })

  it('leaves no name, email, address or session behind, only an id', async () => {
    const test = await startApp(engine)
    const ada = await signIn(test, 'customer', { name: 'Augusta Ada King-Noel' })
    const admin = await signIn(test, 'admin')
    expect((await test.call(deleteMe, {}, ada)).status).toBe(204)
    expect((await test.call(getMe, {}, ada)).problem.code).toBe('unauthenticated')
    expect((await test.call(refresh, { body: { refreshToken: ada.refreshToken } })).status).toBe(401)
    expect((await test.call(login, { body: { email: ada.email, password: testPassword } })).problem.code).toBe(
      'invalid_credentials',
    )
    for (const table of ['users', 'sessions', 'refreshTokens', 'mailTokens', 'recoveryCodes'] as const) {
      const rows = JSON.stringify(await test.database.read.selectFrom(table).selectAll().execute()).toLowerCase()
      expect(rows, table).not.toContain('king')
      expect(rows, table).not.toContain(ada.email)
    }
    const kept = await test.database.read.selectFrom('users').select('id').where('id', '=', ada.userId).execute()
    expect(kept).toHaveLength(1)
    const { body } = await test.call(listUsers, {}, admin)
    expect(body.data.map(({ id }) => id)).toEqual([admin.userId])
  })

  it('frees the email for a new account', async () => {
    const test = await startApp(engine)
    const ada = await signIn(test)
    await test.call(deleteMe, {}, ada)
    const again = await test.call(register, { body: { email: ada.email, name: 'Ada', password: testPassword } })
    expect(again.body.user.id).not.toBe(ada.userId)
  })

  it('is not for the last administrator', async () => {
    const test = await startApp(engine)
    const last = await signIn(test, 'admin')
    expect((await test.call(deleteMe, {}, last)).problem).toMatchObject({ status: 409, code: 'last_admin' })
    const second = await signIn(test, 'admin')
    expect((await test.call(deleteMe, {}, last)).status).toBe(204)
    expect((await test.call(deleteMe, {}, second)).problem.code).toBe('last_admin')
  })
})
