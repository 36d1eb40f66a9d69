import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { environmentFor, runMatinee } from '../server/testing/spawned-server.ts'
import { ensure } from './fault.ts'
import type { Fault } from './fault.ts'

/** Each is wrong by itself, and named by its first key. */
const wrong: readonly Readonly<Record<string, string>>[] = [
  { PORT: '99999' },
  { DATABASE_URL: 'mysql://films' },
  { DATABASE_URL: 'sqlite:' },
  { SECRET: 'too short', NODE_ENV: 'production' },
  { SECRET: '', NODE_ENV: 'production' },
  { HOLD_SECONDS: 'soon' },
  { PAYMENT_SECONDS: '-1' },
  { MAX_SEATS_PER_HOLD: '1e9' },
  { TRUST_PROXY: 'true' },
  { PUBLIC_URL: 'films' },
  { LOG_LEVEL: 'loud' },
  { ADMIN_EMAIL: 'nobody', ADMIN_PASSWORD: 'a long word that nobody may read' },
  { REDIS_URL: 'http://films' },
]

export const wrongSettings: Fault = {
  id: 'F26',
  holds:
    'With a wrong setting no server starts: it says which in a sentence, tells no secret, and has not touched a database.',
  injection: 'settings that are wrong, one at a time',
  engines: ['sqlite'],
  rounds: { test: 5, short: wrong.length, long: wrong.length },
  needs: [],
  async run({ rounds, seed }) {
    const first = [...seed].reduce((sum, letter) => sum + letter.charCodeAt(0), 0)
    for (let round = 0; round < rounds; round += 1) {
      const settings = wrong[(first + round) % wrong.length] ?? {}
      await refuse(settings)
    }
    return `${rounds} starts refused in a sentence`
  },
}

async function refuse(settings: Readonly<Record<string, string>>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'matinee-wrong-'))
  try {
    const location = { engine: 'sqlite', path: join(folder, 'data', 'untouched.db') } as const
    const { code, output } = await runMatinee(location, ['serve'], { PORT: '0', ...settings })
    const [key = ''] = Object.keys(settings)
    const said = `With ${JSON.stringify(settings)} it ended with ${code}: ${output}`
    ensure(code === 1 || code === 2, said)
    // A sentence, in lines of 80 letters.
    const [before, sentence, ...more] = output.split('matinee: ')
    ensure(before === '' && more.length === 0 && sentence?.startsWith(key) === true, said)
    const { SECRET: secret = '' } = environmentFor(location)
    for (const told of [secret, settings['ADMIN_PASSWORD'] ?? secret]) ensure(!output.includes(told), said)
    ensure(!existsSync(location.path), `${said}, and there is a database`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
