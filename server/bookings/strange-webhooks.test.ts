import { expect, it } from 'vitest'
import { must } from '../platform/assert.ts'
import { onBothEngines } from '../testing/harness.ts'
import { startPaying } from '../testing/paying.ts'

onBothEngines('webhooks that are not signed', (engine) => {
  it('make us ask the provider a few times for what is not ours, and as often as it likes for what is', async () => {
    const stage = await startPaying(engine, 'mollie')
    const { server } = must(stage.double, 'Mollie has a double')
    const booking = await stage.book(['A1'])
    const { id } = await stage.beginWell(booking)
    stage.pay(id)
    const webhooks = stage.webhooks()
    const ours = must(webhooks[0], 'Mollie tells of the payment')
    for (let told = 0; told < 40; told += 1) expect(await stage.post(ours)).toBe(200)
    const before = server.asked.length
    const strange = (at: number) => ({ ...ours, payload: `id=tr_stranger${at}` })
    for (let told = 0; told < 20; told += 1) expect(await stage.post(strange(told))).toBe(200)
    expect(await stage.post(strange(20))).toBe(429)
    expect(server.asked.length - before).toBe(20)
    // The payer's own return settles it all the same, and a while later the address counts as any other.
    stage.test.clock.advance(60_000)
    expect(await stage.post(strange(21))).toBe(200)
    expect(await stage.booking(booking)).toMatchObject({ status: 'confirmed', paid: { amount: 1250 } })
  })
})
