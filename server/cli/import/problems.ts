import { count, printable } from '../output.ts'

/** What is wrong with one line of a file; `line` is null where it is the file itself. */
export interface LineProblem {
  readonly file: string
  readonly line: number | null
  readonly what: string
}

/** So many are printed: whoever has more has one mistake many times over. */
const printedProblems = 10_000

/** All problems as `file:line: what`, in the order of the lines, and at the end how many there are. */
export function reportOf(problems: readonly LineProblem[], fileOrder: readonly string[]): string {
  const sorted = problems.toSorted(
    (left, right) =>
      fileOrder.indexOf(left.file) - fileOrder.indexOf(right.file) || (left.line ?? 0) - (right.line ?? 0),
  )
  const lines = sorted
    .slice(0, printedProblems)
    .map(({ file, line, what }) => `${file}:${line === null ? '' : `${line}:`} ${printable(what)}`)
  const hidden = sorted.length - lines.length
  if (hidden > 0) lines.push(`… and ${count(hidden, 'more problem')}`)
  return `${lines.join('\n')}\n`
}

/** A place inside a line in the words of whoever wrote it: `/prices/0/price` is `prices[0].price`. */
export function placeOf(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((place, part) => {
      if (/^\d+$/.test(part)) return `${place}[${part}]`
      return place === '' ? part : `${place}.${part}`
    }, '')
}

/** `prices[0].price.currency must be GBP`. */
export function told(pointer: string, message: string): string {
  return pointer.startsWith('/') ? `${placeOf(pointer)} ${message}` : message
}
