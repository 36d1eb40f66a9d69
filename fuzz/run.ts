import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { DatabaseLocation } from '../server/database/open.ts'
import { startPostgresServer } from '../server/testing/postgres-server.ts'
import { fuzz } from './fuzz.ts'
import { inWords } from './report.ts'

/*
 * Everything that docs/openapi.json offers, asked rightly and wrongly by everybody:
 * `npm run fuzz -- --engine sqlite|postgres --requests 100000 --seed 1`. Exit 1 where an answer is not as documented.
 */
const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'sqlite' },
    requests: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '600' },
    only: { type: 'string', default: '.' },
    stricter: { type: 'boolean', default: false },
  },
})
const [requests, seed, minutes] = [Number(values.requests), Number(values.seed), Number(values.minutes)]
if (!['sqlite', 'postgres'].includes(values.engine) || ![requests, seed].every(Number.isInteger) || !(minutes > 0)) {
  console.error('--engine is sqlite or postgres; --requests and --seed are whole numbers, --minutes a number')
  process.exit(2)
}

const { location, drop } = await makePlace()
try {
  const beganAt = performance.now()
  const report = await fuzz({
    location,
    seed,
    requests,
    withinMs: minutes * 60_000,
    only: new RegExp(values.only),
    onProgress: (done, findings) => console.error(`${done} of ${requests}, ${findings} findings`),
  })
  console.log(`fuzz [${values.engine}], seed ${seed}, ${Math.round((performance.now() - beganAt) / 1000)} s`)
  console.log(inWords(report, values.stricter))
  process.exitCode = report.findings.length === 0 ? 0 : 1
} finally {
  await drop()
}

async function makePlace(): Promise<{ location: DatabaseLocation; drop: () => Promise<void> }> {
  if (values.engine === 'postgres') {
    const server = await startPostgresServer()
    return { location: { engine: 'postgres', url: server.url }, drop: () => server.stop() }
  }
  const folder = mkdtempSync(join(tmpdir(), 'matinee-fuzz-'))
  return {
    location: { engine: 'sqlite', path: join(folder, 'fuzz.db') },
    drop: async () => rmSync(folder, { recursive: true, force: true }),
  }
}
