import { resetSchema } from '../../database/reset.ts'
import { takeServerLock } from '../../database/server-lock.ts'
import type { Command } from '../command.ts'
import { noteCommand } from '../note-command.ts'
import { fail, wrongUsage } from '../output.ts'
import { withConfig, withDatabase } from '../with-database.ts'

export const command: Command = {
  name: 'reset',
  summary: 'Empty the database',
  description: [
    'Drops everything, sales and accounts too, and makes the tables anew. There is no way back but a backup. Refused in production (NODE_ENV=production), and while a server has the SQLite file open.',
  ],
  operands: [],
  options: { yes: { kind: 'flag', description: 'yes, everything shall be gone' } },
  examples: ['matinee reset --yes'],
  async run(invocation, environment) {
    if (!invocation.flag('yes')) {
      return wrongUsage(environment.errors, 'this empties the whole database: say --yes if that is meant', 'reset')
    }
    return await withConfig(environment, async (config) => {
      if (config.production) return fail(environment.errors, 'reset is refused in production.')
      const lock = takeServerLock(config.database)
      if (!lock) return fail(environment.errors, 'A server is using this database. Stop it first.')
      try {
        return await withDatabase(environment, async ({ database }) => {
          await resetSchema(database, (tx) => noteCommand(tx, 'reset'))
          environment.output.write('The database is empty, and its tables are made anew.\n')
          return 0
        })
      } finally {
        lock.release()
      }
    })
  },
}
