import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { bothEngines, ensure } from './fault.ts'
import type { Fault } from './fault.ts'
import { inHouse } from './house.ts'

const limit = 96
const crowd = 200

export const noDescriptors: Fault = {
  id: 'F30',
  holds:
    'A server that has no descriptor left for another connection goes on, and takes people again when some have left.',
  injection: 'a limit of 96 open files, and 200 connections that say nothing',
  engines: bothEngines,
  rounds: { test: 1, short: 3, long: 20 },
  needs: ['shell'],
  async run({ rounds, breakGround }) {
    const location = await breakGround()
    return await inHouse(
      location,
      async ({ client, server, shop, url, nextSeat }) => {
        const path = `/showtimes/${shop.reserved[0]?.id}/holds`
        let leastOpen = crowd
        for (let round = 0; round < rounds; round += 1) {
          const sockets: Socket[] = []
          try {
            const { port, hostname } = new URL(url)
            while (sockets.length < crowd) sockets.push(await dial(Number(port), hostname))
            // Whoever comes now is let in, sent away or left waiting; the server must live.
            await client.send({ method: 'POST', path, body: { seats: [nextSeat()] }, key: `crowded ${round}` })
            leastOpen = Math.min(leastOpen, sockets.filter(({ destroyed }) => !destroyed).length)
          } finally {
            for (const socket of sockets) socket.destroy()
          }
          const heard = await client.settle({
            method: 'POST',
            path,
            body: { seats: [nextSeat()] },
            key: `calm ${round}`,
          })
          ensure(heard.status === 201, `With room again somebody heard ${heard.status} ${heard.text}`)
          ensure(server.child.exitCode === null, 'The server ended')
        }
        ensure(leastOpen < crowd, `All ${crowd} were let in: the limit was not met`)
        ensure(client.met.serverErrors.size === 0, `Somebody heard ${JSON.stringify([...client.met.serverErrors])}`)
        return `${rounds} crowds of ${crowd}, of which at least ${crowd - leastOpen} were sent away`
      },
      { under: ['sh', '-c', `ulimit -n ${limit}; exec "$0" "$@"`] },
    )
  },
}

/** A connection that is there, or was refused: both are answers. */
function dial(port: number, host: string): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect({ port, host })
    for (const event of ['connect', 'error', 'close'] as const) socket.on(event, () => resolve(socket))
  })
}
