/** How the seats of a row are numbered. */
export interface Numbering {
  readonly first: number
  /** At which end the first number stands, as seen by somebody who looks at the plan. */
  readonly from: 'left' | 'right'
  readonly steps: 'all' | 'odd' | 'even'
}

/** The numbers of `count` seats from left to right. With odd or even numbers, the first is the next that fits. */
export function numbersFor(count: number, { first, from, steps }: Numbering): string[] {
  const parity = { all: first % 2, odd: 1, even: 0 }[steps]
  const start = Math.abs(first % 2) === parity ? first : first + 1
  const step = steps === 'all' ? 1 : 2
  const numbers = Array.from({ length: count }, (_, index) => String(start + index * step))
  return from === 'left' ? numbers : numbers.toReversed()
}

/** How these numbers, from left to right, are made; null where no rule makes them. */
export function numberingOf(numbers: readonly string[]): Numbering | null {
  const values = numbers.map(Number)
  const [left, right] = [values[0], values.at(-1)]
  if (left === undefined || right === undefined || !values.every(Number.isSafeInteger)) return null
  const from = right < left ? 'right' : 'left'
  const first = Math.min(left, right)
  const tried = (['all', 'odd', 'even'] as const).map((steps): Numbering => ({ first, from, steps }))
  return tried.find((rule) => numbersFor(numbers.length, rule).join() === numbers.join()) ?? null
}

/** Letters that a usher mistakes for a number. */
const lookalikes = new Set(['I', 'O'])

/** The label after this one: 9 → 10, Box 1 → Box 2, H → J where I is left out, Z → AA. */
export function labelAfter(label: string, leavesOut: boolean): string {
  const digits = /\d+$/u.exec(label)?.[0]
  if (digits !== undefined) return label.slice(0, -digits.length) + String(Number(digits) + 1)
  if (!/^[A-Z]{1,3}$/u.test(label)) return `${label}2`
  let next = label
  do next = lettersAfter(next)
  while (leavesOut && [...next].some((letter) => lookalikes.has(letter)))
  return next
}

function lettersAfter(letters: string): string {
  const head = letters.slice(0, -1)
  if (!letters.endsWith('Z')) return head + String.fromCodePoint((letters.codePointAt(letters.length - 1) ?? 64) + 1)
  return (head === '' ? 'A' : lettersAfter(head)) + 'A'
}

/** `count` labels, the first one being `first`. */
export function labelsFrom(first: string, count: number, leavesOut: boolean): string[] {
  const labels: string[] = []
  let label = first
  while (labels.length < count) {
    labels.push(label)
    label = labelAfter(label, leavesOut)
  }
  return labels
}
