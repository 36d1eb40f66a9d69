import type { Command } from '../command.ts'
import { demoAccounts } from '../demo/accounts.ts'
import { isDatabaseEmpty, seedDemo } from '../demo/seed-demo.ts'
import { fail, twoColumns, wrap } from '../output.ts'
import { withMigratedDatabase } from '../with-database.ts'

export const command: Command = {
  name: 'seed',
  summary: 'Fill an empty database with the demo',
  description: [
    'Two invented theatres in two time zones with four halls, a dozen films, a programme for the next 14 days, one account of each role, and some seats sold. With --force it adds to a demo that is there the days that have come into reach.',
    'The accounts have passwords that everybody knows: not for a server that others can reach.',
  ],
  operands: [],
  options: { force: { kind: 'flag', description: 'add the demo to a database that is not empty' } },
  examples: ['matinee seed'],
  async run(invocation, environment) {
    return await withMigratedDatabase(environment, async ({ database, clock }) => {
      const force = invocation.flag('force')
      const isRefused = !force && !(await isDatabaseEmpty(database.read))
      const outcome = isRefused ? 'not empty' : await seedDemo(database, clock, { force })
      if (outcome === 'not empty') {
        return fail(environment.errors, 'The database is not empty. Use --force to add the demo to it all the same.')
      }
      const told = {
        seeded: 'The demo is there. Its accounts, with passwords that everybody knows:',
        'topped up': 'The demo was there; its programme covers the next 14 days again.',
        covered: 'The demo is there, and covers the next 14 days.',
      }[outcome]
      environment.output.write(`${wrap(told)}\n`)
      if (outcome === 'seeded') {
        const accounts = demoAccounts.map(({ email, password, role }) => [email, `${password} (${role})`] as const)
        environment.output.write(`${twoColumns(accounts)}\n`)
      }
      return 0
    })
  },
}
