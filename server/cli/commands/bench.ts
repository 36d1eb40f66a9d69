import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Command } from '../command.ts'
import { wrongUsage } from '../output.ts'

const program = join(import.meta.dirname, '../../../bench/run.ts')
const engines = ['sqlite', 'postgres']

export const command: Command = {
  name: 'bench',
  summary: 'Measure the seat ledger',
  description: [
    'Compares the ledger with a route that does nothing, on the same server in the same minutes, on a database of its own that is gone afterwards. Wants a machine that does nothing else.',
  ],
  operands: [],
  options: {
    engine: { kind: 'text', placeholder: 'NAME', description: 'sqlite (the default) or postgres' },
    seconds: { kind: 'number', placeholder: 'N', description: 'for each measurement (2)', between: [1, 3600] },
    rounds: { kind: 'number', placeholder: 'N', description: 'of which the median counts (5)', between: [1, 1000] },
    connections: { kind: 'number', placeholder: 'N', description: 'at once (64)', between: [1, 10_000] },
  },
  examples: ['matinee bench --engine postgres --rounds 9'],
  async run(invocation, environment) {
    const engine = invocation.text('engine')
    if (engine !== undefined && !engines.includes(engine)) {
      return wrongUsage(environment.errors, `--engine must be ${engines.join(' or ')}, not "${engine}"`, 'bench')
    }
    const given = ['engine', 'seconds', 'rounds', 'connections'].flatMap((option) => {
      const value = invocation.text(option)
      return value === undefined ? [] : [`--${option}=${value}`]
    })
    const child = spawn(process.execPath, [program, ...given], { stdio: 'inherit', env: environment.variables })
    await once(child, 'exit')
    return child.exitCode === 0 ? 0 : 1
  },
}
