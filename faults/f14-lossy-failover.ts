import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runMatinee } from '../server/testing/spawned-server.ts'
import { watching } from '../storm/ground.ts'
import { ensure } from './fault.ts'
import type { Fault } from './fault.ts'
import { inHouse } from './house.ts'
import { startPair } from './standby.ts'
import { startProxy } from './tcp-proxy.ts'

/** Acknowledged while the standby heard nothing. */
const unheard = 5

export const lossyFailover: Fault = {
  id: 'F14',
  holds:
    'Where an asynchronous standby takes over, what it never heard of is lost: the audit names exactly that from the clients’ journal, the rest is sound, and the seats are anybody’s once.',
  injection:
    'a standby made from a copy; its sender is stopped by SIGSTOP, then the primary is killed and the standby promoted',
  engines: ['postgres'],
  rounds: { test: 1, short: 3, long: 10 },
  needs: ['shell'],
  async run({ rounds }) {
    for (let round = 0; round < rounds; round += 1) {
      const pair = await startPair()
      const proxy = await startProxy(pair.primary.url)
      try {
        await watching(proxy.location, async () => undefined)
        await inHouse(proxy.location, async ({ client, shop, nextSeat }) => {
          const path = `/showtimes/${shop.reserved[0]?.id}/holds`
          const journal: string[] = []
          const hold = async (seat: string, key: string) => {
            const heard = await client.settle({ method: 'POST', path, body: { seats: [seat] }, key })
            ensure(heard.status === 201, `A hold was answered with ${heard.status} ${heard.text}`)
            journal.push(`hold ${String(heard.body['id'])} ${key}`)
            return String(heard.body['id'])
          }
          const seats = Array.from({ length: unheard }, nextSeat)
          await pair.makeSynchronous()
          await hold(nextSeat(), 'heard by the standby')
          await pair.makeAsynchronous()
          await pair.freeze()
          const lost: string[] = []
          for (const seat of seats) lost.push(await hold(seat, `unheard ${seat}`))
          await pair.failOver()
          proxy.leadTo(pair.standby.url)
          const named = await auditAgainst(proxy.location, journal)
          ensure(
            named.toSorted().join() === lost.toSorted().join(),
            `Lost were ${lost.join(', ')}, and the audit names ${named.join(', ')}`,
          )
          for (const seat of seats) await hold(seat, `again ${seat}`)
          const twice = await client.settle({ method: 'POST', path, body: { seats: seats.slice(0, 1) }, key: 'twice' })
          ensure(twice.status === 409, `A seat that was lost is sold twice: ${twice.status} ${twice.text}`)
        })
      } finally {
        await proxy.close()
        await pair.stop()
      }
    }
    return `${rounds} failovers, ${rounds * unheard} lost holds, each named`
  },
}

/** Which of the acknowledged are not there, as "matinee audit --against-journal" says. */
async function auditAgainst(
  location: Parameters<typeof runMatinee>[0],
  journal: readonly string[],
): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'matinee-journal-'))
  try {
    const file = join(folder, 'journal.txt')
    writeFileSync(file, `${journal.join('\n')}\n`)
    const { code, output } = await runMatinee(location, ['audit', '--against-journal', file])
    ensure(code === 1, `The audit ended with ${code}: ${output}`)
    return journal.flatMap((line) => line.split(' ')[1] ?? []).filter((id) => output.includes(id))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
