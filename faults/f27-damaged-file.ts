import { closeSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs'
import { runMatinee, spawnServer } from '../server/testing/spawned-server.ts'
import { furnish, watching } from '../storm/ground.ts'
import { endBy } from '../storm/weather.ts'
import { meetDamagedPage } from './damaged-page.ts'
import { bothEngines, ensure } from './fault.ts'
import type { Fault, Trial } from './fault.ts'

/** What is done to a file, and what whoever starts a server on it is told. */
const damages: readonly { readonly name: string; readonly says: RegExp; damage(path: string): void }[] = [
  {
    name: 'no database',
    says: /file is not a database/,
    damage(path) {
      const file = openSync(path, 'r+')
      writeSync(file, 'This was a database once.')
      closeSync(file)
    },
  },
  {
    name: 'cut in half',
    says: /malformed/,
    damage: (path) => truncateSync(path, Math.floor(readFileSync(path).length / 8192) * 4096),
  },
]

export const damagedFile: Fault = {
  id: 'F27',
  holds:
    'On a file that is no database, or half of one, no server starts. One that meets a damaged page says so, writes no more and is not ready, reads go on; the audit names it.',
  injection: 'a file whose head is overwritten, one that is cut in half; a page of the holds that is overwritten',
  engines: bothEngines,
  rounds: { test: 1, short: 3, long: 20 },
  needs: ['shell'],
  async run(trial) {
    for (let round = 0; round < trial.rounds; round += 1) {
      if (trial.engine === 'sqlite') for (const damage of damages) await refuseFile(trial, damage)
      await meetDamagedPage(trial)
    }
    const files =
      trial.engine === 'sqlite' ? `${trial.rounds * damages.length} files refused in a line, untouched; ` : ''
    return `${files}${trial.rounds} pages met, and named by the audit`
  },
}

async function refuseFile({ breakGround }: Trial, { name, says, damage }: (typeof damages)[number]): Promise<void> {
  const location = await breakGround()
  ensure(location.engine === 'sqlite', 'There is no file')
  await watching(location, (watcher) => furnish(watcher))
  damage(location.path)
  const before = readFileSync(location.path)
  const server = spawnServer(location)
  await server.url.catch(() => undefined)
  const { code, errors } = await endBy(server, 'SIGKILL')
  ensure(code === 1 && says.test(errors), `On a file that is ${name} it ended with ${code}: ${errors}`)
  ensure(errors.trim().split('\n').length === 1, `More than a line: ${errors}`)
  const audit = await runMatinee(location, ['audit'])
  ensure(audit.code === 2, `On a file that is ${name} the audit ended with ${audit.code}: ${audit.output}`)
  ensure(readFileSync(location.path).equals(before), `The file that is ${name} was changed`)
}
