import { expect, it } from 'vitest'
import { changePassword } from '../../contract/account-security.ts'
import { login } from '../../contract/accounts.ts'
import { isRefusal } from '../platform/refusal.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import type { TestApp } from '../testing/harness.ts'
import { signIn, testPassword } from '../testing/sign-in.ts'
import { logIn } from './log-in.ts'

const limited = { environment: { RATE_LIMIT: 'on', TRUST_PROXY: 'loopback' } }
const minute = 60_000

function from(test: TestApp, address: string, email: string) {
  return async (password: string) => {
    const headers = { 'x-forwarded-for': address }
    const answer = await test.call(login, { body: { email, password } }, { headers })
    return answer.status === 200 ? 'in' : answer.problem.code
  }
}

async function times(count: number, attempt: () => Promise<string>): Promise<string[]> {
  const answers: string[] = []
  for (let done = 0; done < count; done += 1) answers.push(await attempt())
  return answers
}

onBothEngines('guessing passwords', (engine) => {
  it('ends after ten tries from one address, for a while', async () => {
    const test = await startApp(engine, limited)
    const ada = await signIn(test)
    const thief = from(test, '192.0.2.1', ada.email)
    const answers = await times(200, () => thief('wrong password'))
    expect(answers.slice(0, 10)).toEqual(Array(10).fill('invalid_credentials'))
    expect(new Set(answers.slice(10))).toEqual(new Set(['rate_limited']))
    expect(await thief(testPassword)).toBe('rate_limited')
    test.clock.advance(1.5 * minute)
    expect(await thief('wrong password')).toBe('invalid_credentials')
    expect(await thief(testPassword)).toBe('rate_limited')
  })

  it('never locks out a stranger: the right password works from another address all the while', async () => {
    const test = await startApp(engine, limited)
    const ada = await signIn(test)
    for (let thief = 0; thief < 20; thief += 1) {
      await times(12, () => from(test, `192.0.2.${thief}`, ada.email)('wrong password'))
    }
    expect(await from(test, '198.51.100.7', ada.email)(testPassword)).toBe('in')
  })

  it('is told when to come back, and looks the same for an account that does not exist', async () => {
    const test = await startApp(engine, limited)
    const ada = await signIn(test)
    const answers = []
    for (const [address, email] of [
      ['192.0.2.1', ada.email],
      ['192.0.2.2', 'nobody@example.com'],
    ] as const) {
      const codes = await times(11, () => from(test, address, email)('wrong password'))
      const last = await test.call(
        login,
        { body: { email, password: 'wrong password' } },
        { headers: { 'x-forwarded-for': address } },
      )
      answers.push([codes, last.problem, last.headers['retry-after']])
    }
    expect(answers[0]).toEqual(answers[1])
    expect(answers[0]?.[2]).toBe('90')
  })

  it('at many accounts ends after thirty tries, but for those who come in from there', async () => {
    const test = await startApp(engine, limited)
    const visitor = await signIn(test)
    const stranger = await signIn(test)
    expect(await from(test, '192.0.2.1', visitor.email)(testPassword)).toBe('in')
    const answers: string[] = []
    for (let account = 0; account < 40; account += 1) {
      answers.push(await from(test, '192.0.2.1', `victim-${account}@example.com`)('wrong password'))
    }
    expect(answers.filter((code) => code === 'invalid_credentials')).toHaveLength(30)
    expect(await from(test, '192.0.2.1', stranger.email)(testPassword)).toBe('rate_limited')
    expect(await from(test, '192.0.2.1', visitor.email)(testPassword)).toBe('in')
    test.clock.advance(0.5 * minute)
    expect(await from(test, '192.0.2.1', stranger.email)(testPassword)).toBe('in')
  })

  it('begins from nothing after the right password', async () => {
    const test = await startApp(engine, limited)
    const ada = await signIn(test)
    const herself = from(test, '198.51.100.7', ada.email)
    for (let evening = 0; evening < 2; evening += 1) {
      expect(await times(9, () => herself('wrong password'))).not.toContain('rate_limited')
      expect(await herself(testPassword)).toBe('in')
    }
  })

  it('from one household counts as one address', async () => {
    const test = await startApp(engine, limited)
    const ada = await signIn(test)
    const answers: string[] = []
    for (let host = 1; host <= 11; host += 1) {
      answers.push(await from(test, `2001:db8:1:2::${host}`, ada.email)('wrong password'))
    }
    expect(answers.at(-1)).toBe('rate_limited')
  })

  it('all at once gets no further than one after the other for long', async () => {
    const test = await startApp(engine, limited)
    const ada = await signIn(test)
    const thief = from(test, '192.0.2.1', ada.email)
    await Promise.all(Array.from({ length: 40 }, () => thief('wrong password')))
    test.clock.advance(15 * minute)
    expect(await thief('wrong password')).toBe('rate_limited')
  })

  it('is not counted where the house has turned limits off', async () => {
    const test = await startApp(engine)
    const ada = await signIn(test)
    const thief = from(test, '127.0.0.1', ada.email)
    expect(await times(40, () => thief('wrong password'))).not.toContain('rate_limited')
    expect(await test.database.read.selectFrom('throttles').selectAll().execute()).toEqual([])
  })

  it('is stopped for somebody who is signed in, too', async () => {
    const test = await startApp(engine, limited)
    const ada = await signIn(test)
    const body = { currentPassword: 'wrong password', newPassword: 'a seat in row F' }
    const answers = await times(11, async () => (await test.call(changePassword, { body }, ada)).problem.code)
    expect(answers.slice(9)).toEqual(['invalid_credentials', 'rate_limited'])
  })

  it('keeps no email and no address', async () => {
    const test = await startApp(engine, limited)
    await from(test, '192.0.2.1', 'ada@example.com')('wrong password')
    const rows = JSON.stringify(await test.database.read.selectFrom('throttles').selectAll().execute())
    expect(rows).not.toMatch(/ada|192/)
  })
})

onBothEngines('signing in', (engine) => {
  it('does the same work for an email that nobody has', async () => {
    const test = await startApp(engine)
    const { parts } = test.app.house.accounts
    const ada = await signIn(test)
    const checked: (string | null)[] = []
    const watched = {
      ...parts,
      hasher: {
        ...parts.hasher,
        check: async (password: string, hash: string | null) => {
          checked.push(hash === null ? null : 'a hash')
          return await parts.hasher.check(password, hash)
        },
      },
    }
    const here = { kind: 'token', userAgent: undefined, address: '127.0.0.1' } as const
    for (const email of [ada.email, 'nobody@example.com']) {
      const refused = await logIn(watched, { email, password: 'wrong password' }, here)
      expect(isRefusal(refused) && refused.code).toBe('invalid_credentials')
    }
    expect(checked).toEqual(['a hash', null])
  })

  it('succeeds or is put off when too many come at once, and nobody gets a 500', async () => {
    const test = await startApp(engine)
    const ada = await signIn(test)
    const body = { email: ada.email, password: testPassword }
    const answers = await Promise.all(Array.from({ length: 100 }, () => test.call(login, { body })))
    const put = answers.filter(({ status }) => status === 503)
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(50)
    expect(answers.filter(({ status }) => status === 200).length + put.length).toBe(100)
    // How many are put off depends on how fast they arrive; that the gate closes is proven in gate.test.ts.
    for (const { problem, headers } of put) {
      expect(problem.code).toBe('overloaded')
      expect(headers['retry-after']).toBe('2')
    }
  })
})
