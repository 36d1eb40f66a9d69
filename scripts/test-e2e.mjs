// `npm run test:e2e`: the web app in a browser, freshly built; with `-- --engine postgres` on PostgreSQL. Other arguments go on to vitest.
// Where nobody watches (CI), a file that failed is tried once more, see second-try.mjs; `--one-try` does without.
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { continueAs, prepare, root } from './bootstrap.mjs'
import { runForwardingSignals, stop } from './processes.mjs'
import { runWithSecondTry } from './second-try.mjs'
import { ensureWebBuilt } from './web-build.mjs'

await prepare()
const args = process.argv.slice(2)
const at = args.indexOf('--engine')
const [, engine = 'sqlite'] = at === -1 ? [] : args.splice(at, 2)
if (engine !== 'sqlite' && engine !== 'postgres') stop('--engine is sqlite or postgres')
process.env.E2E_ENGINE = engine
await ensureWebBuilt(root)
const oneTry = args.indexOf('--one-try')
if (oneTry !== -1 || !process.env.CI) {
  if (oneTry !== -1) args.splice(oneTry, 1)
  await continueAs('node_modules/vitest/vitest.mjs', ['run', '--config', 'e2e/vitest.config.ts', ...args])
} else {
  const report = join(root, '.cache', 'e2e.json')
  mkdirSync(dirname(report), { recursive: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const options = args.filter((arg) => arg.startsWith('-'))
  const run = (/** @type {readonly string[]} */ files) => {
    const chosen = files.length === 0 ? args : [...options, ...files]
    const again = [import.meta.filename, '--one-try', '--engine', engine, ...reporters, ...chosen]
    return runForwardingSignals(process.execPath, again, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
  }
  process.exit(await runWithSecondTry(run, report, root))
}
