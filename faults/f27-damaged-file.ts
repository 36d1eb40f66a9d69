import { closeSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs'
import { runMatinee, spawnServer } from '../server/testing/spawned-server.ts'
import { furnish, watching } from '../storm/ground.ts'
import { endBy } from '../storm/storm.ts'
import { ensure } from './fault.ts'
import type { Fault } from './fault.ts'

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
    'On a damaged file a server does not start, says why in a line, and changes nothing; the audit says that it could not check.',
  injection: 'a file whose head is overwritten, and one that is cut in half',
  engines: ['sqlite'],
  rounds: { test: 1, short: 1, long: 10 },
  needs: [],
  async run({ rounds, breakGround }) {
    for (let round = 0; round < rounds; round += 1) {
      for (const { name, says, damage } of damages) {
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
    }
    return `${rounds * damages.length} files refused in a line, untouched`
  },
}
