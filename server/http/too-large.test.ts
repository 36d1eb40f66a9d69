import { connect } from 'node:net'
import { expect, it } from 'vitest'
import { startApp } from '../testing/harness.ts'
import { listenOn } from '../testing/event-stream.ts'

it('a body that is too large is refused while it comes, and its sender hears so and can go on', async () => {
  const test = await startApp('sqlite')
  const port = Number(new URL(await listenOn(test)).port)
  const socket = connect(port, '127.0.0.1')
  let heard = ''
  const waiting: (() => void)[] = []
  socket.on('data', (chunk: Buffer) => {
    heard += chunk.toString('latin1')
    for (const wake of waiting.splice(0)) wake()
  })
  socket.on('close', () => {
    for (const wake of waiting.splice(0)) wake()
  })
  const hear = async (text: string) => {
    while (!heard.includes(text) && !socket.destroyed) await new Promise<void>((resolve) => waiting.push(resolve))
    return heard.includes(text)
  }
  const size = 2_000_000
  const head = 'POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n'
  socket.write(`${head}Content-Length: ${size}\r\n\r\n`)
  expect(await hear('HTTP/1.1 413')).toBe(true)
  expect(heard.toLowerCase()).not.toContain('connection: close')
  socket.write(Buffer.alloc(size, 32))
  socket.write('GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n')
  expect(await hear('HTTP/1.1 200')).toBe(true)
  socket.destroy()
})
