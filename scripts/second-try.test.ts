import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { runWithSecondTry } from './second-try.mjs'

describe('a second try', () => {
  let folder: string
  let told: string[]

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'matinee-second-try-'))
    told = []
    vi.spyOn(process.stderr, 'write').mockImplementation((line) => told.push(String(line)) > 0)
  })
  afterEach(() => {
    vi.restoreAllMocks()
    rmSync(folder, { recursive: true })
  })

  const file = (name: string, failing: readonly string[]) => ({
    name: join(folder, name),
    status: failing.length > 0 ? 'failed' : 'passed',
    message: '',
    assertionResults: [
      { fullName: 'passes', status: 'passed', failureMessages: [] },
      ...failing.map((fullName) => ({
        fullName,
        status: 'failed',
        failureMessages: [`\u001B[31m${fullName}!\u001B[0m\n at x`],
      })),
    ],
  })

  /** Each run leaves the next of these reports and fails when a file in it did; null breaks off without a report. */
  async function tries(...reports: readonly (readonly ReturnType<typeof file>[] | null)[]) {
    const asked: (readonly string[])[] = []
    const report = join(folder, 'report.json')
    const code = await runWithSecondTry(
      async (files) => {
        const testResults = reports[asked.length] ?? null
        asked.push(files)
        if (testResults === null) return 7
        writeFileSync(report, JSON.stringify({ testResults }))
        return testResults.some(({ status }) => status === 'failed') ? 1 : 0
      },
      report,
      folder,
    )
    return { code, asked }
  }

  it('is not made when all passed', async () => {
    expect(await tries([file('a.test.ts', [])])).toEqual({ code: 0, asked: [[]] })
    expect(told).toEqual([])
  })

  it('is made of the failed files alone, and says what had failed although it passes', async () => {
    const all = [file('a.test.ts', []), file('b.test.ts', ['buys', 'pays'])]
    expect(await tries(all, [file('b.test.ts', [])])).toEqual({ code: 0, asked: [[], ['b.test.ts']] })
    expect(told.map((line) => line.trim())).toEqual([
      'matinee: FAILED b.test.ts > buys: buys!',
      'matinee: FAILED b.test.ts > pays: pays!',
      'matinee: passed at the second try: b.test.ts',
    ])
  })

  it('that fails as well fails the run', async () => {
    const result = await tries([file('b.test.ts', ['buys'])], [file('b.test.ts', ['pays'])])
    expect(result).toEqual({ code: 1, asked: [[], ['b.test.ts']] })
    expect(told.at(-1)).toContain('FAILED AGAIN b.test.ts > pays: pays!')
  })

  it('is not made when many files failed, nor when the run broke off', async () => {
    const many = ['a', 'b', 'c', 'd'].map((name) => file(`${name}.test.ts`, ['buys']))
    expect(await tries(many)).toEqual({ code: 1, asked: [[]] })
    expect(await tries(null)).toEqual({ code: 7, asked: [[]] })
  })

  it('that breaks off without a report fails the run', async () => {
    expect((await tries([file('b.test.ts', ['buys'])], null)).code).toBe(7)
  })
})
