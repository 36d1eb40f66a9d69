import type { Reporter, TestModule } from 'vitest/node'

/** For continuous integration: the very last line of a run is `N passed, N failed`. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state))
    const failedToLoad = modules.filter((module) => module.state() === 'failed' && module.children.size === 0)
    const count = (state: string) => states.filter((other) => other === state).length
    const failed = count('failed') + failedToLoad.length + unhandledErrors.length
    const skipped = count('skipped')
    const line = `${count('passed')} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
    process.once('exit', () => process.stdout.write(`${line}\n`))
  }
}
