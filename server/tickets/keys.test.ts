import { expect, it } from 'vitest'
import { createSecrets } from '../platform/secrets.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import { makeTicketCode, readTicketCode } from './code.ts'
import { createTicketKeys, keyTurnMs } from './keys.ts'

const ticket = { id: 'tkt_1', showtimeId: 'sho_1', codeRevision: 1 }

onBothEngines('ticket keys', (engine) => {
  async function keysOf(secret = 'one secret') {
    const { database, clock } = await startApp(engine)
    return { database, clock, keys: createTicketKeys(database, clock, createSecrets(secret)) }
  }

  it('are made once, and shared by the servers of one database and secret', async () => {
    const { database, clock, keys } = await keysOf()
    const [first, second] = await Promise.all([keys.signing(), keys.signing()])
    expect(second.keyTag).toBe(first.keyTag)
    const neighbour = createTicketKeys(database, clock, createSecrets('one secret'))
    expect(makeTicketCode(await neighbour.signing(), ticket)).toBe(makeTicketCode(first, ticket))
    expect(await keys.verifying()).toHaveLength(1)
  })

  it('lie in the database encrypted', async () => {
    const { database, keys } = await keysOf()
    const { privateKey } = await keys.signing()
    const row = await database.read.selectFrom('signingKeys').selectAll().executeTakeFirstOrThrow()
    expect(JSON.stringify(row)).not.toContain(String(privateKey.export({ format: 'jwk' }).d))
  })

  it('take turns after a year: old codes open the door, the old private half is gone', async () => {
    const { database, clock, keys } = await keysOf()
    const old = await keys.signing()
    const printed = makeTicketCode(old, ticket)
    clock.advance(keyTurnMs)
    const next = await keys.signing()
    expect(next.keyTag).not.toBe(old.keyTag)
    expect(readTicketCode(await keys.verifying(), printed)?.ticketId).toBe('tkt_1')
    expect(readTicketCode(await keys.verifying(), makeTicketCode(next, ticket))?.ticketId).toBe('tkt_1')
    const retired = await database.read
      .selectFrom('signingKeys')
      .select('privateEncrypted')
      .where('retiredAt', 'is not', null)
      .execute()
    expect(retired).toEqual([{ privateEncrypted: '' }])
  })

  it('of another server are noticed when a code of theirs is read', async () => {
    const { database, clock, keys } = await keysOf()
    await keys.signing()
    const stranger = createTicketKeys(database, clock, createSecrets('another secret'))
    const made = await stranger.signing()
    const code = makeTicketCode(made, ticket)
    expect(readTicketCode(await keys.verifying(), code)).toBeUndefined()
    expect((await keys.read(code))?.ticketId).toBe('tkt_1')
    const changed = code.startsWith('A', code.length - 10) ? 'B' : 'A'
    expect(await keys.read(`${code.slice(0, -10)}${changed}${code.slice(-9)}`)).toBeUndefined()
  })

  it('survive a changed secret: a new key signs, codes of the old one stay good', async () => {
    const { database, clock, keys } = await keysOf()
    const printed = makeTicketCode(await keys.signing(), ticket)
    const changed = createTicketKeys(database, clock, createSecrets('the new secret'))
    await changed.signing()
    expect(readTicketCode(await changed.verifying(), printed)?.ticketId).toBe('tkt_1')
    expect(await changed.verifying()).toHaveLength(2)
  })
})
