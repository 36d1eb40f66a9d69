import { expect, it } from 'vitest'
import { accountSecurityOperations } from '../../contract/account-security.ts'
import { accountOperations, register } from '../../contract/accounts.ts'
import { basePath } from '../../contract/api.ts'
import type { OperationShape } from '../../contract/operation.ts'
import { userOperations } from '../../contract/users.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import type { TestApp } from '../testing/harness.ts'
import { signIn } from '../testing/sign-in.ts'

const operations: readonly OperationShape[] = Object.values({
  ...accountOperations,
  ...accountSecurityOperations,
  ...userOperations,
})

/** A body of each operation that would do; what is tried spoils one member of it. */
const goodBodies: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  register: { email: 'new@example.com', password: 'a seat in row F', name: 'New', role: 'customer', session: 'token' },
  login: { email: 'new@example.com', password: 'a seat in row F', code: '123456', session: 'token' },
  refresh: { refreshToken: 'nonsense' },
  logout: { refreshToken: 'nonsense' },
  updateMe: { name: 'New', email: 'other@example.com' },
  verifyEmail: { token: 'nonsense' },
  changePassword: { currentPassword: 'wrong password', newPassword: 'a seat in row F' },
  forgotPassword: { email: 'new@example.com' },
  resetPassword: { token: 'nonsense', newPassword: 'a seat in row F' },
  startSecondFactor: { currentPassword: 'wrong password' },
  confirmSecondFactor: { code: '123456' },
  deleteSecondFactor: { code: '123456' },
  updateUser: { role: 'owner', banned: false },
}

const bad: readonly unknown[] = [
  null,
  0,
  -1,
  1e308,
  true,
  [],
  {},
  ['x'],
  { $ne: '' },
  '',
  '\u0000',
  'a\u0000b',
  'x'.repeat(60_000),
]
const badBodies = [
  '',
  'null',
  '[]',
  '"x"',
  '1',
  '{',
  '{"a":',
  '{"__proto__":{"role":"admin"}}',
  '{"a":1e999}',
  '\uFEFF{}x',
]

async function snapshot(test: TestApp): Promise<string> {
  const users = await test.database.read.selectFrom('users').selectAll().orderBy('id').execute()
  const sessions = await test.database.read.selectFrom('sessions').selectAll().orderBy('id').execute()
  return JSON.stringify([users, sessions])
}

onBothEngines('bad input to accounts', (engine) => {
  for (const operation of operations.filter(({ body }) => body)) {
    it(`is refused by ${operation.id} and changes nothing`, async () => {
      const test = await startApp(engine)
      const admin = await signIn(test, 'admin')
      const good = goodBodies[operation.id]
      if (!good) throw new Error(`${operation.id} needs a good body here`)
      const before = await snapshot(test)
      const send = async (payload: string, contentType = 'application/json', token = admin.token) =>
        await test.inject({
          method: operation.method,
          url: basePath + operation.path.replace('{id}', admin.userId),
          payload,
          headers: { 'content-type': contentType, authorization: `Bearer ${token}` },
        })
      const expectRefusal = async (payload: string, status: number, contentType?: string) => {
        const answer = await send(payload, contentType)
        expect(answer.statusCode, `${payload.slice(0, 100)} → ${answer.body.slice(0, 300)}`).toBe(status)
        expect(answer.headers['content-type']).toContain('application/problem+json')
      }
      for (const name of Object.keys(good)) {
        // An optional member may be absent, but never be something else.
        for (const value of bad) {
          if (value === '' && ['password', 'newPassword'].includes(name)) continue
          if (typeof value === 'boolean' && name === 'banned') continue
          await expectRefusal(JSON.stringify({ ...good, [name]: value }), 400)
        }
        await expectRefusal(JSON.stringify({ ...good, [name]: '\ud800' }).replace('\\ud800', '\\ud800'), 400)
      }
      for (const extra of ['isAdmin', 'id', 'constructor', 'emailVerified']) {
        await expectRefusal(JSON.stringify({ ...good, [extra]: 'x' }), 400)
      }
      // No body is a good one for a logout, which ends the session, and for a second factor.
      const payloads = ['logout', 'startSecondFactor', 'deleteSecondFactor'].includes(operation.id)
        ? badBodies.filter((payload) => payload !== '')
        : badBodies
      for (const payload of payloads) {
        const { statusCode, body } = await send(payload)
        const mayBeEmpty = payload === '' && ['updateMe', 'updateUser'].includes(operation.id)
        if (!mayBeEmpty) expect(statusCode, `${payload} → ${body}`).toBe(400)
      }
      await expectRefusal(JSON.stringify(good), 415, 'text/plain')
      await expectRefusal(JSON.stringify(good), 415, 'application/x-www-form-urlencoded')
      await expectRefusal(JSON.stringify({ ...good, padding: 'x'.repeat(70_000) }), 413)
      if (operation.access !== 'anyone') {
        expect((await send('{', 'text/plain', 'nonsense')).statusCode, 'who it is comes first').toBe(401)
      }
      if (operation.id !== 'logout') expect(await snapshot(test)).toBe(before)
    })
  }

  it('in addresses and queries is refused', async () => {
    const test = await startApp(engine)
    const admin = await signIn(test, 'admin')
    const status = async (method: 'GET' | 'PATCH' | 'DELETE' | 'POST', path: string) =>
      (
        await test.inject({
          method,
          url: `${basePath}${path}`,
          headers: { authorization: `Bearer ${admin.token}` },
          ...(method === 'PATCH' && { payload: {} }),
        })
      ).statusCode
    for (const id of ['usr_nothing', '%00', '..%2f', "'%20OR%201=1", 'x'.repeat(99), '%F0%9F%92%A5']) {
      expect(await status('PATCH', `/admin/users/${id}`), id).toBe(404)
      expect(await status('POST', `/admin/users/${id}/promote`), id).toBe(404)
      expect(await status('DELETE', `/auth/sessions/${id}`), id).toBe(404)
    }
    for (const query of [
      'limit=0',
      'limit=101',
      'limit=x',
      'cursor=x',
      'role=god',
      'banned=maybe',
      'order=name',
      'q=%00',
    ]) {
      expect(await status('GET', `/admin/users?${query}`), query).toBe(400)
    }
    for (const query of ['limit=0', 'cursor=e30', 'cursor=', 'user=x']) {
      expect(await status('GET', `/auth/sessions?${query}`), query).toBe(400)
    }
  })

  it('in place of an email is refused', async () => {
    const test = await startApp(engine)
    const person = { name: 'Ada', password: 'a seat in row F' }
    const addresses = [
      'ada',
      'ada@',
      '@example.com',
      'ada@example',
      'ada@@example.com',
      'ada lovelace@example.com',
      'ada@exa mple.com',
      'ada@example..com',
      'ada@.com',
      'ada@example.com,grace@example.com',
      'ada@example.com\r\nBcc: all@example.com',
      '<ada@example.com>',
      '"ada"@example.com',
      `${'a'.repeat(65)}@example.com`,
      `ada@${'e'.repeat(250)}.com`,
    ]
    for (const email of addresses) {
      const { problem } = await test.call(register, { body: { ...person, email } })
      expect(problem, email).toMatchObject({ status: 400, code: 'validation_failed' })
    }
    for (const email of ['ada+tickets@example.co.uk', "o'hara@example.com", 'zoë@exämple.de', 'a.b-c_d@x-y.io']) {
      expect((await test.call(register, { body: { ...person, email } })).status, email).toBe(201)
    }
  })

  it('in place of a name is refused, and any real name is taken', async () => {
    const test = await startApp(engine)
    const person = { password: 'a seat in row F' }
    for (const name of ['', ' ', '\n', 'Ada\nLovelace', 'x'.repeat(201), '\u0007']) {
      const { problem } = await test.call(register, { body: { ...person, email: 'ada@example.com', name } })
      expect(problem.code, JSON.stringify(name)).toBe('validation_failed')
    }
    for (const [at, name] of [
      'Ng',
      "Siobhán O'Hara",
      '王秀英',
      'محمد',
      '=cmd()',
      '<script>alert(1)</script>',
    ].entries()) {
      const { body } = await test.call(register, { body: { ...person, email: `person-${at}@example.com`, name } })
      expect(body.user.name).toBe(name)
    }
  })
})
