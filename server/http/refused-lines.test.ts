import { expect, it } from 'vitest'
import { getMe, login } from '../../contract/accounts.ts'
import * as bookings from '../../contract/bookings.ts'
import { listUsers } from '../../contract/users.ts'
import { confirmSecondFactor, startSecondFactor } from '../../contract/account-security.ts'
import { totpAt } from '../accounts/totp.ts'
import { bookSeats } from '../testing/buying.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import { makeShowtime } from '../testing/showtimes.ts'
import { signIn, testPassword } from '../testing/sign-in.ts'

/** Lines of the log without what differs each time. */
const linesOf = (log: readonly string[]) =>
  log.map((line) => {
    const told: Record<string, unknown> = JSON.parse(line)
    for (const name of ['time', 'reqId', 'ms', 'level']) delete told[name]
    return told
  })

onBothEngines('the log', (engine) => {
  it('tells of a refusal which one it was and who was refused, by id alone', async () => {
    const logTo: string[] = []
    const test = await startApp(engine, { logTo })
    const { showtimeId } = await makeShowtime(test)
    const [ada, eve] = [await signIn(test), await signIn(test)]
    const { id } = await bookSeats(test, showtimeId, ['A1'], { as: ada })
    logTo.length = 0
    await test.call(listUsers, {}, eve)
    await test.call(bookings.readBooking, { params: { id } }, eve)
    await test.call(getMe, {})
    await test.call(bookings.createBooking, { body: { holdId: 'hld_nothing' } }, eve)
    await test.call(bookings.readBooking, { params: { id } }, ada)
    const route = '/api/v1/bookings/:id'
    expect(linesOf(logTo)).toEqual([
      {
        method: 'GET',
        route: '/api/v1/admin/users',
        status: 403,
        code: 'forbidden',
        userId: eve.userId,
        msg: 'request',
      },
      { method: 'GET', route, status: 404, code: 'not_found', userId: eve.userId, msg: 'request' },
      { method: 'GET', route: '/api/v1/auth/me', status: 401, code: 'unauthenticated', msg: 'request' },
      { method: 'POST', route: '/api/v1/bookings', status: 404, code: 'not_found', userId: eve.userId, msg: 'request' },
      { method: 'GET', route, status: 200, msg: 'request' },
    ])
  })

  it('tells of each sign-in whose it was and how, and of one that failed at whose account', async () => {
    const logTo: string[] = []
    const test = await startApp(engine, { logTo })
    const ada = await signIn(test)
    const { email, userId } = ada
    const enter = async (password: string, code?: string, as = email) =>
      await test.call(login, { body: { email: as, password, ...(code !== undefined && { code }) } })
    const { secret } = (await test.call(startSecondFactor, { body: {} }, ada)).body
    await enter(testPassword)
    const step = Math.floor(test.clock.now() / 30_000)
    await test.call(confirmSecondFactor, { body: { code: totpAt(secret, step) } }, ada)
    test.clock.advance(30_000)
    await enter('wrong password')
    await enter(testPassword, '000000')
    await enter(testPassword, totpAt(secret, step + 1))
    await enter('wrong password', undefined, 'nobody@example.com')
    const told = linesOf(logTo).filter(({ route, msg }) => msg === 'signed in' || route === '/api/v1/auth/login')
    const request = { method: 'POST', route: '/api/v1/auth/login', msg: 'request' }
    const failed = { ...request, status: 401, code: 'invalid_credentials' }
    const sessionId = expect.any(String)
    expect(told).toEqual([
      { userId, sessionId, session: 'token', how: 'password', msg: 'signed in' },
      { ...request, status: 200 },
      { ...failed, userId },
      { ...failed, userId },
      { userId, sessionId, session: 'token', how: 'password and code', msg: 'signed in' },
      { ...request, status: 200 },
      failed,
    ])
    for (const secretText of [email, 'nobody@example.com', testPassword, 'wrong password', secret]) {
      expect(logTo.join('\n')).not.toContain(secretText)
    }
  })
})
