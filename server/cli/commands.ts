import { parseArgs } from 'node:util'
import type { Command, CommandOption, Environment, ExitCode } from './command.ts'
import { Invocation } from './command.ts'
import { commandHelp, generalHelp } from './help.ts'
import { fail, wrongUsage } from './output.ts'

interface CommandEntry {
  readonly summary: string
  /** Loaded when it is called for, so that a command pays only for what it needs. */
  load(): Promise<{ readonly command: Command }>
}

const commands: ReadonlyMap<string, CommandEntry> = new Map<string, CommandEntry>([
  ['serve', { summary: 'Start the server', load: () => import('./commands/serve.ts') }],
  ['migrate', { summary: 'Change or show the database schema', load: () => import('./commands/migrate.ts') }],
  ['import', { summary: 'Take over a programme from files', load: () => import('./commands/import.ts') }],
  ['seed', { summary: 'Fill an empty database with the demo', load: () => import('./commands/seed.ts') }],
  ['create-admin', { summary: 'Make an administrator', load: () => import('./commands/create-admin.ts') }],
  ['audit', { summary: 'Prove that the ledger is sound', load: () => import('./commands/audit.ts') }],
  [
    'reconcile',
    { summary: 'Compare the books with the payment providers', load: () => import('./commands/reconcile.ts') },
  ],
  ['journal', { summary: 'Write the books of money as CSV', load: () => import('./commands/journal.ts') }],
  ['backup', { summary: 'Write everything into a file', load: () => import('./commands/backup.ts') }],
  ['restore', { summary: 'Take everything back from a backup', load: () => import('./commands/restore.ts') }],
  ['prune', { summary: 'Forget what is not needed any more', load: () => import('./commands/prune.ts') }],
  ['bench', { summary: 'Measure the seat ledger', load: () => import('./commands/bench.ts') }],
  ['generate', { summary: 'Invent a large database', load: () => import('./commands/generate.ts') }],
  ['reset', { summary: 'Empty the database', load: () => import('./commands/reset.ts') }],
])

/**
 * Runs one command line (`argv` without the program's own name) and answers the exit code.
 * Never throws and never ends the process: that is the entry point's business.
 */
export async function run(argv: readonly string[], environment: Environment): Promise<ExitCode> {
  return runAmong(commands, argv, environment)
}

/** `run` over a given set of commands. */
export async function runAmong(
  known: ReadonlyMap<string, CommandEntry>,
  argv: readonly string[],
  environment: Environment,
): Promise<ExitCode> {
  const [first, ...rest] = argv
  if (first === undefined) {
    environment.errors.write(helpOf(known))
    return 2
  }
  if (first === '--help' || first === '-h' || (first === 'help' && rest.length === 0)) {
    environment.output.write(helpOf(known))
    return 0
  }
  const [name, typed] = first === 'help' ? [rest[0] ?? '', ['--help']] : [first, rest]
  const entry = known.get(name)
  if (!entry) return wrongUsage(environment.errors, `there is no command "${name}"${nearest(name, [...known.keys()])}`)
  const { command } = await entry.load()
  const parsed = parse(command, typed)
  if (parsed.kind === 'wrong') return wrongUsage(environment.errors, parsed.reason, command.name)
  if (parsed.kind === 'help') {
    environment.output.write(commandHelp(command))
    return 0
  }
  try {
    return await command.run(parsed.invocation, environment)
  } catch (error) {
    return fail(environment.errors, describe(error, environment))
  }
}

function helpOf(known: ReadonlyMap<string, CommandEntry>): string {
  return generalHelp([...known].map(([name, entry]) => [name, entry.summary]))
}

type Parsed =
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly reason: string }
  | { readonly kind: 'call'; readonly invocation: Invocation }

function parse(command: Command, typed: readonly string[]): Parsed {
  const options = new Map<string, CommandOption>(Object.entries(command.options))
  const { tokens } = parseArgs({
    args: [...typed],
    options: {
      help: { type: 'boolean', short: 'h' },
      ...Object.fromEntries(
        [...options].map(([name, option]) => [
          name,
          { type: option.kind === 'flag' ? ('boolean' as const) : ('string' as const) },
        ]),
      ),
    },
    allowPositionals: true,
    strict: false,
    tokens: true,
  })
  const operands: string[] = []
  const values = new Map<string, string | boolean>()
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value)
    if (token.kind !== 'option') continue
    if (token.name === 'help') return { kind: 'help' }
    const option = options.get(token.name)
    if (!option) {
      return wrong(
        `there is no option ${token.rawName}${nearest(
          token.rawName,
          [...options.keys()].map((name) => `--${name}`),
        )}`,
      )
    }
    const problem = problemWithValue(option, token.value)
    if (problem) return wrong(`${token.rawName} ${problem}`)
    values.set(token.name, token.value ?? true)
  }
  const problem = problemWithOperands(command, operands) ?? missingOption(options, values)
  return problem ? wrong(problem) : { kind: 'call', invocation: new Invocation(operands, values) }
}

function wrong(reason: string): Parsed {
  return { kind: 'wrong', reason }
}

function problemWithValue(option: CommandOption, value: string | undefined): string | undefined {
  if (option.kind === 'flag') return value === undefined ? undefined : 'takes no value'
  if (value === undefined || value === '') return 'needs a value'
  if (option.kind === 'text') return undefined
  const [minimum, maximum] = option.between ?? [0, Number.MAX_SAFE_INTEGER]
  if (/^\d{1,15}$/.test(value) && Number(value) >= minimum && Number(value) <= maximum) return undefined
  return `must be a whole number from ${minimum} to ${maximum}, not "${value}"`
}

function problemWithOperands(command: Command, operands: readonly string[]): string | undefined {
  const surplus = operands[command.operands.length]
  if (surplus !== undefined) return `"${surplus}" is one word too many`
  for (const [index, operand] of command.operands.entries()) {
    const given = operands[index]
    const expected = operand.choices ? operand.choices.join(', ') : operand.name
    if (given === undefined || given === '') {
      if (operand.required) return `${operand.choices ? 'one of ' : ''}${expected} is missing`
    } else if (operand.choices && !operand.choices.includes(given)) {
      return `"${given}" is none of ${expected}${nearest(given, operand.choices)}`
    }
  }
  return undefined
}

function missingOption(
  options: ReadonlyMap<string, CommandOption>,
  values: ReadonlyMap<string, string | boolean>,
): string | undefined {
  const missing = [...options]
    .filter(([name, option]) => option.required && !values.has(name))
    .map(([name]) => `--${name}`)
  if (missing.length === 0) return undefined
  return `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} missing`
}

/** `; did you mean "migrate"?` where one of the words is at most two slips of the finger away. */
function nearest(typed: string, words: readonly string[]): string {
  const found = words
    .map((word) => ({ word, slips: slipsBetween(typed, word) }))
    .filter(({ word, slips }) => slips <= Math.min(2, word.length - 1))
    .toSorted((left, right) => left.slips - right.slips)[0]
  return found ? `; did you mean "${found.word}"?` : ''
}

/** Levenshtein's distance, over words short enough for the plain table. */
function slipsBetween(left: string, right: string): number {
  if (Math.abs(left.length - right.length) > 2) return 3
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (const [row, character] of [...left].entries()) {
    const next = [row + 1]
    for (const [column, other] of [...right].entries()) {
      const replaced = (previous[column] ?? 0) + (character === other ? 0 : 1)
      next.push(Math.min(replaced, (previous[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1))
    }
    previous = next
  }
  return previous.at(-1) ?? 0
}

/** The message of an error; its stack too where `LOG_LEVEL` asks for debugging. */
function describe(error: unknown, environment: Environment): string {
  if (!(error instanceof Error)) return String(error)
  if (environment.variables['LOG_LEVEL'] !== 'debug') return error.message || error.name
  return error.stack ?? error.message
}
