import { expect, it } from 'vitest'
import {
  changePassword,
  confirmSecondFactor,
  resetPassword,
  forgotPassword,
  startSecondFactor,
} from '../../contract/account-security.ts'
import { deleteMe, getMe, login, refresh, register, updateMe } from '../../contract/accounts.ts'
import { listUsers, updateUser } from '../../contract/users.ts'
import { createTheatre, deleteStaff, putStaff } from '../../contract/venues.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import { mailedToken, waitingMails } from '../testing/mail.ts'
import { signIn, testPassword } from '../testing/sign-in.ts'
import type { SignedIn } from '../testing/sign-in.ts'
import { totpAt } from './totp.ts'

const rounds = 5
const statuses = (answers: readonly { readonly status: number }[]) =>
  answers.map(({ status }) => status).toSorted((left, right) => left - right)

onBothEngines('two at once', (engine) => {
  it('register one email: one has it, the others hear 409', async () => {
    const test = await startApp(engine)
    for (let round = 0; round < rounds; round += 1) {
      const person = { name: 'Ada', password: testPassword }
      const emails = [`ada-${round}@example.com`, `ADA-${round}@Example.com`]
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, at) => test.call(register, { body: { ...person, email: emails[at % 2] } })),
      )
      expect(statuses(answers)).toEqual([201, ...Array<number>(99).fill(409)])
      const lost = answers.find(({ status }) => status === 409)
      expect(lost?.problem.code).toBe('email_taken')
    }
    expect(await test.database.read.selectFrom('users').select('id').execute()).toHaveLength(rounds)
    expect(await test.database.read.selectFrom('sessions').select('id').execute()).toHaveLength(rounds)
  })

  it('refresh with one token: one is the first use, and the session ends with the second', async () => {
    const test = await startApp(engine)
    for (let round = 0; round < rounds; round += 1) {
      const { refreshToken, token } = await signIn(test)
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => test.call(refresh, { body: { refreshToken } })),
      )
      expect(statuses(answers)).toEqual([200, ...Array<number>(9).fill(401)])
      const won = answers.find(({ status }) => status === 200)
      const next = await test.call(refresh, { body: { refreshToken: won?.body.refreshToken } })
      expect(next.status).toBe(401)
      expect((await test.call(getMe, {}, { token })).status).toBe(401)
      expect((await test.call(getMe, {}, { token: won?.body.accessToken })).status).toBe(401)
    }
  })

  it('administrators demote each other: one stays', async () => {
    const test = await startApp(engine)
    let admins = [await signIn(test, 'admin'), await signIn(test, 'admin')]
    for (let round = 0; round < rounds; round += 1) {
      const [first, second] = admins
      if (!first || !second) throw new Error('two are needed')
      const demote = (who: typeof first, by: typeof first) =>
        test.call(updateUser, { params: { id: who.userId }, body: { role: 'customer' } }, by)
      const answers = await Promise.all([demote(second, first), demote(first, second)])
      const won = answers.filter(({ status }) => status === 200)
      expect(won).toHaveLength(1)
      for (const { status } of answers) expect([200, 401, 409]).toContain(status)
      const left = answers[0]?.status === 200 ? first : second
      expect((await test.call(listUsers, { query: { role: 'admin' } }, left)).body.data).toHaveLength(1)
      admins = [left, await signIn(test, 'admin')]
    }
  })

  it('administrators ban and leave: one stays', async () => {
    const test = await startApp(engine)
    for (let round = 0; round < rounds; round += 1) {
      const people = [await signIn(test, 'admin'), await signIn(test, 'admin'), await signIn(test, 'admin')]
      const [first, second, third] = people
      const answers = await Promise.all([
        test.call(deleteMe, {}, first),
        test.call(updateUser, { params: { id: third?.userId }, body: { banned: true } }, second),
        test.call(updateUser, { params: { id: second?.userId }, body: { role: 'owner' } }, third),
        test.call(deleteMe, {}, third),
      ])
      for (const { status } of answers) expect([200, 204, 401, 403, 404, 409]).toContain(status)
      const acting = await test.database.read
        .selectFrom('users')
        .select('id')
        .where('role', '=', 'admin')
        .where('bannedAt', 'is', null)
        .where('deletedAt', 'is', null)
        .execute()
      expect(acting.length).toBeGreaterThanOrEqual(1)
      await test.database.write(async (tx) => {
        await tx.query.updateTable('users').set({ role: 'customer' }).execute()
      })
    }
  })

  it('move to one email: one has it', async () => {
    const test = await startApp(engine)
    for (let round = 0; round < rounds; round += 1) {
      const people = await Promise.all(Array.from({ length: 6 }, () => signIn(test)))
      const email = `wanted-${round}@example.com`
      const answers = await Promise.all(people.map((person) => test.call(updateMe, { body: { email } }, person)))
      expect(statuses(answers)).toEqual([200, ...Array<number>(5).fill(409)])
    }
  })

  it('show one code of the second factor: it counts once', async () => {
    const test = await startApp(engine)
    const ada = await signIn(test)
    const { secret } = (await test.call(startSecondFactor, { body: {} }, ada)).body
    const codeNow = () => totpAt(secret, Math.floor(test.clock.now() / 30_000))
    const { recoveryCodes } = (await test.call(confirmSecondFactor, { body: { code: codeNow() } }, ada)).body
    test.clock.advance(30_000)
    for (const code of [codeNow(), recoveryCodes[0]]) {
      const body = { email: ada.email, password: testPassword, code }
      const answers = await Promise.all(Array.from({ length: 8 }, () => test.call(login, { body })))
      expect(statuses(answers)).toEqual([200, ...Array<number>(7).fill(401)])
    }
  })

  it('use one link from a mail: it works once', async () => {
    const test = await startApp(engine)
    const ada = await signIn(test)
    await test.call(forgotPassword, { body: { email: ada.email } })
    const token = await mailedToken(test, 'mail.reset-password', ada.email)
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, at) =>
        test.call(resetPassword, { body: { token, newPassword: `a seat in row ${at}` } }),
      ),
    )
    expect(statuses(answers)).toEqual([204, ...Array<number>(7).fill(410)])
    const won = answers.findIndex(({ status }) => status === 204)
    const entered = await test.call(login, { body: { email: ada.email, password: `a seat in row ${won}` } })
    expect(entered.status).toBe(200)
  })

  it('sign in with the old password while it is replaced: no session of it is left', async () => {
    const test = await startApp(engine)
    for (let round = 0; round < rounds; round += 1) {
      const ada = await signIn(test)
      await test.call(forgotPassword, { body: { email: ada.email } })
      const token = await mailedToken(test, 'mail.reset-password', ada.email)
      const old = { email: ada.email, password: testPassword }
      const reset = test.call(resetPassword, { body: { token, newPassword: 'a seat in row 7' } })
      const entered = await Promise.all(Array.from({ length: 24 }, () => test.call(login, { body: old })))
      expect((await reset).status).toBe(204)
      for (const { body } of entered.filter(({ status }) => status === 200)) {
        const refreshToken = 'refreshToken' in body ? body.refreshToken : undefined
        expect((await test.call(refresh, { body: { refreshToken } })).status).toBe(401)
      }
      expect((await test.call(login, { body: old })).status).toBe(401)
    }
  })

  it('replace the password while a mail replaces it: what the mail set stands, or was set upon it', async () => {
    const test = await startApp(engine)
    for (let round = 0; round < rounds; round += 1) {
      const ada = await signIn(test)
      await test.call(forgotPassword, { body: { email: ada.email } })
      const token = await mailedToken(test, 'mail.reset-password', ada.email)
      const [reset, ...changes] = await Promise.all([
        test.call(resetPassword, { body: { token, newPassword: 'a seat in row 7' } }),
        ...Array.from({ length: 8 }, (_, at) => {
          const body = { currentPassword: testPassword, newPassword: `a thief in row ${at}` }
          return test.call(changePassword, { body }, ada)
        }),
      ])
      expect(reset.status).toBe(204)
      // Whoever was first has changed it; the mail comes after, or nobody does.
      expect(changes.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1)
      const entered = await test.call(login, { body: { email: ada.email, password: 'a seat in row 7' } })
      expect(entered.status).toBe(200)
    }
  })

  it('ask for mails of one address: three an hour are sent', async () => {
    const test = await startApp(engine)
    const ada = await signIn(test)
    const mailsTo = async (email: string) => {
      const mails = await waitingMails(test)
      return mails.filter(({ kind, payload }) => kind === 'mail.reset-password' && payload['email'] === email).length
    }
    const ask = async () => await test.call(forgotPassword, { body: { email: ada.email } })
    const answers = await Promise.all(Array.from({ length: 20 }, ask))
    expect(statuses(answers)).toEqual(Array<number>(20).fill(202))
    expect(await mailsTo(ada.email)).toBe(3)
  })

  it('end and begin to work at theatres: staff have a theatre, and who has one is staff', async () => {
    const test = await startApp(engine)
    const owner = await signIn(test, 'owner')
    const theatres: string[] = []
    for (const name of ['Rex', 'Roxy']) {
      test.clock.advance(1)
      const body = { name, city: 'London', timeZone: 'Europe/London', currency: 'GBP' }
      theatres.push((await test.call(createTheatre, { body }, owner)).body.id)
    }
    const [rex, roxy] = theatres
    const begin = async (id: string | undefined, { userId }: SignedIn) =>
      await test.call(putStaff, { params: { id, userId } }, owner)
    const end = async (id: string | undefined, { userId }: SignedIn) =>
      await test.call(deleteStaff, { params: { id, userId } }, owner)
    for (let round = 0; round < rounds; round += 1) {
      const clerk = await signIn(test)
      const rows = test.database.read.selectFrom('users').select('role').where('id', '=', clerk.userId)
      const roleNow = async () => (await rows.executeTakeFirst())?.role
      await begin(rex, clerk)
      await Promise.all([end(rex, clerk), begin(roxy, clerk)])
      expect(await roleNow()).toBe('staff')
      await begin(rex, clerk)
      await Promise.all([end(rex, clerk), end(roxy, clerk)])
      expect(await roleNow()).toBe('customer')
    }
  })
})
