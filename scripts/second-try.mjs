import { readFileSync, rmSync } from 'node:fs'
import { relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { say } from './processes.mjs'

/** More failed files than this are no accident: they get no second try. */
const accidents = 3

/**
 * @typedef {object} Report what vitest's `json` reporter writes, as far as it is read here
 * @property {readonly {
 *   name: string, status: string, message: string,
 *   assertionResults: readonly { fullName: string, status: string, failureMessages: readonly string[] }[],
 * }[]} testResults
 */

/**
 * Runs tests that depend on a machine's mood (a browser, a server and both their clocks) and gives each failed file one more
 * try, from its own fresh start. What failed at first is told either way, so that nobody takes it for nothing.
 * @param {(files: readonly string[]) => Promise<number>} run runs these files, or all when there are none, answers the exit code
 * and leaves vitest's report at `report`
 * @param {string} report absolute
 * @param {string} root absolute; files are named from here
 * @returns {Promise<number>} the exit code
 */
export async function runWithSecondTry(run, report, root) {
  rmSync(report, { force: true })
  const code = await run([])
  if (code === 0) return 0
  const failed = readFailures(report, root)
  for (const { line } of failed) say(`FAILED ${line}`)
  const files = [...new Set(failed.map(({ file }) => file))]
  if (files.length === 0 || files.length > accidents) return code
  rmSync(report, { force: true })
  const second = await run(files)
  for (const { line } of second === 0 ? [] : readFailures(report, root)) say(`FAILED AGAIN ${line}`)
  if (second === 0) say(`passed at the second try: ${files.join(', ')}`)
  return second
}

/**
 * Nothing where there is no report: then the run itself broke, which a second one does not mend.
 * @param {string} path
 * @param {string} root
 */
function readFailures(path, root) {
  /** @type {Report} */
  let report
  try {
    report = JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return []
  }
  return report.testResults
    .filter(({ status }) => status === 'failed')
    .flatMap(({ name, message, assertionResults }) => {
      const file = relative(root, name)
      const tests = assertionResults.filter(({ status }) => status === 'failed')
      if (tests.length === 0) return [{ file, line: `${file}: ${firstLine(message)}` }]
      return tests.map((test) => ({
        file,
        line: `${file} > ${test.fullName}: ${firstLine(test.failureMessages[0] ?? '')}`,
      }))
    })
}

/** @param {string} text */
function firstLine(text) {
  return (stripVTControlCharacters(text).split('\n')[0] ?? '').slice(0, 300)
}
