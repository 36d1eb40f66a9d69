import { writeJournal } from '../../reports/build-journal.ts'
import { sourceOf } from '../../reports/source.ts'
import { isDay } from '../../platform/time.ts'
import type { Command } from '../command.ts'
import { fail } from '../output.ts'
import { withDatabase } from '../with-database.ts'

export const command: Command = {
  name: 'journal',
  summary: 'Write the books of money as CSV',
  description: [
    'Writes the ledger of money for an accountant: by business day of each theatre, from which account to which, summed up or posting by posting. The accounts are explained in docs/accountants.md, and at /help/accountants.',
    'It reads one snapshot, changes nothing, and may run beside the server. Days of vouchers, which belong to no theatre, are those of UTC.',
  ],
  operands: [],
  options: {
    from: { kind: 'text', placeholder: 'DAY', description: 'the first business day (2026-12-01)', required: true },
    to: { kind: 'text', placeholder: 'DAY', description: 'the last one; the first one where silent' },
    theatre: { kind: 'text', placeholder: 'ID', description: 'of one theatre alone' },
    each: { kind: 'flag', description: 'every posting by itself, with what it belongs to' },
  },
  examples: ['matinee journal --from 2026-12-01 --to 2026-12-31 > december.csv'],
  run: async (invocation, environment) =>
    await withDatabase(environment, async ({ database }) => {
      const from = invocation.requiredText('from')
      const to = invocation.text('to') ?? from
      if (!isDay(from) || !isDay(to) || from > to) {
        fail(environment.errors, 'A period is two days such as 2026-12-01, the earlier one first.')
        return 2
      }
      const question = { from, to, theatreId: invocation.text('theatre') ?? null, each: invocation.flag('each') }
      await database.snapshot(async (query) => {
        const source = await sourceOf(database.engine, query)
        for await (const part of writeJournal(source, question)) environment.output.write(part)
      })
      return 0
    }),
}
