import { statSync } from 'node:fs'
import { basename } from 'node:path'
import { auditDatabase } from '../../audit/audit.ts'
import { UnusableBackup } from '../../database/backup/format.ts'
import { NotEmpty, restoreBackup } from '../../database/backup/restore-backup.ts'
import { takeServerLock } from '../../database/server-lock.ts'
import { createSecrets } from '../../platform/secrets.ts'
import type { Command, Environment, ExitCode, Invocation } from '../command.ts'
import { noteCommand } from '../note-command.ts'
import { count, fail } from '../output.ts'
import { showProgress } from '../progress.ts'
import type { Progress } from '../progress.ts'
import { withConfig, withDatabase } from '../with-database.ts'
import type { Workplace } from '../with-database.ts'

export const command: Command = {
  name: 'restore',
  summary: 'Take everything back from a backup',
  description: [
    'Puts what FILE holds into an empty database, or with --force in place of everything in it: all of it or (when the file is damaged in any way) nothing. Stop the server first: on SQLite it is refused beside one. A backup from the other engine, or from an older version, is as good.',
  ],
  operands: [{ name: 'FILE', description: 'the backup', required: true }],
  options: {
    force: { kind: 'flag', description: 'replace what a database holds that is not empty' },
    verify: { kind: 'flag', description: 'audit what was restored, and fail when it is not sound' },
    'any-secret': { kind: 'flag', description: 'take a backup that was made under another SECRET' },
  },
  examples: ['matinee restore monday.matinee --verify', 'matinee restore monday.matinee --force'],
  async run(invocation, environment) {
    const file = invocation.requiredOperand(0)
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) {
      return fail(environment.errors, `There is no file ${file}.`)
    }
    return await withConfig(environment, async (config) => {
      const lock = takeServerLock(config.database)
      if (!lock) return fail(environment.errors, 'A server is using this database. Stop it first.')
      try {
        return await withDatabase(environment, (workplace) => restore(file, invocation, workplace, environment))
      } finally {
        lock.release()
      }
    })
  },
}

async function restore(
  file: string,
  invocation: Invocation,
  { database, config, clock }: Workplace,
  environment: Environment,
): Promise<ExitCode> {
  let progress: Progress | null = null
  try {
    const rows = await restoreBackup(database, file, {
      secrets: createSecrets(config.secret),
      anySecret: invocation.flag('any-secret'),
      force: invocation.flag('force'),
      afterwards: (tx) => noteCommand(tx, 'restore', { request: { file: basename(file) } }),
      onProgress(done, total) {
        progress ??= showProgress(environment.errors, 'Restoring', total)
        progress.advance(done)
      },
    }).finally(() => progress?.finish())
    environment.output.write(`${count(rows, 'row')} restored\n`)
  } catch (error) {
    if (error instanceof NotEmpty) {
      return fail(environment.errors, 'The database is not empty. Use --force to replace everything in it.')
    }
    if (!(error instanceof UnusableBackup)) throw error
    return fail(environment.errors, `${file} cannot be restored. ${error.message} Nothing was changed.`)
  }
  if (!invocation.flag('verify')) return 0
  const { sound, invariants } = await auditDatabase(database, clock.now())
  if (sound) {
    environment.output.write(`Sound: all ${invariants.length} invariants hold.\n`)
    return 0
  }
  const broken = invariants.filter(({ violations }) => violations.length > 0).map(({ id }) => id)
  return fail(environment.errors, `What was restored is not sound: ${broken.join(', ')}. See "matinee audit".`)
}
