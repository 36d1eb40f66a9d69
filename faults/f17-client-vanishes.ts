import { connect } from 'node:net'
import { chance } from '../storm/chance.ts'
import { bothEngines, ensure } from './fault.ts'
import type { Fault } from './fault.ts'
import { countIn, inHouse } from './house.ts'

export const clientVanishes: Fault = {
  id: 'F17',
  holds:
    'A client that vanishes in the middle of its request or its answer has had no effect or one, and its key settles which.',
  injection: 'a socket that is reset after so many bytes of the request, or of the answer',
  engines: bothEngines,
  rounds: { test: 40, short: 200, long: 2000 },
  needs: [],
  async run({ rounds, seed, breakGround }) {
    const location = await breakGround()
    return await inHouse(location, async ({ client, shop, url }) => {
      let done = 0
      for (let round = 0; round < rounds; round += 1) {
        const path = `/showtimes/${shop.reserved[round % 2]?.id}/holds`
        const body = { seats: [`R${1 + (Math.floor(round / 100) % 40)}-${1 + (Math.floor(round / 2) % 50)}`] }
        const key = `vanished ${round}`
        await vanish(url, path, JSON.stringify(body), key, chance(seed, key))
        const heard = await client.settle({ method: 'POST', path, body, key })
        ensure(heard.status === 201, `Its retry hears ${heard.status} ${heard.text}`)
        if (heard.replayed) done += 1
      }
      const holds = await countIn(location, 'holds')
      ensure(holds === rounds, `${holds} holds for ${rounds} wishes`)
      return `${done} of ${rounds} were done before their retry`
    })
  },
}

/** Sends a part of a request, or all of it and hears a part of the answer, and resets. `share`: of both together. */
async function vanish(url: string, path: string, body: string, key: string, share: number): Promise<void> {
  const { port, hostname } = new URL(url)
  const lines = [
    `POST /api/v1${path} HTTP/1.1`,
    'Host: localhost',
    'Content-Type: application/json',
    `Idempotency-Key: ${key}`,
    `Content-Length: ${body.length}`,
  ]
  const text = `${lines.join('\r\n')}\r\n\r\n${body}`
  const socket = connect(Number(port), hostname)
  // Where nobody answers at all, it goes too.
  socket.setTimeout(30_000, () => socket.destroy())
  await new Promise<void>((gone) => {
    socket.on('error', () => undefined)
    socket.on('close', () => gone())
    socket.on('connect', () => {
      // Half of them vanish while they ask, a quarter as soon as they have asked, a quarter with the first of the answer.
      if (share < 0.5) socket.write(text.slice(0, Math.floor(text.length * share * 2)), () => socket.resetAndDestroy())
      else if (share < 0.75) socket.write(text, () => socket.resetAndDestroy())
      else socket.on('data', () => socket.resetAndDestroy()).write(text)
    })
  })
}
