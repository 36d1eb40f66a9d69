// `npm run check`: everything that can be judged without running the system. All checks run; one failure fails it.
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { prepare, root } from './bootstrap.mjs'
import { runForwardingSignals, say } from './processes.mjs'

await prepare()

const modules = join(root, 'node_modules')
/** @type {[name: string, script: string, args: string[]][]} */
const checks = [
  ['format', 'node_modules/oxfmt/bin/oxfmt', ['--check']],
  ['lint', 'node_modules/oxlint/bin/oxlint', []],
  ['types', 'node_modules/typescript/bin/tsc', ['--noEmit']],
  ['unused code and packages', 'node_modules/knip/bin/knip.js', ['--no-config-hints']],
  ['dependencies', 'scripts/check-dependencies.mjs', []],
  ['architecture', 'node_modules/vitest/vitest.mjs', ['run', 'server/architecture.test.ts', '--reporter=dot']],
  ['openapi.json', 'scripts/openapi.ts', ['--check']],
  ['permissions.md', 'scripts/permissions.ts', ['--check']],
  ['collection', 'scripts/collection.ts', ['--check']],
]

const env = { ...process.env, PATH: `${join(modules, '.bin')}${delimiter}${process.env.PATH ?? ''}` }
const failed = []
for (const [name, script, args] of checks) {
  if (!existsSync(join(root, script))) continue
  const startedAt = performance.now()
  const code = await runForwardingSignals(process.execPath, [script, ...args], { cwd: root, env, stdio: 'inherit' })
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  say(`${name}: ${code === 0 ? 'ok' : 'FAILED'} (${seconds} s)`)
  if (code !== 0) failed.push(name)
}
say(failed.length === 0 ? 'check passed' : `check failed: ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1
