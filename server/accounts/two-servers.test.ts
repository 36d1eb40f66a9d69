import { expect, it } from 'vitest'
import { getMe, logout } from '../../contract/accounts.ts'
import { isRefusal } from '../platform/refusal.ts'
import { createSecrets } from '../platform/secrets.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import type { TestApp } from '../testing/harness.ts'
import { signIn, testPassword } from '../testing/sign-in.ts'
import { createAccounts } from './accounts.ts'
import type { Accounts } from './accounts.ts'
import { register } from './register.ts'
import { tidyAccounts } from './tidy.ts'

/** The accounts of another server on the same database. */
function otherServer(test: TestApp, secret = test.config.secret): Accounts {
  const { rules } = test.app.house.accounts.parts
  return createAccounts({
    database: test.database,
    clock: test.clock,
    secrets: createSecrets(secret),
    rules,
    publicUrl: null,
    hashStrength: { memoryKibibytes: 64, passes: 1 },
  })
}

async function who(accounts: Accounts, token: string): Promise<string> {
  const identified = await accounts.identify({
    authorization: `Bearer ${token}`,
    cookies: {},
    method: 'GET',
    origin: undefined,
    host: undefined,
    fetchSite: undefined,
  })
  if (isRefusal(identified)) return identified.code
  return identified.kind === 'account' ? identified.role : identified.kind
}

onBothEngines('two servers on one database', (engine) => {
  it('know each other’s tokens at once', async () => {
    const test = await startApp(engine)
    const other = otherServer(test)
    const ada = await signIn(test)
    expect(await who(other, ada.token)).toBe('customer')
    expect(await other.parts.keys.publicKeys()).toEqual(await test.app.house.accounts.parts.keys.publicKeys())
  })

  it('hear of an ended session within two seconds', async () => {
    const test = await startApp(engine)
    const other = otherServer(test)
    const ada = await signIn(test)
    expect(await who(other, ada.token)).toBe('customer')
    await test.call(logout, {}, ada)
    expect((await test.call(getMe, {}, ada)).status).toBe(401)
    test.clock.advance(2001)
    expect(await who(other, ada.token)).toBe('unauthenticated')
  })

  it('hear of a raised role as fast', async () => {
    const test = await startApp(engine)
    const other = otherServer(test)
    const ada = await signIn(test)
    expect(await who(other, ada.token)).toBe('customer')
    await test.database.write((tx) => test.app.house.accounts.raiseToStaff(tx, ada.userId))
    test.clock.advance(2001)
    expect(await who(other, ada.token)).toBe('staff')
  })

  it('give one email to one account, whichever is asked', async () => {
    const test = await startApp(engine)
    const servers = [test.app.house.accounts, otherServer(test), otherServer(test)]
    const here = { kind: 'token', userAgent: undefined, address: '127.0.0.1' } as const
    for (let round = 0; round < 5; round += 1) {
      const wanted = { email: `ada-${round}@example.com`, password: testPassword, name: 'Ada', locale: null }
      const answers = await Promise.all(servers.map(({ parts }) => register(parts, wanted, here)))
      const codes = answers.map((answer) => (isRefusal(answer) ? answer.code : 'registered'))
      expect(codes.toSorted()).toEqual(['email_taken', 'email_taken', 'registered'])
    }
  })

  it('trust no key that was sealed under another secret', async () => {
    const test = await startApp(engine)
    const ada = await signIn(test)
    const stranger = otherServer(test, 'another secret, after the first one leaked')
    expect(await who(stranger, ada.token)).toBe('unauthenticated')
    const { keyId } = await stranger.parts.keys.signer()
    expect(keyId).not.toBe((await test.app.house.accounts.parts.keys.signer()).keyId)
  })

  it('sign with a new key after ninety days, and go on taking what the old one signed while it can still count', async () => {
    const day = 24 * 3600 * 1000
    const test = await startApp(engine, { environment: { ACCESS_TOKEN_SECONDS: '86400' } })
    const other = otherServer(test)
    const { keys } = test.app.house.accounts.parts
    const first = await keys.signer()
    test.clock.advance(90 * day - 1)
    expect((await other.parts.keys.signer()).keyId).toBe(first.keyId)
    const ada = await signIn(test)
    test.clock.advance(1)
    const [grace, second] = [await signIn(test), await keys.signer()]
    expect(second.keyId).not.toBe(first.keyId)
    expect((await other.parts.keys.signer()).keyId).toBe(second.keyId)
    for (const { token } of [ada, grace])
      expect([await who(other, token), await who(test.app.house.accounts, token)]).toEqual(['customer', 'customer'])
    expect((await keys.publicKeys()).map((key) => Object(key).kid)).toEqual([first.keyId, second.keyId])
    test.clock.advance(7 * day)
    expect(keys.known(first.keyId)).toBeUndefined()
    expect((await keys.publicKeys()).map((key) => Object(key).kid)).toEqual([second.keyId])
    await test.database.write(tidyAccounts)
    const kept = await test.database.read
      .selectFrom('signingKeys')
      .select('id')
      .where('purpose', '=', 'access')
      .execute()
    expect(kept).toEqual([{ id: second.keyId }])
  })

  it('take no key id for more than a name: no path, no query, no number of somebody’s choice', async () => {
    const test = await startApp(engine)
    const ada = await signIn(test)
    const [, payload = '', signature = ''] = ada.token.split('.')
    for (const kid of [
      '../../dev/null',
      "' OR 1=1 --",
      '',
      'constructor',
      '__proto__',
      '0',
      'x'.repeat(5000),
      null,
      0,
      [],
      {},
    ]) {
      const header = Buffer.from(JSON.stringify({ alg: 'EdDSA', typ: 'at+jwt', kid })).toString('base64url')
      expect(await who(test.app.house.accounts, `${header}.${payload}.${signature}`)).toBe('unauthenticated')
    }
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }
    const head = JSON.parse(Buffer.from(ada.token.split('.')[0] ?? '', 'base64url').toString())
    for (const more of [
      { jwk },
      { jku: 'https://evil.example/jwks.json' },
      { x5u: 'https://evil.example' },
      { crit: ['b64'], b64: false },
    ]) {
      const header = Buffer.from(JSON.stringify({ ...head, ...more })).toString('base64url')
      expect(await who(test.app.house.accounts, `${header}.${payload}.${signature}`)).toBe('unauthenticated')
    }
  })

  it('make one key between the requests that come first', async () => {
    const test = await startApp(engine)
    await Promise.all(Array.from({ length: 10 }, () => signIn(test)))
    const keys = await test.database.read
      .selectFrom('signingKeys')
      .select('id')
      .where('purpose', '=', 'access')
      .execute()
    expect(keys).toHaveLength(1)
  })
})

onBothEngines('what has lapsed', (engine) => {
  it('is taken out in time, and what still counts is not', async () => {
    const day = 24 * 3600 * 1000
    const test = await startApp(engine, { environment: { RATE_LIMIT: 'on' } })
    const gone = await signIn(test)
    await test.call(logout, {}, gone)
    test.clock.advance(10 * day)
    const ada = await signIn(test)
    const count = async (table: 'sessions' | 'refreshTokens' | 'revocations') =>
      (await test.database.read.selectFrom(table).selectAll().execute()).length
    await test.database.write(tidyAccounts)
    expect([await count('sessions'), await count('refreshTokens'), await count('revocations')]).toEqual([2, 2, 0])
    test.clock.advance(29 * day)
    await test.database.write(tidyAccounts)
    expect([await count('sessions'), await count('refreshTokens')]).toEqual([1, 1])
    expect((await test.call(logout, { body: { refreshToken: ada.refreshToken } })).status).toBe(204)
  })
})
