import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { createLog } from '../platform/log.ts'
import { createHttpServer } from './server.ts'
import { Pacer } from './turn-away.ts'

test('the first hundred of a tenth of a second hear at once, the others after a second, a thousand at a time', () => {
  const pacer = new Pacer<number>()
  const people = Array.from({ length: 2600 }, (_, person) => person)
  const atOnce = people.filter((person) => pacer.hearsAtOnce(person, 5000))
  expect(atOnce).toEqual(people.slice(0, 100))
  expect(pacer.hearsAtOnce(2600, 5099)).toBe(false)
  expect(pacer.hearsAtOnce(2601, 5100)).toBe(true)
  expect(pacer.round(5999)).toEqual([])
  expect(pacer.round(6000)).toEqual(people.slice(100, 1100))
  expect(pacer.round(6010)).toEqual(people.slice(1100, 2100))
  expect(pacer.round(6020)).toEqual(people.slice(2100))
  expect(pacer.isEmpty).toBe(false)
  expect(pacer.round(6098)).toEqual([])
  expect(pacer.round(6099)).toEqual([2600])
  expect(pacer.isEmpty).toBe(true)
})

test('nobody is forgotten in a long flood', () => {
  const pacer = new Pacer<number>()
  const heard: number[] = []
  let asked = 0
  for (let atMs = 0; atMs < 6000; atMs += 10) {
    for (let each = 0; each < 50; each += 1) {
      if (pacer.hearsAtOnce(asked, atMs)) heard.push(asked)
      asked += 1
    }
    heard.push(...pacer.round(atMs))
  }
  for (let atMs = 6000; !pacer.isEmpty; atMs += 10) heard.push(...pacer.round(atMs))
  expect(heard.toSorted((one, other) => one - other)).toEqual(Array.from({ length: asked }, (_, person) => person))
})

test('a connection that sends a thousand requests at once has its answers in order', async () => {
  const app = await createHttpServer({
    log: createLog('silent'),
    newRequestId: () => 'req_1',
    trustProxy: [],
    corsOrigins: [],
    secure: false,
    isDraining: () => false,
    guard: { isOverloaded: () => true, began() {}, ended() {}, start() {}, stop() {} },
  })
  onTestFinished(() => app.close())
  await app.listen({ port: 0, host: '127.0.0.1' })
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  const paths = Array.from({ length: 1000 }, (_, index) => `/work/${index}`)
  socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: house\r\n\r\n`).join(''))
  let text = ''
  const told = () => [...text.matchAll(/"instance":"([^"]+)"/g)].map(([, path]) => path)
  await new Promise<void>((resolve) => {
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += String(chunk)
      if (told().length === paths.length) resolve()
    })
  })
  expect(told()).toEqual(paths)
  expect(text.match(/HTTP\/1\.1 503 /g)).toHaveLength(paths.length)
})
