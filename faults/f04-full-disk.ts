import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { watching } from '../storm/ground.ts'
import { ensure } from './fault.ts'
import type { Fault } from './fault.ts'
import { inHouse } from './house.ts'

const sizeMiB = 48
/** More than the room that a file may have left in the pages it has already. */
const mostTries = 2000

export const fullDisk: Fault = {
  id: 'F4',
  holds:
    'On a full disk writers hear 507 and readers are served; as soon as there is room it sells again, without a restart, and nothing is lost.',
  injection: 'a file system of 48 MiB of its own, and a file that fills it',
  engines: ['sqlite'],
  rounds: { test: 0, short: 3, long: 50 },
  needs: ['linux', 'mount'],
  async run({ rounds }) {
    const folder = mkdtempSync(join(tmpdir(), 'matinee-full-'))
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMiB}m`, 'tmpfs', folder])
    try {
      const location = { engine: 'sqlite', path: join(folder, 'full.db') } as const
      await watching(location, async () => undefined)
      return await inHouse(location, async ({ client, server, shop, url, nextSeat }) => {
        const path = `/showtimes/${shop.reserved[0]?.id}/holds`
        for (let round = 0; round < rounds; round += 1) {
          fill(join(folder, 'ballast'))
          const wish = (tries: number) =>
            ({ method: 'POST', path, body: { seats: [nextSeat()] }, key: `round ${round} try ${tries}` }) as const
          let refused = wish(0)
          for (let tries = 1; await client.send(refused); tries += 1) {
            ensure(tries < mostTries, 'Nobody heard that the disk is full')
            refused = wish(tries)
          }
          const look = await fetch(`${url}/api/v1/movies`, { signal: AbortSignal.timeout(30_000) })
          ensure(look.status === 200, `A reader heard ${look.status}`)
          rmSync(join(folder, 'ballast'))
          const again = await client.settle(refused)
          ensure(
            again.status === 201 && !again.replayed,
            `With room again the writer heard ${again.status} ${again.text}`,
          )
          ensure(server.child.exitCode === null, 'The server ended on a full disk')
        }
        ensure(client.met.serverErrors.size === 0, `Somebody heard ${JSON.stringify([...client.met.serverErrors])}`)
        ensure((client.met.turnedAway.get('507 storage_full') ?? 0) >= rounds, 'Nobody heard 507')
        return `${rounds} times full: ${JSON.stringify([...client.met.turnedAway])}`
      })
    } finally {
      execFileSync('umount', [folder])
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

/** Writes a file until nothing fits any more. */
function fill(path: string): void {
  const file = openSync(path, 'w')
  try {
    for (let size = 1024 * 1024; size >= 512; size /= 2) {
      const piece = Buffer.alloc(size, 1)
      try {
        while (writeSync(file, piece) === size);
      } catch {
        // It is full for pieces of this size.
      }
    }
  } finally {
    closeSync(file)
  }
}
