import type { FuzzReport } from './fuzz.ts'

/** The report for people; `stricter` adds what was refused although the document has nothing against it. */
export function inWords(report: FuzzReport, stricter = false): string {
  const statuses = [...report.statuses].toSorted(([one], [other]) => one - other)
  const { findings } = report
  return [
    `${report.requests} requests: ${statuses.map(([status, count]) => `${status} × ${count}`).join(', ')}`,
    `${report.succeeded} operations succeeded at least once; never: ${report.neverSucceeded.join(', ') || 'none'}`,
    ...(stricter
      ? [...report.stricter].toSorted(([, one], [, other]) => other - one).map((each) => each.join(' × '))
      : []),
    `${findings.length} findings`,
    ...findings.map(({ what, times, example }) => `- ${what} (${times} times)\n    ${example}`),
  ].join('\n')
}
