import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { bugs } from './bugs.ts'
import type { PlantedBug } from './bugs.ts'

/*
 * Tests that prove the tests: `npm run planted [-- --only csv] [--list]`. Each bug of bugs.ts in turn is put into a copy of the
 * tree, and the tests that are named there must fail. Exit 1 where one was not noticed.
 */
const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, list: { type: 'boolean', default: false } },
})
const root = join(import.meta.dirname, '..')
const patienceMs = 240_000
const chosen = bugs.filter(({ what, file }) => `${what} ${file}`.includes(values.only))

/** What the tests said of a bug: `caught` only where one of them failed, not where they could not run. */
type Verdict = 'caught' | 'NOT caught' | 'no verdict'

if (values.list) {
  for (const { what, tests } of chosen) console.log(`${what}: ${tests.join(', ')}`)
} else {
  const copy = mkdtempSync(join(tmpdir(), 'matinee-planted-'))
  try {
    copyTree(copy)
    const sound = await verdictOf(copy, ['server/reports/csv.test.ts'])
    if (sound !== 'NOT caught') throw new Error('The tests do not pass, or do not run, without any bug')
    let caught = 0
    for (const [index, bug] of chosen.entries()) {
      const beganAt = performance.now()
      const verdict = await plant(copy, bug)
      if (verdict === 'caught') caught += 1
      const seconds = Math.round((performance.now() - beganAt) / 1000)
      console.log(`${index + 1}. ${verdict} (${seconds} s): ${bug.what}`)
    }
    console.log(`${caught} of ${chosen.length} planted bugs were caught`)
    process.exitCode = caught === chosen.length ? 0 : 1
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

function copyTree(copy: string): void {
  const left = new Set(['node_modules', '.git', 'coverage', 'data'])
  cpSync(root, copy, { recursive: true, filter: (path) => !left.has(basename(path)) || path === root })
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
}

/** Puts a bug in, runs its tests until one fails, and takes it out again. */
async function plant(copy: string, { file, find, replace, tests }: PlantedBug): Promise<Verdict> {
  const path = join(copy, file)
  const right = readFileSync(path, 'utf8')
  if (right.split(find).length !== 2) throw new Error(`${file} does not hold exactly one “${find}”`)
  writeFileSync(
    path,
    right.replace(find, () => replace),
  )
  try {
    return await verdictOf(copy, tests)
  } finally {
    writeFileSync(path, right)
  }
}

async function verdictOf(copy: string, tests: readonly string[]): Promise<Verdict> {
  const report = join(copy, 'planted.json')
  rmSync(report, { force: true })
  const vitest = join(copy, 'node_modules', 'vitest', 'vitest.mjs')
  const options = ['--maxWorkers=1', '--bail=1', '--reporter=json', `--outputFile=${report}`]
  const child = spawn(process.execPath, [vitest, 'run', ...tests, ...options], { cwd: copy, stdio: 'ignore' })
  const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs)
  const code = await new Promise<number | null>((ended) => child.on('close', ended))
  clearTimeout(timer)
  try {
    const { numFailedTests, numFailedTestSuites, numPassedTests } = JSON.parse(readFileSync(report, 'utf8')) as {
      readonly numFailedTests: number
      readonly numFailedTestSuites: number
      readonly numPassedTests: number
    }
    // A set-up that fails is a failure of its suite, with no test of its own.
    if (numFailedTests + numFailedTestSuites > 0) return 'caught'
    if (numPassedTests > 0) return 'NOT caught'
  } catch {
    // There is no report.
  }
  // The tests ran without the bug, and with it could not even begin: the house does not start.
  return code === 1 ? 'caught' : 'no verdict'
}
