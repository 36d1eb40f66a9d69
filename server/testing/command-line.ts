import type { Sink } from '../cli/command.ts'
import { run } from '../cli/commands.ts'
import type { DatabaseLocation } from '../database/open.ts'
import type { Clock } from '../platform/clock.ts'

/** A stream that keeps what is written to it. */
export class Paper implements Sink {
  text = ''
  readonly isTTY: boolean

  constructor(isTTY = false) {
    this.isTTY = isTTY
  }

  write(text: string): void {
    this.text += text
  }
}

export interface Typed {
  readonly code: number
  readonly output: string
  readonly errors: string
}

/** Types one command of `matinee` against a database, as an operator would, and answers what came of it. */
export async function typeCommand(
  location: DatabaseLocation,
  argv: readonly string[],
  options: { readonly clock?: Clock; readonly variables?: Readonly<Record<string, string>> } = {},
): Promise<Typed> {
  const output = new Paper()
  const errors = new Paper()
  const code = await run(argv, {
    variables: {
      SECRET: 'a secret that only tests know, and nobody else',
      DATABASE_URL: location.engine === 'sqlite' ? `sqlite:${location.path}` : location.url,
      ...options.variables,
    },
    output,
    errors,
    ...(options.clock && { clock: options.clock }),
  })
  return { code, output: output.text, errors: errors.text }
}
