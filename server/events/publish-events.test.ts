import { afterEach, beforeEach, expect, test } from 'vitest'
import { listEvents } from '../../contract/events.ts'
import type { Database } from '../database/database.ts'
import { createLog } from '../platform/log.ts'
import { startAmqpDouble } from '../testing/amqp-double.ts'
import type { AmqpDouble } from '../testing/amqp-double.ts'
import { buySeats } from '../testing/buying.ts'
import { onBothEngines, startApp } from '../testing/harness.ts'
import type { TestApp } from '../testing/harness.ts'
import { makeShowtime } from '../testing/showtimes.ts'
import { signIn } from '../testing/sign-in.ts'
import { openBroker } from './broker.ts'
import type { Broker } from './broker.ts'
import { countUntold, publishEvents } from './publish-events.ts'
import { sequenceEvents } from './sequence-events.ts'

onBothEngines('events for a message broker', (engine) => {
  let double: AmqpDouble
  let app: TestApp
  let showtimeId: string
  const brokers: Broker[] = []

  beforeEach(async () => {
    double = await startAmqpDouble()
    app = await startApp(engine, { environment: { MAX_HOLDS_PER_CLIENT: '0' } })
    showtimeId = (await makeShowtime(app)).showtimeId
    await tell()
  })
  afterEach(async () => {
    for (const broker of brokers.splice(0)) await broker.close()
    await double.stop()
  })

  /** A server's broker; a new one knows of no failure before it. */
  const connect = () => {
    const broker = openBroker(double.url, createLog('silent'))
    brokers.push(broker)
    return broker
  }
  const tell = async (broker = connect(), database: Database = app.database) => {
    await sequenceEvents(app.database)
    return await publishEvents({ database, clock: app.clock, broker })
  }
  const told = () => double.messages.map(({ messageId }) => messageId)
  const happened = async () => {
    const admin = await signIn(app, 'admin')
    return (await app.call(listEvents, { query: { limit: 100 } }, admin)).body.data
  }

  test('arrive in order, durable, addressed by type and theatre, and read like those that are pulled', async () => {
    await buySeats(app, showtimeId, ['A1'])
    await buySeats(app, showtimeId, ['A2'])
    // Each booking is made, and then confirmed.
    expect(await tell()).toBe(4)
    expect(await tell()).toBe(0)
    const events = await happened()
    expect(double.exchanges).toEqual(new Set(['matinee.events topic']))
    expect(double.messages.map(({ body }) => JSON.parse(body))).toEqual(events)
    expect(double.messages[1]).toMatchObject({
      exchange: 'matinee.events',
      routingKey: `booking.confirmed.${events[1]?.theatreId}`,
      contentType: 'application/json',
      deliveryMode: 2,
      messageId: events[1]?.id,
      type: 'booking.confirmed',
    })
  })

  test('wait while the broker is away, and are all told when it is back', async () => {
    await double.stop()
    await buySeats(app, showtimeId, ['A1'])
    await expect(tell()).rejects.toThrow('ECONNREFUSED')
    await buySeats(app, showtimeId, ['A2'])
    await double.start()
    expect(await tell()).toBe(4)
    expect(told()).toEqual((await happened()).map(({ id }) => id))
  })

  test('come once more rather than never: after a refusal, and when the connection dies before the confirmation', async () => {
    await buySeats(app, showtimeId, ['A1'])
    double.behave('nack')
    await expect(tell()).rejects.toThrow('nacked')
    double.behave('die')
    await expect(tell()).rejects.toThrow('closed')
    double.behave('ack')
    expect(await tell()).toBe(2)
    const [made, confirmed] = await happened()
    expect(told()).toEqual([made?.id, made?.id, confirmed?.id])
  })

  test('are told by one server at a time, and by another when the first died over it', async () => {
    await buySeats(app, showtimeId, ['A1'])
    // It takes the work, and is never heard of again.
    const dying: Broker = { ...connect(), publish: () => new Promise(() => {}) }
    void tell(dying)
    await expect
      .poll(
        async () =>
          (await app.database.read.selectFrom('settings').selectAll().where('name', '=', 'amqp').executeTakeFirst())
            ?.value,
      )
      .not.toContain('"leasedUntil":0')
    expect(await tell()).toBe(0)
    app.clock.advance(30_001)
    expect(await tell()).toBe(2)
  })

  test('a broker that fails is left alone for a moment, and nothing of the house fails with it', async () => {
    await double.stop()
    await buySeats(app, showtimeId, ['A1'])
    const broker = connect()
    await expect(tell(broker)).rejects.toThrow('ECONNREFUSED')
    expect(await tell(broker)).toBe(0)
    expect(await countUntold(app.database.read)).toBe(2)
    expect((await buySeats(app, showtimeId, ['A2'])).status).toBe('confirmed')
  })
})
