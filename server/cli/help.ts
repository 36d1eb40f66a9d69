import type { Command } from './command.ts'
import { twoColumns, wrap } from './output.ts'

/** What `matinee --help` prints. */
export function generalHelp(commands: readonly (readonly [name: string, summary: string])[]): string {
  return [
    'Matinee: the box office for cinemas.',
    '',
    'Usage: matinee COMMAND [OPTIONS]',
    '',
    'Commands:',
    twoColumns(commands),
    '',
    wrap(
      'Settings come from the environment and from .env (DATABASE_URL names the database). Exit codes: 0 done, 1 failed, 2 wrong usage.',
    ),
    '',
    'More about one: matinee COMMAND --help',
    '',
  ].join('\n')
}

/** What `matinee COMMAND --help` prints. */
export function commandHelp(command: Command): string {
  const options: (readonly [string, string])[] = Object.entries(command.options).map(([name, option]) => [
    `--${name}${option.kind === 'flag' ? '' : ` ${option.placeholder ?? 'VALUE'}`}`,
    option.description,
  ])
  const operands: (readonly [string, string])[] = command.operands.map((operand) => [operand.name, operand.description])
  return [
    wrap(usageOf(command), 9, 0),
    '',
    wrap(`${command.summary}.`),
    ...command.description.flatMap((paragraph) => ['', wrap(paragraph)]),
    ...(operands.length > 0 ? ['', twoColumns(operands)] : []),
    '',
    'Options:',
    twoColumns([...options, ['--help', 'this text']]),
    ...(command.examples.length > 0 ? ['', 'Examples:', ...command.examples.map((example) => `  ${example}`)] : []),
    '',
  ].join('\n')
}

/** `Usage: matinee import DIR [OPTIONS]`. */
function usageOf(command: Command): string {
  const operands = command.operands.map(({ name, required, choices }) => {
    const shown = choices ? choices.join('|') : name
    return required ? shown : `[${shown}]`
  })
  const required = Object.entries(command.options)
    .filter(([, option]) => option.required)
    .map(([name, option]) => `--${name} ${option.placeholder ?? 'VALUE'}`)
  const optional = Object.values(command.options).some((option) => !option.required) ? ['[OPTIONS]'] : []
  return ['Usage: matinee', command.name, ...operands, ...required, ...optional].join(' ')
}
