import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Command, Environment, ExitCode } from '../command.ts'
import { count } from '../output.ts'
import { countOld, pruneOld, retentions } from '../retention.ts'
import { withDatabase } from '../with-database.ts'
import type { Workplace } from '../with-database.ts'

/** Mails that were written into a folder are kept for so long, milliseconds. */
export const mailsKeptMs = 30 * 24 * 3600 * 1000

export const command: Command = {
  name: 'prune',
  summary: 'Forget what is not needed any more',
  description: [
    'Takes out what was kept for its time: bodies of payment events, work that is done, holds that became nothing, addresses, mails in the folder. What is kept for how long and why stands in docs/privacy.md, and at /help/privacy.',
    'It works in small steps while the server runs, and a second time changes nothing. Bookings, payments and the audit log stay: they are the books.',
  ],
  operands: [],
  options: { 'dry-run': { kind: 'flag', description: 'say what would go, and change nothing' } },
  examples: ['matinee prune --dry-run', 'matinee prune'],
  run: async (invocation, environment) =>
    await withDatabase(
      environment,
      async (workplace) => await prune(workplace, environment, invocation.flag('dry-run')),
    ),
}

async function prune(workplace: Workplace, { output }: Environment, dryRun: boolean): Promise<ExitCode> {
  const { database, clock } = workplace
  let total = 0
  const say = (name: string, amount: number) => {
    total += amount
    output.write(`${name.padEnd(32)}${amount.toLocaleString('en').padStart(12)}\n`)
  }
  for (const retention of retentions) {
    const work = dryRun ? countOld : pruneOld
    say(retention.name, await work(database, retention, clock.now()))
  }
  say('mails in the folder', pruneMails(workplace, dryRun))
  output.write(dryRun ? `${count(total, 'row')} or files would go.\n` : `${count(total, 'row')} or files pruned.\n`)
  return 0
}

/** Files of mails, where no SMTP server takes them. */
function pruneMails({ config, clock }: Workplace, dryRun: boolean): number {
  const folder = join(config.dataFolder, 'mail')
  const before = clock.now() - mailsKeptMs
  const names = statSync(folder, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(folder) : []
  const old = names.filter((name) => name.endsWith('.eml') && statSync(join(folder, name)).mtimeMs < before)
  if (!dryRun) for (const name of old) rmSync(join(folder, name), { force: true })
  return old.length
}
