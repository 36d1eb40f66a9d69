import { expect, test } from 'vitest'
import { login } from '../../../contract/accounts.ts'
import { typeCommand } from '../../testing/command-line.ts'
import { onBothEngines, startApp } from '../../testing/harness.ts'

const ada = ['--email', 'Ada@example.com', '--name', 'Ada', '--password', 'velvet curtain 1911']

onBothEngines('create-admin', (engine) => {
  test('makes an administrator who can sign in at once', async () => {
    const house = await startApp(engine)
    expect(await typeCommand(house.location, ['create-admin', ...ada])).toEqual({
      code: 0,
      output: 'Ada@example.com is an administrator now.\n',
      errors: '',
    })
    const { body } = await house.call(login, { body: { email: 'ada@example.com', password: 'velvet curtain 1911' } })
    expect(body.user).toMatchObject({ role: 'admin', emailVerified: true })
    const entries = await house.database.read.selectFrom('auditLog').selectAll().execute()
    expect(entries).toMatchObject([{ action: 'matinee create-admin', subjectId: body.user.id, actorRole: 'operator' }])
    expect(JSON.stringify(entries)).not.toContain('example.com')
  })

  test('refuses a second account for the email, a weak password and what is no email, and makes nothing', async () => {
    const house = await startApp(engine)
    await typeCommand(house.location, ['create-admin', ...ada])
    const cases = [
      [['--email', 'ADA@EXAMPLE.COM', '--name', 'Ada', '--password', 'velvet curtain 1912'], 'email'],
      [['--email', 'eve@example.com', '--name', 'Eve', '--password', 'password1'], 'password'],
      [['--email', 'eve@example.com', '--name', 'Eve', '--password', 'short'], 'at least 8'],
      [['--email', 'eve', '--name', 'Eve', '--password', 'velvet curtain 1912'], 'email'],
    ] as const
    for (const [argv, reason] of cases) {
      const { code, output, errors } = await typeCommand(house.location, ['create-admin', ...argv])
      expect([code, output]).toEqual([1, ''])
      expect(errors).toContain(reason)
    }
    expect(await house.database.read.selectFrom('users').select('email').execute()).toEqual([
      { email: 'Ada@example.com' },
    ])
  })

  test('without all three options it is wrong usage', async () => {
    const house = await startApp(engine)
    expect(await typeCommand(house.location, ['create-admin', '--email', 'ada@example.com'])).toMatchObject({
      code: 2,
      errors: expect.stringContaining('--password and --name are missing'),
    })
  })
})
