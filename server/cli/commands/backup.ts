import { statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { writeBackup } from '../../database/backup/write-backup.ts'
import { migrationStatus } from '../../database/migrate.ts'
import { createSecrets } from '../../platform/secrets.ts'
import type { Command, Environment, ExitCode } from '../command.ts'
import { count, fail } from '../output.ts'
import { showProgress } from '../progress.ts'
import type { Progress } from '../progress.ts'
import { databaseExists, withConfig, withDatabase } from '../with-database.ts'
import type { Workplace } from '../with-database.ts'

export const command: Command = {
  name: 'backup',
  summary: 'Write everything into a file',
  description: [
    'Writes what the database holds at this moment into FILE, also while the server runs, on either engine; it can be restored on either. What FILE held before is replaced once the new backup is whole.',
    'Keep it as you keep the database: it has the names of your guests in it. Posters and SECRET are not in it: keep the data folder and .env too.',
  ],
  operands: [{ name: 'FILE', description: 'where to', required: true }],
  options: {},
  examples: ['matinee backup monday.matinee'],
  async run(invocation, environment) {
    const file = resolve(invocation.requiredOperand(0))
    if (!statSync(dirname(file), { throwIfNoEntry: false })?.isDirectory()) {
      return fail(environment.errors, `There is no folder ${dirname(file)}.`)
    }
    return await withConfig(environment, async ({ database }) => {
      if (!databaseExists(database)) return fail(environment.errors, 'There is no database yet.')
      return await withDatabase(environment, (workplace) => backUp(file, workplace, environment))
    })
  },
}

async function backUp(
  file: string,
  { database, config, clock }: Workplace,
  environment: Environment,
): Promise<ExitCode> {
  const state = await migrationStatus(database)
  if (!state.some(({ applied }) => applied)) return fail(environment.errors, 'There is nothing in the database yet.')
  let progress: Progress | null = null
  const rows = await writeBackup(database, file, {
    nowMs: clock.now(),
    secrets: createSecrets(config.secret),
    onProgress(done, total) {
      progress ??= showProgress(environment.errors, 'Writing', total)
      progress.advance(done)
    },
  }).finally(() => progress?.finish())
  environment.output.write(`${count(rows, 'row')}, ${count(statSync(file).size, 'byte')} in ${file}\n`)
  return 0
}
