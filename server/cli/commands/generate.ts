import { isDatabaseEmpty } from '../demo/seed-demo.ts'
import { generate } from '../generate/generate.ts'
import type { Command } from '../command.ts'
import { count, fail } from '../output.ts'
import { showProgress } from '../progress.ts'
import { withMigratedDatabase } from '../with-database.ts'

export const command: Command = {
  name: 'generate',
  summary: 'Invent a large database',
  description: [
    'Theatres shaped like the demo’s, films that come and go, a programme of up to 90 days of which 14 lie ahead, and its sales: paid, used at the door, cancelled with their refunds, lapsed. All of it or nothing, in one transaction. For measuring; refused in production.',
  ],
  operands: [],
  options: {
    bookings: { kind: 'number', placeholder: 'N', description: 'about so many (1000000)', between: [1, 50_000_000] },
    showtimes: { kind: 'number', placeholder: 'N', description: 'about so many (50000)', between: [1, 1_000_000] },
    force: { kind: 'flag', description: 'add it to a database that is not empty' },
  },
  examples: ['matinee generate --bookings 10000 --showtimes 500'],
  async run(invocation, environment) {
    return await withMigratedDatabase(environment, async ({ config, database }) => {
      if (config.production) return fail(environment.errors, 'generate is refused in production.')
      if (!invocation.flag('force') && !(await isDatabaseEmpty(database.read))) {
        return fail(environment.errors, 'The database is not empty. Use --force to add to it all the same.')
      }
      const bookings = invocation.number('bookings') ?? 1_000_000
      const showtimes = invocation.number('showtimes') ?? 50_000
      const progress = showProgress(environment.errors, 'Generating', 100)
      const made = await generate(database, { bookings, showtimes }, (share) => progress.advance(share * 100)).finally(
        progress.finish,
      )
      environment.output.write(
        `${count(made.showtimes, 'showtime')}, ${count(made.bookings, 'booking')}, ${count(made.tickets, 'ticket')}\n`,
      )
      return 0
    })
  },
}
