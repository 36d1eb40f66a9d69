import { expect, it, test } from 'vitest'
import * as contract from '../../contract/prices.ts'
import { updateShowtime } from '../../contract/showtimes.ts'
import { onBothEngines } from '../testing/harness.ts'
import { makeHouse, stageHouse } from '../testing/houses.ts'
import { signIn } from '../testing/sign-in.ts'
import { judgeTicketRules, usualTicketTypes } from './ticket-types.ts'

const euros = (amount: number) => ({ amount, currency: 'EUR' })

onBothEngines('ticket types', (engine) => {
  it('are the usual five and the theatre’s own', async () => {
    const { test: app, owner, house } = await stageHouse(engine)
    const params = { id: house.theatreId }
    const keys = async () => (await app.call(contract.listTicketTypes, { params })).body.data.map((type) => type.key)
    expect(await keys()).toEqual(['adult', 'child', 'student', 'senior', 'member'])
    const carer = { key: 'carer', name: 'Carer', proof: 'Badge', requires: { ticketType: 'adult', ratio: 1 } }
    const made = await app.call(contract.createTicketType, { params, body: carer }, owner)
    expect(made.body).toEqual({ id: expect.stringMatching(/^tty_/), ...carer })
    expect(await keys()).toEqual(['adult', 'child', 'student', 'senior', 'member', 'carer'])
    const again = await app.call(contract.createTicketType, { params, body: carer }, owner)
    expect(again.problem).toMatchObject({ status: 409, code: 'ticket_type_exists' })
    const one = { params: { ...params, ticketTypeId: made.body.id } }
    const changed = await app.call(
      contract.updateTicketType,
      { ...one, body: { proof: null, maxPerBooking: 2 } },
      owner,
    )
    expect(changed.body).toEqual({
      id: made.body.id,
      key: 'carer',
      name: 'Carer',
      maxPerBooking: 2,
      requires: carer.requires,
    })
    expect((await app.call(contract.getTicketType, one)).body).toEqual(changed.body)
    expect((await app.call(contract.deleteTicketType, one, owner)).status).toBe(204)
    expect((await app.call(contract.getTicketType, one)).problem.code).toBe('not_found')
  })

  it('that are usual may be changed, and are usual again when that is taken away', async () => {
    const { test: app, owner, house } = await stageHouse(engine)
    const one = { params: { id: house.theatreId, ticketTypeId: 'student' } }
    const changed = await app.call(contract.updateTicketType, { ...one, body: { name: 'Studi' } }, owner)
    expect(changed.body).toMatchObject({ key: 'student', name: 'Studi', proof: 'Student card' })
    await app.call(contract.deleteTicketType, one, owner)
    expect((await app.call(contract.getTicketType, one)).body.name).toBe('Student')
  })

  it('are for the theatre’s own house, and refer to types that it sells', async () => {
    const { test: app, owner, house } = await stageHouse(engine)
    const params = { id: house.theatreId }
    const body = { key: 'carer', name: 'Carer' }
    const other = await signIn(app, 'owner')
    expect((await app.call(contract.createTicketType, { params, body }, other)).problem.code).toBe('forbidden')
    expect((await app.call(contract.createTicketType, { params: { id: 'thr_none' }, body }, owner)).problem.code).toBe(
      'not_found',
    )
    for (const ticketType of ['carer', 'pirate']) {
      const wrong = { ...body, requires: { ticketType, ratio: 1 } }
      const { problem } = await app.call(contract.createTicketType, { params, body: wrong }, owner)
      expect(problem).toMatchObject({ code: 'validation_failed', errors: [{ path: '/requires/ticketType' }] })
    }
  })
})

onBothEngines('price lists', (engine) => {
  const rules = [
    { category: 'standard', ticketType: 'adult', price: euros(1200) },
    { category: 'standard', ticketType: 'adult', until: '17:00', price: euros(900) },
    { category: 'standard', ticketType: 'adult', days: ['tuesday'], price: euros(700) },
  ]

  it('price a showtime when it is made, and never again', async () => {
    const { test: app, owner, house, make } = await stageHouse(engine)
    const params = { id: house.theatreId }
    const list = (await app.call(contract.createPriceList, { params, body: { name: 'Usual', rules } }, owner)).body
    expect(list).toEqual({ id: expect.stringMatching(/^prl_/), theatreId: house.theatreId, name: 'Usual', rules })
    const priced = { basePrice: undefined, priceListId: list.id }
    const amountOf = async (startsAt: string) => (await make({ startsAt, ...priced })).body.prices[0]?.price.amount
    expect(await amountOf('2026-12-24T14:00')).toBe(900)
    expect(await amountOf('2026-12-24T20:00')).toBe(1200)
    expect(await amountOf('2026-12-23T00:30')).toBe(700)
    const made = (await make({ startsAt: '2026-12-26T20:00', ...priced })).body
    const one = { params: { ...params, priceListId: list.id } }
    const dearer = { rules: [{ category: 'standard', ticketType: 'adult', price: euros(5000) }] }
    expect((await app.call(contract.updatePriceList, { ...one, body: dearer }, owner)).body.rules).toEqual(dearer.rules)
    const change = { params: { id: made.id }, body: { startsAt: '2026-12-26T14:00' } }
    expect((await app.call(updateShowtime, change, owner)).body.prices[0]?.price.amount).toBe(1200)
    expect((await app.call(contract.listPriceLists, { params }, owner)).body.data).toHaveLength(1)
    expect((await app.call(contract.deletePriceList, one, owner)).status).toBe(204)
    expect((await app.call(contract.getPriceList, one, owner)).problem.code).toBe('not_found')
    expect((await make({ startsAt: '2026-12-27T20:00', ...priced })).problem).toMatchObject({
      errors: [{ path: '/priceListId' }],
    })
  })

  it('are read by the house and kept by its owner, in the theatre’s currency', async () => {
    const { test: app, owner, house } = await stageHouse(engine)
    const params = { id: house.theatreId }
    const body = { name: 'Usual', rules }
    const { id } = (await app.call(contract.createPriceList, { params, body }, owner)).body
    const staff = await signIn(app, 'staff')
    expect((await app.call(contract.listPriceLists, { params }, staff)).problem.code).toBe('forbidden')
    const member = { theatreId: house.theatreId, userId: staff.userId, createdAt: 1 }
    await app.database.write(async (tx) => await tx.query.insertInto('theatreStaff').values(member).execute())
    const one = { params: { ...params, priceListId: id } }
    expect((await app.call(contract.getPriceList, one, staff)).body.name).toBe('Usual')
    expect((await app.call(contract.updatePriceList, { ...one, body: {} }, staff)).problem.code).toBe('forbidden')
    const elsewhere = await makeHouse(app, { ownerId: owner.userId })
    const misplaced = { params: { id: elsewhere.theatreId, priceListId: id } }
    expect((await app.call(contract.getPriceList, misplaced, owner)).problem.code).toBe('not_found')
    const foreign = [{ category: 'standard', ticketType: 'adult', price: { amount: 1, currency: 'GBP' } }]
    const { problem } = await app.call(contract.updatePriceList, { ...one, body: { rules: foreign } }, owner)
    expect(problem).toMatchObject({ code: 'validation_failed', errors: [{ path: '/rules/0/price/currency' }] })
  })
})

test('the conditions of ticket types hold for a booking as a whole', () => {
  const types = [
    ...usualTicketTypes,
    { id: 'c', key: 'carer', name: 'Carer', requires: { ticketType: 'adult', ratio: 1 } },
    { id: 'g', key: 'group', name: 'Group', maxPerBooking: 2, channels: ['counter' as const] },
  ]
  const judge = (keys: readonly string[], channel: 'web' | 'counter' = 'web') =>
    judgeTicketRules(
      types,
      keys.map((ticketType) => ({ ticketType })),
      channel,
    )?.extra['ticketType'] ?? null
  expect(judge(['adult', 'carer'])).toBeNull()
  expect(judge(['adult', 'carer', 'carer'])).toBe('carer')
  expect(judge(['child', 'carer'])).toBe('carer')
  expect(judge(['group'])).toBe('group')
  expect(judge(['group', 'group'], 'counter')).toBeNull()
  expect(judge(['group', 'group', 'group'], 'counter')).toBe('group')
})
