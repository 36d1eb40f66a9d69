import type { ChannelModel, ConfirmChannel } from 'amqplib'
import type { Log } from '../platform/log.ts'

/** A message for the exchange. */
export interface BrokerMessage {
  readonly id: string
  readonly type: string
  readonly routingKey: string
  /** Seconds since the epoch. */
  readonly timestamp: number
  readonly body: Buffer
}

/** Where events go besides webhooks. */
export interface Broker {
  /** Answers when the broker has confirmed every one of them; throws when it did not, or is away. */
  publish(messages: readonly BrokerMessage[]): Promise<void>
  /** Whether it failed a moment ago and is left alone for now. */
  readonly isAway: () => boolean
  close(): Promise<void>
}

/** The one exchange, of type topic: who wants something binds a queue of the own. */
export const exchangeName = 'matinee.events'
const patienceMs = 10_000
const longestPauseMs = 30_000

interface Line {
  readonly connection: ChannelModel
  readonly channel: ConfirmChannel
}

/** RabbitMQ (AMQP 0-9-1). Loads its client only here, connects with the first message, and anew after every failure. */
export function openBroker(url: string, log: Log): Broker {
  let line: Line | null = null
  let failures = 0
  let againAtMs = 0

  const lose = (reason: unknown) => {
    void line?.connection.close().catch(() => {})
    line = null
    failures += 1
    againAtMs = performance.now() + Math.min(longestPauseMs, 500 * 2 ** failures)
    if (failures === 1) log.warn({ err: reason }, 'the message broker is away: events wait')
  }

  async function connect(): Promise<Line> {
    const { connect: open } = await import('amqplib')
    const connection = await open(url, { timeout: patienceMs })
    // An error without a listener ends the process; what it means is told by the close that follows.
    connection.on('error', () => {})
    connection.on('close', () => {
      if (line?.connection === connection) lose(new Error('the connection was closed'))
    })
    const channel = await connection.createConfirmChannel()
    channel.on('error', () => {})
    await channel.assertExchange(exchangeName, 'topic', { durable: true })
    return { connection, channel }
  }

  async function send(messages: readonly BrokerMessage[]): Promise<void> {
    const { channel } = (line ??= await connect())
    await Promise.all(messages.map((message) => confirmed(channel, message)))
    if (failures > 0) log.info('the message broker is back')
    failures = 0
  }

  return {
    async publish(messages) {
      try {
        await within(patienceMs, send(messages))
      } catch (error) {
        lose(error)
        throw error
      }
    },
    isAway: () => performance.now() < againAtMs,
    async close() {
      const open = line
      line = null
      await open?.connection.close().catch(() => {})
    },
  }
}

function confirmed(channel: ConfirmChannel, { id, type, routingKey, timestamp, body }: BrokerMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = {
      persistent: true,
      contentType: 'application/json',
      messageId: id,
      type,
      timestamp,
      appId: 'matinee',
    }
    channel.publish(exchangeName, routingKey, body, options, (error: unknown) => {
      if (error === null || error === undefined) resolve()
      else reject(error instanceof Error ? error : new Error('The broker did not take the message'))
    })
  })
}

async function within<Result>(limitMs: number, work: Promise<Result>): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`The broker said nothing for ${limitMs} ms`)), limitMs)
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}
