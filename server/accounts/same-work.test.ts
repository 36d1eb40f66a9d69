import { expect, it } from 'vitest'
import { login } from '../../contract/accounts.ts'
import { lookUpBooking } from '../../contract/bookings.ts'
import { forgotPassword } from '../../contract/account-security.ts'
import { bookSeats } from '../testing/buying.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import { makeShowtime } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'
import { recordStatements } from '../testing/statements.ts'

/** Not the time that it takes, which no test can hold: the work that takes it, statement by statement. */
onBothEngines('whoever asks about somebody unknown', (engine) => {
  async function start() {
    // With their limits, which are counted in the database.
    const test = await startApp(engine, { environment: { RATE_LIMIT: 'on' } })
    return { test, recorder: recordStatements() }
  }

  it('costs a password reset the same statements as somebody known, also beyond the limit of mails', async () => {
    const { test, recorder } = await start()
    const known = await signIn(test)
    for (let round = 0; round < 5; round += 1) {
      for (const [who, email] of [
        ['known', known.email],
        ['unknown', 'nobody@example.com'],
      ] as const) {
        const ask = async () => await test.call(forgotPassword, { body: { email } })
        expect((await recorder.during(`${who} ${round}`, ask)).status).toBe(202)
      }
      const ran = recorder.ranBy(`known ${round}`)
      expect(ran.some((sql) => /mail_tokens/.test(sql))).toBe(round < 3)
      expect(recorder.ranBy(`unknown ${round}`)).toEqual(ran)
    }
    const links = await test.database.read.selectFrom('mailTokens').select('userId').execute()
    expect(links).toEqual(Array.from({ length: 3 }, () => ({ userId: known.userId })))
  })

  it('costs a sign-in the same statements as a wrong password', async () => {
    const { test, recorder } = await start()
    const known = await signIn(test)
    const password = 'velvet curtains'
    for (const [who, email] of [
      ['known', known.email],
      ['unknown', 'nobody@example.com'],
    ] as const) {
      const ask = async () => await test.call(login, { body: { email, password } })
      expect((await recorder.during(who, ask)).problem.code).toBe('invalid_credentials')
    }
    expect(recorder.ranBy('known').length).toBeGreaterThan(2)
    expect(recorder.ranBy('unknown')).toEqual(recorder.ranBy('known'))
  })

  it('costs the look-up of a booking the same statements, whether the reference, the email or both are wrong', async () => {
    const { test, recorder } = await start()
    const { showtimeId } = await makeShowtime(test)
    const { reference } = await bookSeats(test, showtimeId, ['A1'])
    for (const [who, body] of [
      ['another email', { reference, email: 'nobody@example.com' }],
      ['another reference', { reference: 'ZZZZZZ', email: 'ada@example.com' }],
      ['neither', { reference: 'ZZZZZZ', email: 'nobody@example.com' }],
    ] as const) {
      const ask = async () => await test.call(lookUpBooking, { body })
      expect((await recorder.during(who, ask)).status).toBe(404)
    }
    expect(recorder.ranBy('neither').length).toBeGreaterThan(1)
    expect(recorder.ranBy('another email')).toEqual(recorder.ranBy('neither'))
    expect(recorder.ranBy('another reference')).toEqual(recorder.ranBy('neither'))
  })
})
