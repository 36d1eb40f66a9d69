import type { ExitCode, Sink } from './command.ts'

/** Columns that every line of ours fits in, on any terminal. */
export const outputColumns = 80

const controlCharacters = /[\p{Cc}\u2028\u2029]/gu

/** Text from outside (a file's bytes, a database's rows) made safe to print: no control character reaches the terminal. */
export function printable(text: string): string {
  return text
    .toWellFormed()
    .replace(controlCharacters, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** Breaks text at spaces so that no line is longer than `outputColumns`, unless a single word is. */
export function wrap(text: string, indent = 0, firstIndent = indent): string {
  const lines: string[] = []
  let line = ' '.repeat(firstIndent)
  let empty = true
  for (const word of text.split(' ')) {
    if (!empty && line.length + 1 + word.length > outputColumns) {
      lines.push(line)
      line = ' '.repeat(indent)
      empty = true
    }
    line += empty ? word : ` ${word}`
    empty = false
  }
  lines.push(line)
  return lines.join('\n')
}

/** Two columns, the second wrapped beside the first; a first that is too long stands on a line of its own. */
export function twoColumns(rows: readonly (readonly [left: string, right: string])[]): string {
  const longest = Math.max(0, ...rows.map(([left]) => left.length))
  const width = Math.min(longest, 30) + 4
  return rows
    .map(([left, right]) => {
      const start = `  ${left}`
      if (start.length + 2 > width) return `${start}\n${wrap(right, width)}`
      const lines = wrap(right, width).split('\n')
      return [start.padEnd(width) + (lines[0] ?? '').trimStart(), ...lines.slice(1)].join('\n')
    })
    .join('\n')
}

/** `1 film`, `2 films`, `12,700 seats`. */
export function count(amount: number, one: string, many = `${one}s`): string {
  return `${amount.toLocaleString('en')} ${amount === 1 ? one : many}`
}

/** Says on the error stream why a command failed; the answer is its exit code. */
export function fail(errors: Sink, reason: string): ExitCode {
  errors.write(`${wrap(`matinee: ${printable(reason)}`)}\n`)
  return 1
}

/** Says what was typed wrongly and where the help is; the answer is the exit code. */
export function wrongUsage(errors: Sink, reason: string, commandName?: string): ExitCode {
  const help = `matinee ${commandName ? `${commandName} ` : ''}--help`
  errors.write(`${wrap(`matinee: ${printable(reason)}`)}\nTry: ${help}\n`)
  return 2
}
