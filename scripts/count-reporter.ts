import { relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import type { Reporter, TestCase, TestModule } from 'vitest/node'

/** For continuous integration: a run ends with a line for each failure, and the very last line is `N passed, N failed`. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly { readonly message: string }[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const failedToLoad = modules.filter((module) => module.state() === 'failed' && module.children.size === 0)
    const count = (state: string) => tests.filter((test) => test.result().state === state).length
    const failures = [
      ...tests
        .filter((test) => test.result().state === 'failed')
        .map((test) => `${nameOf(test)}: ${reasonOf(test.result().errors)}`),
      ...failedToLoad.map((module) => `${fileOf(module)}: ${reasonOf(module.errors())}`),
      ...unhandledErrors.map((error) => `outside a test: ${reasonOf([error])}`),
    ]
    const skipped = count('skipped')
    const line = `${count('passed')} passed, ${failures.length} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
    const lines = [...failures.map((failure) => `matinee: FAILED ${failure}`), line]
    process.once('exit', () => process.stdout.write(lines.map((each) => `${each}\n`).join('')))
  }
}

const fileOf = (module: TestModule) => relative(process.cwd(), module.moduleId)

const nameOf = (test: TestCase) => `${fileOf(test.module)} > ${test.fullName}`

function reasonOf(errors: readonly { readonly message: string }[] | undefined): string {
  return (stripVTControlCharacters(errors?.[0]?.message ?? '').split('\n')[0] ?? '').slice(0, 300)
}
