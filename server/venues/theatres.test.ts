import { expect, it } from 'vitest'
import * as halls from '../../contract/auditoriums.ts'
import * as contract from '../../contract/venues.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import type { TestApp } from '../testing/harness.ts'
import { signIn } from '../testing/sign-in.ts'
import type { SignedIn } from '../testing/sign-in.ts'

const rex = { name: 'Rex', city: 'London', timeZone: 'Europe/London', currency: 'GBP' }

async function open(test: TestApp, as: SignedIn, theatre: object = {}) {
  test.clock.advance(1)
  return (await test.call(contract.createTheatre, { body: { ...rex, ...theatre } }, as)).body
}

onBothEngines('theatres', (engine) => {
  it('are opened with name, city, zone and currency alone, and read by anybody', async () => {
    const test = await startApp(engine)
    const owner = await signIn(test, 'owner')
    const { body: theatre } = await test.call(contract.createTheatre, { body: rex }, owner)
    expect(theatre).toMatchObject({ ...rex, country: null, latitude: null, amenities: [], ownerId: owner.userId })
    expect(theatre.settings).toMatchObject({
      businessDayStartsAt: '06:00',
      refundUntilMinutes: 120,
      pricesIncludeTax: true,
    })
    const read = await test.call(contract.getTheatre, { params: { id: theatre.id } })
    expect(read.body).toEqual(theatre)
    const etag = String(read.headers['etag'])
    const again = await test.call(
      contract.getTheatre,
      { params: { id: theatre.id } },
      { headers: { 'if-none-match': etag } },
    )
    expect(again.status).toBe(304)
    expect((await test.call(contract.createTheatre, { body: rex })).status).toBe(401)
    expect((await test.call(contract.createTheatre, { body: rex }, await signIn(test, 'staff'))).status).toBe(403)
  })

  it('are refused when they are not what a theatre is', async () => {
    const wrong: [object, string][] = [
      [{ name: undefined }, '/name'],
      [{ timeZone: 'Europe/Londres' }, '/timeZone'],
      [{ timeZone: '+01:00' }, '/timeZone'],
      [{ currency: 'gbp' }, '/currency'],
      [{ currency: 'XQX' }, '/currency'],
      [{ latitude: 51 }, '/longitude'],
      [{ latitude: 91, longitude: 0 }, '/latitude'],
      [{ rating: 5 }, '/rating'],
      [{ ownerId: 'usr_nobody' }, '/ownerId'],
    ]
    const test = await startApp(engine)
    const admin = await signIn(test, 'admin')
    for (const [change, path] of wrong) {
      const { problem } = await test.call(contract.createTheatre, { body: { ...rex, ...change } }, admin)
      expect(problem).toMatchObject({ status: 400, code: 'validation_failed' })
      expect(JSON.stringify(problem['errors'])).toContain(path === '/name' ? 'name' : `"path":"${path}"`)
    }
  })

  it('are managed by their owner and by administrators; for everybody else they are 403, and missing ones 404', async () => {
    const test = await startApp(engine)
    const [owner, another, admin] = [
      await signIn(test, 'owner'),
      await signIn(test, 'owner'),
      await signIn(test, 'admin'),
    ]
    const { id } = await open(test, owner)
    const params = { id }
    const body = { name: 'Roxy', phone: '+44 20 7946 0000' }
    expect((await test.call(contract.updateTheatre, { params, body }, owner)).body).toMatchObject({ ...rex, ...body })
    expect((await test.call(contract.updateTheatre, { params, body: { phone: null } }, admin)).body.phone).toBeNull()
    const refused = [
      test.call(contract.updateTheatre, { params, body }, another),
      test.call(contract.deleteTheatre, { params }, another),
      test.call(contract.getSettings, { params }, another),
      test.call(contract.updateSettings, { params, body: {} }, another),
      test.call(contract.listStaff, { params }, another),
      test.call(contract.inviteStaff, { params, body: { email: 'a@example.com' } }, another),
      test.call(
        halls.createAuditorium,
        { params, body: { name: 'One', layout: { seating: 'general', capacity: 9 } } },
        another,
      ),
    ]
    for (const answer of await Promise.all(refused)) expect(answer.problem.code).toBe('forbidden')
    const nothing = { params: { id: 'thr_nothing' } }
    expect((await test.call(contract.getSettings, nothing, another)).problem.code).toBe('not_found')
    expect((await test.call(contract.updateTheatre, { ...nothing, body: { colour: 1 } }, owner)).problem.code).toBe(
      'not_found',
    )
  })

  it('are given to another owner by an administrator alone', async () => {
    const test = await startApp(engine)
    const [owner, another, admin] = [
      await signIn(test, 'owner'),
      await signIn(test, 'owner'),
      await signIn(test, 'admin'),
    ]
    const customer = await signIn(test)
    const { id } = await open(test, owner)
    const give = async (ownerId: string | null, as: SignedIn) =>
      await test.call(contract.updateTheatre, { params: { id }, body: { ownerId } }, as)
    expect((await give(another.userId, owner)).problem.code).toBe('forbidden')
    expect((await give(customer.userId, admin)).problem.code).toBe('validation_failed')
    expect((await give(owner.userId, owner)).body.ownerId).toBe(owner.userId)
    expect((await give(another.userId, admin)).body.ownerId).toBe(another.userId)
    expect((await give(owner.userId, owner)).status).toBe(403)
    expect((await open(test, admin)).ownerId).toBeNull()
    expect((await open(test, admin, { ownerId: owner.userId })).ownerId).toBe(owner.userId)
  })

  it('cannot be changed by two at once: the second hears 412', async () => {
    const test = await startApp(engine)
    const owner = await signIn(test, 'owner')
    const { id } = await open(test, owner)
    const etag = String((await test.call(contract.getTheatre, { params: { id } })).headers['etag'])
    const as = { token: owner.token, headers: { 'if-match': etag } }
    const edits = ['A', 'B', 'C'].map((name) =>
      test.call(contract.updateTheatre, { params: { id }, body: { name } }, as),
    )
    expect((await Promise.all(edits)).map((answer) => String(answer.status)).toSorted()).toEqual(['200', '412', '412'])
    expect((await test.call(contract.updateSettings, { params: { id }, body: { trailerMinutes: 5 } }, as)).status).toBe(
      412,
    )
  })

  it('are listed by name, city, words, and the nearest first', async () => {
    const test = await startApp(engine)
    const admin = await signIn(test, 'admin')
    await open(test, admin, { name: 'Écran', city: 'Paris', latitude: 48.8566, longitude: 2.3522 })
    await open(test, admin, { name: 'Zenith', city: 'PARIS', address: '12 Rue Lepic' })
    await open(test, admin, { name: 'Astor', latitude: 51.5074, longitude: -0.1278 })
    await open(test, admin, { name: 'Date Line', city: 'Suva', latitude: -18.1, longitude: 179.9 })
    const names = async (query: object) => {
      const found: string[] = []
      let cursor: string | null = ''
      while (cursor !== null) {
        const page: { data: { name: string }[]; nextCursor: string | null } = (
          await test.call(contract.listTheatres, { query: { ...query, limit: 2, ...(cursor && { cursor }) } })
        ).body
        found.push(...page.data.map((theatre) => theatre.name))
        cursor = page.nextCursor
      }
      return found
    }
    expect(await names({})).toEqual(['Astor', 'Date Line', 'Écran', 'Zenith'])
    expect(await names({ city: 'paris' })).toEqual(['Écran', 'Zenith'])
    expect(await names({ q: 'lepic par' })).toEqual(['Zenith'])
    expect(await names({ near: '50.95,1.85' })).toEqual(['Astor', 'Écran', 'Date Line'])
    expect(await names({ near: '-18.1, -179.9' })).toEqual(['Date Line', 'Astor', 'Écran'])
    expect(await names({ near: '48,2', city: 'Paris' })).toEqual(['Écran'])
    expect((await test.call(contract.listTheatres, { query: { near: '91,0' } })).status).toBe(400)
    expect((await test.call(contract.listTheatres, { query: { near: 'here' } })).status).toBe(400)
    expect((await test.call(contract.listCities)).body).toEqual({ data: ['London', 'PARIS', 'Suva'], nextCursor: null })
  })

  it('are listed for whoever works there: all for an administrator, their own for owners, none for the audience', async () => {
    const test = await startApp(engine)
    const [owner, another, admin, clerk, customer] = [
      await signIn(test, 'owner'),
      await signIn(test, 'owner'),
      await signIn(test, 'admin'),
      await signIn(test),
      await signIn(test),
    ]
    const here = await open(test, owner, { name: 'Astor', latitude: 51.5, longitude: -0.1 })
    await open(test, another, { name: 'Zenith', latitude: 48.8, longitude: 2.3 })
    await test.call(contract.inviteStaff, { params: { id: here.id }, body: { email: clerk.email } }, owner)
    const mine = async (as?: SignedIn, more: object = {}) =>
      (await test.call(contract.listTheatres, { query: { mine: true, ...more } }, as)).body.data.map(({ name }) => name)
    expect(await mine(owner)).toEqual(['Astor'])
    expect(await mine(another)).toEqual(['Zenith'])
    expect(await mine(admin)).toEqual(['Astor', 'Zenith'])
    expect(await mine(clerk)).toEqual(['Astor'])
    expect(await mine(customer)).toEqual([])
    expect(await mine()).toEqual([])
    expect(await mine(owner, { near: '48.8,2.3' })).toEqual(['Astor'])
    expect(await mine(owner, { mine: false })).toEqual(['Astor', 'Zenith'])
  })

  it('close only when they are empty', async () => {
    const test = await startApp(engine)
    const owner = await signIn(test, 'owner')
    const { id } = await open(test, owner)
    const body = { name: 'One', layout: { seating: 'general', capacity: 9 } }
    const hall = (await test.call(halls.createAuditorium, { params: { id }, body }, owner)).body
    expect((await test.call(contract.deleteTheatre, { params: { id } }, owner)).problem.code).toBe('theatre_in_use')
    expect((await test.call(halls.deleteAuditorium, { params: { id: hall.id } }, owner)).status).toBe(204)
    expect((await test.call(contract.deleteTheatre, { params: { id } }, owner)).status).toBe(204)
    expect((await test.call(contract.getTheatre, { params: { id } })).status).toBe(404)
  })
})

onBothEngines('settings', (engine) => {
  it('have the defaults of the contract, and keep what is changed', async () => {
    const test = await startApp(engine)
    const owner = await signIn(test, 'owner')
    const { id } = await open(test, owner)
    const params = { id }
    const { body: settings } = await test.call(contract.getSettings, { params }, owner)
    expect(settings).toEqual({
      businessDayStartsAt: '06:00',
      trailerMinutes: 20,
      turnaroundMinutes: 15,
      salesCloseMinutes: 15,
      doorsOpenMinutes: 60,
      singleGapRule: false,
      sellSofasWhole: false,
      accessibleReleaseMinutes: 0,
      refundUntilMinutes: 120,
      refundSharePercent: 100,
      staffRefundLimit: { amount: 5000, currency: 'GBP' },
      ticketFee: { amount: 0, currency: 'GBP' },
      taxRatePercent: 0,
      pricesIncludeTax: true,
      filmWeekStartsOn: 'friday',
      locales: ['en'],
      brand: { logoUrl: null, colors: {}, typeface: null },
    })
    const change = {
      singleGapRule: true,
      ticketFee: 50,
      staffRefundLimit: null,
      brand: { colors: { primary: '#7a1f2b' } },
    }
    const { body: changed } = await test.call(contract.updateSettings, { params, body: change }, owner)
    expect(changed).toEqual({
      ...settings,
      singleGapRule: true,
      ticketFee: { amount: 50, currency: 'GBP' },
      staffRefundLimit: null,
      brand: { logoUrl: null, colors: { primary: '#7a1f2b' }, typeface: null },
    })
    const money = { ticketFee: { amount: 75, currency: 'GBP' }, brand: { typeface: 'Inter' } }
    const { body: last } = await test.call(contract.updateSettings, { params, body: money }, owner)
    expect(last).toMatchObject({
      ticketFee: { amount: 75 },
      brand: { colors: { primary: '#7a1f2b' }, typeface: 'Inter' },
    })
    const { body: theatre } = await test.call(contract.getTheatre, { params })
    expect(theatre.settings).toMatchObject({ singleGapRule: true, ticketFee: { amount: 75, currency: 'GBP' } })
    expect(theatre.settings).not.toHaveProperty('staffRefundLimit')
  })

  it('refuse what makes no sense', async () => {
    const wrong: object[] = [
      { ticketFee: { amount: 1, currency: 'EUR' } },
      { ticketFee: -1 },
      { trailerMinutes: 1.5 },
      { businessDayStartsAt: '24:00' },
      { refundSharePercent: 101 },
      { locales: [] },
      { brand: { colors: { primary: 'red' } } },
      { brand: { logoUrl: 'javascript:alert(1)' } },
      { unknown: 1 },
    ]
    const test = await startApp(engine)
    const owner = await signIn(test, 'owner')
    const { id } = await open(test, owner)
    for (const body of wrong) {
      const { problem } = await test.call(contract.updateSettings, { params: { id }, body }, owner)
      expect(problem.code, JSON.stringify(body)).toBe('validation_failed')
    }
  })
})
