import { expect, it } from 'vitest'
import { getMe, login, refresh, register } from '../../contract/accounts.ts'
import { listUsers, promoteUser, updateUser } from '../../contract/users.ts'
import { waitingMails } from '../testing/mail.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import { signIn, testPassword } from '../testing/sign-in.ts'

onBothEngines('administrators', (engine) => {
  it('find people by part of a name or email, by role, and by ban, in pages', async () => {
    const test = await startApp(engine)
    const admin = await signIn(test, 'admin', { email: 'root@house.example', name: 'Root' })
    const zoe = await signIn(test, 'owner', { email: 'zoe_100%@example.com', name: 'Zoë Müller' })
    const ada = await signIn(test, 'customer', { email: 'ada@example.com', name: 'Ada Lovelace' })
    const find = async (query: Record<string, unknown>) =>
      (await test.call(listUsers, { query }, admin)).body.data.map(({ id }) => id)
    expect(await find({})).toEqual([ada.userId, zoe.userId, admin.userId])
    expect(await find({ q: 'zoe mull' })).toEqual([zoe.userId])
    expect(await find({ q: 'LOVE' })).toEqual([ada.userId])
    expect(await find({ q: '%' })).toHaveLength(3)
    expect(await find({ q: 'ad%z' })).toEqual([])
    expect(await find({ role: 'owner' })).toEqual([zoe.userId])
    await test.call(updateUser, { params: { id: ada.userId }, body: { banned: true } }, admin)
    expect(await find({ banned: true })).toEqual([ada.userId])
    expect(await find({ banned: false })).toEqual([zoe.userId, admin.userId])
    const first = await test.call(listUsers, { query: { limit: 2 } }, admin)
    const second = await test.call(listUsers, { query: { limit: 2, cursor: first.body.nextCursor } }, admin)
    expect(second.body.data.map(({ id }) => id)).toEqual([admin.userId])
    expect(second.body.nextCursor).toBeNull()
  })

  it('are the only ones who may', async () => {
    const test = await startApp(engine)
    const target = await signIn(test)
    for (const role of ['customer', 'staff', 'owner'] as const) {
      const person = await signIn(test, role)
      for (const answer of [
        await test.call(listUsers, {}, person),
        await test.call(updateUser, { params: { id: target.userId }, body: { role: 'admin' } }, person),
        await test.call(updateUser, { params: { id: 'usr_nothing' }, body: { role: 'god' } }, person),
        await test.call(promoteUser, { params: { id: person.userId } }, person),
      ]) {
        expect(answer.problem).toMatchObject({ status: 403, code: 'forbidden' })
      }
    }
    expect((await test.call(listUsers)).problem.status).toBe(401)
    const admin = await signIn(test, 'admin')
    expect((await test.call(promoteUser, { params: { id: 'usr_nothing' } }, admin)).problem.status).toBe(404)
  })

  it('raise somebody, whose tokens can do more at once', async () => {
    const test = await startApp(engine)
    const admin = await signIn(test, 'admin')
    const ada = await signIn(test)
    expect((await test.call(listUsers, {}, ada)).status).toBe(403)
    const promoted = await test.call(promoteUser, { params: { id: ada.userId } }, admin)
    expect(promoted.body).toMatchObject({ id: ada.userId, role: 'admin', banned: false })
    expect((await test.call(listUsers, {}, ada)).status).toBe(200)
    expect((await test.call(promoteUser, { params: { id: ada.userId } }, admin)).status).toBe(200)
  })

  it('demote somebody, whose tokens stop at once; the next ones can do less', async () => {
    const test = await startApp(engine)
    const admin = await signIn(test, 'admin')
    const other = await signIn(test, 'admin')
    expect((await test.call(listUsers, {}, other)).status).toBe(200)
    await test.call(updateUser, { params: { id: other.userId }, body: { role: 'customer' } }, admin)
    expect((await test.call(listUsers, {}, other)).problem).toMatchObject({ status: 401, code: 'unauthenticated' })
    const { body } = await test.call(refresh, { body: { refreshToken: other.refreshToken } })
    expect(body.user.role).toBe('customer')
    expect((await test.call(getMe, {}, { token: body.accessToken })).status).toBe(200)
    expect((await test.call(listUsers, {}, { token: body.accessToken })).problem.status).toBe(403)
  })

  it('ban somebody, who is out at once and stays out until let in again', async () => {
    const test = await startApp(engine)
    const admin = await signIn(test, 'admin')
    const ada = await signIn(test)
    const banned = await test.call(updateUser, { params: { id: ada.userId }, body: { banned: true } }, admin)
    expect(banned.body.banned).toBe(true)
    expect((await test.call(getMe, {}, ada)).problem.code).toBe('unauthenticated')
    expect((await test.call(refresh, { body: { refreshToken: ada.refreshToken } })).status).toBe(401)
    const entering = () => test.call(login, { body: { email: ada.email, password: testPassword } })
    expect((await entering()).problem).toMatchObject({ status: 403, code: 'forbidden' })
    const wrong = await test.call(login, { body: { email: ada.email, password: 'wrong password' } })
    expect(wrong.problem.code).toBe('invalid_credentials')
    await test.call(updateUser, { params: { id: ada.userId }, body: { banned: false } }, admin)
    expect((await entering()).status).toBe(200)
    // What was ended stays ended.
    expect((await test.call(refresh, { body: { refreshToken: ada.refreshToken } })).status).toBe(401)
  })

  it('never leave the house without one who can act', async () => {
    const test = await startApp(engine)
    const admin = await signIn(test, 'admin')
    const change = (id: string, body: object) => test.call(updateUser, { params: { id }, body }, admin)
    for (const body of [{ role: 'owner' }, { banned: true }, { role: 'customer', banned: true }]) {
      expect((await change(admin.userId, body)).problem).toMatchObject({ status: 409, code: 'last_admin' })
    }
    const second = await signIn(test, 'admin')
    expect((await change(second.userId, { banned: true })).status).toBe(200)
    expect((await change(admin.userId, { role: 'staff' })).problem.code).toBe('last_admin')
    // A banned administrator cannot act, so demoting one takes nothing away.
    expect((await change(second.userId, { role: 'customer' })).status).toBe(200)
    expect((await change(admin.userId, { role: 'admin' })).status).toBe(200)
  })

  it('promote once for one Idempotency-Key', async () => {
    const test = await startApp(engine)
    const admin = await signIn(test, 'admin')
    const ada = await signIn(test)
    const promote = () =>
      test.call(promoteUser, { params: { id: ada.userId } }, { ...admin, headers: { 'idempotency-key': 'k1' } })
    const first = await promote()
    const second = await promote()
    expect(second.headers['idempotency-replayed']).toBe('true')
    expect(second.body).toEqual(first.body)
  })
})

onBothEngines('signing up as an owner', (engine) => {
  const owner = { email: 'olive@example.com', name: 'Olive', password: testPassword, role: 'owner' }

  it('is open to everybody by default', async () => {
    const test = await startApp(engine)
    expect((await test.call(register, { body: owner })).body.user.role).toBe('owner')
  })

  it('waits for an administrator where the house wants to look first', async () => {
    const test = await startApp(engine, { environment: { OWNER_SIGNUP: 'approval' } })
    const admin = await signIn(test, 'admin')
    const { user } = (await test.call(register, { body: owner })).body
    expect(user).toMatchObject({ role: 'customer', requestedRole: 'owner' })
    const waiting = await test.call(listUsers, { query: { requestedRole: 'owner' } }, admin)
    expect(waiting.body.data).toMatchObject([{ id: user.id, requestedRole: 'owner' }])
    const approved = await test.call(updateUser, { params: { id: user.id }, body: { role: 'owner' } }, admin)
    expect(approved.body).toMatchObject({ role: 'owner', requestedRole: null })
    expect((await waitingMails(test)).at(-1)).toMatchObject({
      kind: 'mail.owner-approved',
      payload: { email: owner.email, userId: user.id },
    })
    const declined = await test.call(register, { body: { ...owner, email: 'oscar@example.com' } })
    const { id } = declined.body.user
    const answer = await test.call(updateUser, { params: { id }, body: { role: 'customer' } }, admin)
    expect(answer.body).toMatchObject({ role: 'customer', requestedRole: null })
    expect((await waitingMails(test)).filter(({ kind }) => kind === 'mail.owner-approved')).toHaveLength(1)
  })

  it('is refused where it is closed, and customers still come', async () => {
    const test = await startApp(engine, { environment: { OWNER_SIGNUP: 'closed' } })
    expect((await test.call(register, { body: owner })).problem).toMatchObject({ status: 403, code: 'forbidden' })
    expect((await test.call(register, { body: { ...owner, role: 'customer' } })).status).toBe(201)
  })

  it('is as far as anybody gets by themselves', async () => {
    const test = await startApp(engine)
    for (const role of ['admin', 'staff', 'god', '', null]) {
      expect((await test.call(register, { body: { ...owner, role } })).problem.code, String(role)).toBe(
        'validation_failed',
      )
    }
  })
})

onBothEngines('staff', (engine) => {
  it('are customers who were given a theatre: at once, and until the last is taken away', async () => {
    const test = await startApp(engine)
    const { accounts } = test.app.house
    const ada = await signIn(test)
    const owner = await signIn(test, 'owner')
    const roleOf = async (token: string) => (await test.call(getMe, {}, { token })).body.role
    for (const person of [ada, owner]) {
      await test.database.write((tx) => accounts.raiseToStaff(tx, person.userId))
    }
    expect(await roleOf(ada.token)).toBe('staff')
    expect(await roleOf(owner.token)).toBe('owner')
    const identified = await accounts.identify({
      authorization: `Bearer ${ada.token}`,
      cookies: {},
      method: 'GET',
      origin: undefined,
      host: undefined,
      fetchSite: undefined,
    })
    expect(identified).toMatchObject({ kind: 'account', role: 'staff' })
    for (const person of [ada, owner]) {
      await test.database.write((tx) => accounts.lowerFromStaff(tx, person.userId))
    }
    expect((await test.call(getMe, {}, ada)).problem.code).toBe('unauthenticated')
    expect(await roleOf(owner.token)).toBe('owner')
    const { body } = await test.call(refresh, { body: { refreshToken: ada.refreshToken } })
    expect(body.user.role).toBe('customer')
  })

  it('are raised by a commit, not by a try', async () => {
    const test = await startApp(engine)
    const { accounts } = test.app.house
    const ada = await signIn(test)
    await test.database
      .write(async (tx) => {
        await accounts.raiseToStaff(tx, ada.userId)
        throw new Error('the theatre is gone')
      })
      .catch(() => undefined)
    expect((await test.call(getMe, {}, ada)).body.role).toBe('customer')
  })
})
