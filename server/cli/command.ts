import type { Clock } from '../platform/clock.ts'

/** 0 done, 1 failed, 2 wrong usage. Source: the wire contract, "Command line". */
export type ExitCode = 0 | 1 | 2

/** Where a command writes; `process.stdout` and `process.stderr` are such. */
export interface Sink {
  write(text: string): unknown
  readonly isTTY?: boolean
  readonly columns?: number
}

/** The world outside a command, handed in so that a test can stand in for it. */
export interface Environment {
  /** Environment variables, `.env` already read. */
  readonly variables: Readonly<Record<string, string | undefined>>
  /** Results: what a pipe should carry on. */
  readonly output: Sink
  /** Problems and progress. */
  readonly errors: Sink
  /** The host's clock where silent. */
  readonly clock?: Clock
}

export interface CommandOption {
  readonly kind: 'flag' | 'text' | 'number'
  /** What stands for the value in the help: `--email ADDRESS`. */
  readonly placeholder?: string
  readonly description: string
  readonly required?: boolean
  /** Smallest and largest whole number, for `kind: 'number'`. */
  readonly between?: readonly [minimum: number, maximum: number]
}

export interface CommandOperand {
  readonly name: string
  readonly description: string
  readonly required: boolean
  readonly choices?: readonly string[]
}

/** One command: what its help says and what it does. */
export interface Command {
  readonly name: string
  readonly summary: string
  /** Paragraphs of the help, below the usage. */
  readonly description: readonly string[]
  readonly operands: readonly CommandOperand[]
  readonly options: Readonly<Record<string, CommandOption>>
  readonly examples: readonly string[]
  run(invocation: Invocation, environment: Environment): Promise<ExitCode>
}

/** What was typed behind the command's name, already checked against its options and operands. */
export class Invocation {
  readonly operands: readonly string[]
  readonly #values: ReadonlyMap<string, string | boolean>

  constructor(operands: readonly string[], values: ReadonlyMap<string, string | boolean>) {
    this.operands = operands
    this.#values = values
  }

  flag(option: string): boolean {
    return this.#values.get(option) === true
  }

  text(option: string): string | undefined {
    const value = this.#values.get(option)
    return typeof value === 'string' ? value : undefined
  }

  /** The value of an option that the command declares as required: the dispatcher has made sure that it is there. */
  requiredText(option: string): string {
    const value = this.text(option)
    if (value === undefined) throw new Error(`--${option} is not declared as required`)
    return value
  }

  number(option: string): number | undefined {
    const value = this.text(option)
    return value === undefined ? undefined : Number(value)
  }

  /** An operand that the command declares as required. */
  requiredOperand(index: number): string {
    const value = this.operands[index]
    if (value === undefined) throw new Error(`operand ${index} is not declared as required`)
    return value
  }
}
