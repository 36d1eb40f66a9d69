// `npm run openapi` writes docs/openapi.json from the running contract; `--check` says whether it is up to date.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp } from '../server/app.ts'
import { parseConfig } from '../server/config.ts'
import { migrateUp } from '../server/database/migrate.ts'
import { openDatabase } from '../server/database/open.ts'
import { createManualClock } from '../server/platform/clock.ts'
import { createLog } from '../server/platform/log.ts'

const path = join(import.meta.dirname, '..', 'docs', 'openapi.json')

/** The document as a server answers it, with a line for each value so that a change can be read. */
async function currentDocument(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'matinee-openapi-'))
  try {
    const config = parseConfig({ DATABASE_URL: `sqlite:${join(folder, 'empty.db')}` })
    const clock = createManualClock(0)
    const log = createLog('silent')
    const database = openDatabase(config.database, clock, log)
    await migrateUp(database)
    const app = await createApp({ config, database, clock, log })
    const answer = await app.http.inject('/openapi.json')
    await app.close()
    return `${JSON.stringify(answer.json(), null, 2)}\n`
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const document = await currentDocument()
if (!process.argv.includes('--check')) {
  writeFileSync(path, document)
} else if (readOld() !== document) {
  console.error('docs/openapi.json is not what the contract says: npm run openapi')
  process.exitCode = 1
}

function readOld(): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
