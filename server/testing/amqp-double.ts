import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

/** What a publisher sent. */
export interface PublishedMessage {
  readonly exchange: string
  readonly routingKey: string
  readonly contentType: string
  /** 2 outlives the broker. */
  readonly deliveryMode: number
  readonly messageId: string
  readonly type: string
  readonly body: string
}

/** A broker that speaks as much of AMQP 0-9-1 as a publisher with confirmations needs. */
export interface AmqpDouble {
  readonly url: string
  readonly messages: readonly PublishedMessage[]
  /** Exchanges that were declared: `name type`. */
  readonly exchanges: ReadonlySet<string>
  /** What comes of messages from now on: confirmed, refused, or taken while the connection dies before it is said. */
  behave(how: 'ack' | 'nack' | 'die'): void
  stop(): Promise<void>
  start(): Promise<void>
}

const ok: Readonly<Record<string, readonly [classId: number, methodId: number, body: Buffer]>> = {
  // tune-ok needs no answer; open → open-ok, and so on.
  '10.40': [10, 41, Buffer.from([0])],
  '10.50': [10, 51, Buffer.alloc(0)],
  '20.10': [20, 11, Buffer.alloc(4)],
  '20.40': [20, 41, Buffer.alloc(0)],
  '85.10': [85, 11, Buffer.alloc(0)],
  '40.10': [40, 11, Buffer.alloc(0)],
}

export async function startAmqpDouble(): Promise<AmqpDouble> {
  const messages: PublishedMessage[] = []
  const exchanges = new Set<string>()
  const sockets = new Set<Socket>()
  let behaviour: 'ack' | 'nack' | 'die' = 'ack'
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy())
    serve(socket, exchanges, (message, deliveryTag) => {
      if (behaviour !== 'nack') messages.push(message)
      if (behaviour === 'die') {
        socket.destroy()
        return
      }
      const tag = Buffer.alloc(9)
      tag.writeBigUInt64BE(BigInt(deliveryTag))
      socket.write(method(1, 60, behaviour === 'ack' ? 80 : 120, tag))
    })
  })
  const listen = async (port: number) =>
    await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve))
  await listen(0)
  const { port } = server.address() as AddressInfo
  return {
    url: `amqp://127.0.0.1:${port}`,
    messages,
    exchanges,
    behave: (how) => void (behaviour = how),
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
    start: async () => await listen(port),
  }
}

/** One connection: shakes hands, answers what is declared, and hands on each message with its number. */
function serve(
  socket: Socket,
  exchanges: Set<string>,
  take: (message: PublishedMessage, deliveryTag: number) => void,
): void {
  let pending = Buffer.alloc(0)
  let greeted = false
  let deliveryTag = 0
  let address: Pick<PublishedMessage, 'exchange' | 'routingKey'> = { exchange: '', routingKey: '' }
  let properties: Omit<PublishedMessage, 'exchange' | 'routingKey' | 'body'> | null = null
  const onFrame = (type: number, payload: Buffer) => {
    if (type === 1) {
      const [classId, methodId] = [payload.readUInt16BE(0), payload.readUInt16BE(2)]
      const name = `${classId}.${methodId}`
      if (name === '10.11') socket.write(method(0, 10, 30, Buffer.from([0, 10, 0, 2, 0, 0, 0, 0])))
      if (name === '40.10') exchanges.add(shortStrings(payload.subarray(6)).join(' '))
      if (name === '60.40') {
        const [exchange = '', routingKey = ''] = shortStrings(payload.subarray(6))
        address = { exchange, routingKey }
      }
      const answer = ok[name]
      if (answer) socket.write(method(classId === 10 ? 0 : 1, ...answer))
    } else if (type === 2) {
      properties = readProperties(payload)
    } else if (type === 3 && properties) {
      take({ ...address, ...properties, body: payload.toString() }, (deliveryTag += 1))
    }
  }
  socket.on('data', (chunk) => {
    pending = Buffer.concat([pending, Buffer.from(chunk)])
    if (!greeted && pending.length >= 8) {
      greeted = true
      pending = pending.subarray(8)
      const plain = Buffer.from('PLAIN AMQPLAIN')
      const start = Buffer.concat([Buffer.from([0, 9, 0, 0, 0, 0, 0, 0, 0, plain.length]), plain, longText('en_US')])
      socket.write(method(0, 10, 10, start))
    }
    while (greeted && pending.length >= 7 && pending.length >= pending.readUInt32BE(3) + 8) {
      const end = pending.readUInt32BE(3) + 7
      const [type, payload] = [pending.readUInt8(0), pending.subarray(7, end)]
      pending = pending.subarray(end + 1)
      onFrame(type, payload)
    }
  })
}

function method(channel: number, classId: number, methodId: number, body: Buffer): Buffer {
  const head = Buffer.alloc(11)
  head.writeUInt8(1, 0)
  head.writeUInt16BE(channel, 1)
  head.writeUInt32BE(4 + body.length, 3)
  head.writeUInt16BE(classId, 7)
  head.writeUInt16BE(methodId, 9)
  return Buffer.concat([head, body, Buffer.from([0xce])])
}

function longText(text: string): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(text.length)
  return Buffer.concat([length, Buffer.from(text)])
}

/** The two short strings at the beginning of a declaration or a message. */
function shortStrings(bytes: Buffer): string[] {
  const first = bytes.readUInt8(0)
  const second = bytes.readUInt8(1 + first)
  return [bytes.toString('utf8', 1, 1 + first), bytes.toString('utf8', 2 + first, 2 + first + second)]
}

/** Properties of a message, in the order of their flags. Source: AMQP 0-9-1, 4.2.6.1. */
function readProperties(payload: Buffer): Omit<PublishedMessage, 'exchange' | 'routingKey' | 'body'> {
  const flags = payload.readUInt16BE(12)
  let at = 14
  const has = (bit: number) => (flags & (1 << bit)) !== 0
  const text = (bit: number) => {
    if (!has(bit)) return ''
    const length = payload.readUInt8(at)
    at += 1 + length
    return payload.toString('utf8', at - length, at)
  }
  const skip = (bit: number, bytes: () => number) => void (has(bit) && (at += bytes()))
  const contentType = text(15)
  text(14)
  skip(13, () => 4 + payload.readUInt32BE(at))
  const deliveryMode = has(12) ? payload.readUInt8(at) : 0
  skip(12, () => 1)
  skip(11, () => 1)
  for (const bit of [10, 9, 8]) text(bit)
  const messageId = text(7)
  skip(6, () => 8)
  return { contentType, deliveryMode, messageId, type: text(5) }
}
