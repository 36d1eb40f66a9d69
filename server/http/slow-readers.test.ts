import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { connect, Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it, vi } from 'vitest'
import { must } from '../platform/assert.ts'
import { cutSlowReaders } from './slow-readers.ts'

/** More than the buffers of the system take in. */
const long = Buffer.alloc(32 * 1024 * 1024)
const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

async function serve(bytesPerSecond: number): Promise<{ server: Server; port: number }> {
  const server = createServer((_request, response) => response.end(long))
  ends.push(cutSlowReaders(server, { everyMs: 20, graceMs: 200, bytesPerSecond }), () => server.close())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = must(server.address(), 'It listens') as AddressInfo
  return { server, port: address.port }
}

/** Asks, and answers the connection with a promise of the bytes that it got until it was closed. */
function ask(port: number): { socket: Socket; heard: Promise<number> } {
  const { promise, resolve } = Promise.withResolvers<number>()
  let heard = 0
  const socket = connect(port, '127.0.0.1', () =>
    socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'),
  )
  socket.on('data', (piece: Buffer) => {
    heard += piece.length
  })
  socket.on('error', () => resolve(heard))
  socket.on('close', () => resolve(heard))
  ends.push(() => socket.destroy())
  return { socket, heard: promise }
}

it('who does not take an answer is cut off, and who takes it has all of it', async () => {
  const { server, port } = await serve(16 * 1024 ** 2)
  const [slow, quick] = [ask(port), ask(port)]
  const closed = new Promise((resolve) => server.once('connection', (socket) => socket.once('close', resolve)))
  slow.socket.pause()
  expect(await quick.heard).toBeGreaterThan(long.length)
  await closed
  slow.socket.resume()
  expect(await slow.heard).toBeLessThan(long.length)
})

it('who takes it slowly has the time that so much takes', async () => {
  const { port } = await serve(1024)
  const reader = ask(port)
  reader.socket.pause()
  setTimeout(() => reader.socket.resume(), 600)
  expect(await reader.heard).toBeGreaterThan(long.length)
})

it('who takes a little now and then, to keep the rest in memory, is cut off as well', () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
  ends.push(() => vi.useRealTimers())
  const server = createServer().removeAllListeners('connection')
  ends.push(cutSlowReaders(server, { everyMs: 5000, graceMs: 30_000, bytesPerSecond: 2048 }))
  /** A reader of so many bytes a second, of an answer of 400 KB: how long it lives, seconds. */
  const livesFor = (bytesPerSecond: number) => {
    const socket = new Socket()
    let taken = 0
    Object.defineProperty(socket, 'bytesWritten', { value: 400_000 })
    Object.defineProperty(socket, 'writableLength', { get: () => Math.max(0, 400_000 - taken) })
    server.emit('connection', socket)
    for (let seconds = 0; seconds < 4000; seconds += 1) {
      if (socket.destroyed) return seconds
      vi.advanceTimersByTime(1000)
      taken += bytesPerSecond
    }
    return Infinity
  }
  expect(livesFor(0)).toBeLessThan(240)
  expect(livesFor(100)).toBeLessThan(240)
  expect(livesFor(2048)).toBe(Infinity)
})
