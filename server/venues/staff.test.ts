import { describe, expect, it } from 'vitest'
import * as contract from '../../contract/venues.ts'
import { findUsableAccount } from '../accounts/store.ts'
import { proveEmail } from '../accounts/verify-email.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import type { TestApp } from '../testing/harness.ts'
import { signIn } from '../testing/sign-in.ts'
import type { SignedIn } from '../testing/sign-in.ts'

const rex = { name: 'Rex', city: 'London', timeZone: 'Europe/London', currency: 'GBP' }

async function open(test: TestApp, as: SignedIn, theatre: object = {}) {
  test.clock.advance(1)
  return (await test.call(contract.createTheatre, { body: { ...rex, ...theatre } }, as)).body
}

onBothEngines('staff', (engine) => {
  const roleOf = async (test: TestApp, person: SignedIn) =>
    (await test.database.read.selectFrom('users').select('role').where('id', '=', person.userId).executeTakeFirst())
      ?.role

  it('are invited by email: an account is staff at once, whatever the case of the address', async () => {
    const test = await startApp(engine)
    const owner = await signIn(test, 'owner')
    const clerk = await signIn(test, 'customer', { email: 'clerk@example.com', name: 'Clerk' })
    const { id } = await open(test, owner)
    const body = { email: 'Clerk@Example.com' }
    const { body: member } = await test.call(contract.inviteStaff, { params: { id }, body }, owner)
    const expected = {
      userId: clerk.userId,
      email: 'clerk@example.com',
      name: 'Clerk',
      role: 'staff',
      status: 'active',
    }
    expect(member).toMatchObject(expected)
    await test.call(contract.inviteStaff, { params: { id }, body }, owner)
    const { body: staff } = await test.call(contract.listStaff, { params: { id } }, owner)
    expect(staff.data).toEqual([{ ...expected, since: member.since }])
    const params = { id, userId: clerk.userId }
    expect((await test.call(contract.deleteStaff, { params }, owner)).status).toBe(204)
    expect(await roleOf(test, clerk)).toBe('customer')
    expect((await test.call(contract.deleteStaff, { params }, owner)).problem.code).toBe('not_found')
  })

  it('are invited thirty times an hour by one person, to whomever: nobody’s mailbox is filled from here', async () => {
    const test = await startApp(engine)
    const [owner, other] = [await signIn(test, 'owner'), await signIn(test, 'owner')]
    const invite = async (as: SignedIn, email: string) => {
      const { id } = await open(test, as)
      return (await test.call(contract.inviteStaff, { params: { id }, body: { email } }, as)).status
    }
    for (let sent = 0; sent < 30; sent += 1) expect(await invite(owner, `victim${sent % 3}@example.com`)).toBe(201)
    expect(await invite(owner, 'victim@example.com')).toBe(429)
    expect(await invite(other, 'victim@example.com')).toBe(201)
    test.clock.advance(2 * 60_000)
    expect(await invite(owner, 'victim@example.com')).toBe(201)
  })

  it('stay staff while another theatre has them; owners and administrators are never lowered', async () => {
    const test = await startApp(engine)
    const admin = await signIn(test, 'admin')
    const [clerk, owner] = [await signIn(test), await signIn(test, 'owner')]
    const [one, two] = [await open(test, admin), await open(test, admin)]
    const put = async (id: string, person: SignedIn) =>
      (await test.call(contract.putStaff, { params: { id, userId: person.userId } }, admin)).body.role
    const remove = async (id: string, person: SignedIn) =>
      (await test.call(contract.deleteStaff, { params: { id, userId: person.userId } }, admin)).status
    expect(await put(one.id, clerk)).toBe('staff')
    expect(await put(two.id, clerk)).toBe('staff')
    expect(await put(two.id, clerk)).toBe('staff')
    expect(await put(one.id, owner)).toBe('owner')
    expect(await remove(one.id, clerk)).toBe(204)
    expect(await roleOf(test, clerk)).toBe('staff')
    expect(await remove(two.id, clerk)).toBe(204)
    expect(await roleOf(test, clerk)).toBe('customer')
    expect(await remove(one.id, owner)).toBe(204)
    expect(await roleOf(test, owner)).toBe('owner')
    const nobody = { params: { id: one.id, userId: 'usr_nobody' } }
    expect((await test.call(contract.putStaff, nobody, admin)).problem.code).toBe('not_found')
  })

  it('without an account wait for one that proves the email', async () => {
    const test = await startApp(engine)
    const owner = await signIn(test, 'owner')
    const { id } = await open(test, owner)
    const invite = async (email: string) =>
      await test.call(contract.inviteStaff, { params: { id }, body: { email } }, owner)
    expect((await invite('new@example.com')).body).toMatchObject({ userId: null, status: 'invited' })
    await invite('wrong@example.com')
    const withdraw = { params: { id, userId: 'Wrong@example.com' } }
    expect((await test.call(contract.deleteStaff, withdraw, owner)).status).toBe(204)
    const person = await signIn(test, 'customer', { email: 'new@example.com', emailVerified: false })
    expect(await roleOf(test, person)).toBe('customer')
    const { dependents } = test.app.house.accounts.parts
    const who = { userId: person.userId, emailFolded: 'new@example.com' }
    await test.database.write(async (tx) => {
      for (const dependent of dependents) await dependent.emailVerified?.(tx, who)
    })
    const { body } = await test.call(contract.listStaff, { params: { id } }, owner)
    expect(body.data.map(({ userId, status }) => ({ userId, status }))).toEqual([
      { userId: person.userId, status: 'active' },
    ])
    expect(await roleOf(test, person)).toBe('staff')
  })

  it('with an account that only claims the email wait for the proof that it is its own', async () => {
    const test = await startApp(engine)
    const owner = await signIn(test, 'owner')
    const { id } = await open(test, owner)
    const claims = await signIn(test, 'customer', { email: 'clerk@example.com', emailVerified: false })
    const invited = await test.call(contract.inviteStaff, { params: { id }, body: { email: claims.email } }, owner)
    expect(invited.body).toMatchObject({ userId: null, name: null, status: 'invited' })
    expect(await roleOf(test, claims)).toBe('customer')
    const { parts } = test.app.house.accounts
    await test.database.write(async (tx) => {
      const account = await findUsableAccount(tx.query, claims.userId)
      if (account) await proveEmail(tx, parts, account)
    })
    expect(await roleOf(test, claims)).toBe('staff')
    const { body } = await test.call(contract.listStaff, { params: { id } }, owner)
    expect(body.data).toMatchObject([{ userId: claims.userId, status: 'active' }])
  })

  it('are seen by the theatre’s owner alone', async () => {
    const test = await startApp(engine)
    const owner = await signIn(test, 'owner')
    const { id } = await open(test, owner)
    const clerk = await signIn(test)
    await test.call(contract.putStaff, { params: { id, userId: clerk.userId } }, owner)
    for (const as of [undefined, clerk]) {
      expect((await test.call(contract.listStaff, { params: { id } }, as)).status).toBe(as ? 403 : 401)
    }
  })
})

describe('an owner of theatres', () => {
  it('cannot close the account before they have another', async () => {
    const test = await startApp('sqlite')
    const owner = await signIn(test, 'owner')
    await open(test, owner)
    const answer = await test.inject({
      method: 'DELETE',
      url: '/api/v1/auth/me',
      headers: { authorization: `Bearer ${owner.token}` },
    })
    expect(answer.json()).toMatchObject({ status: 409, code: 'owns_theatres' })
  })
})
