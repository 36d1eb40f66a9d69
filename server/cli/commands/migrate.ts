import { join } from 'node:path'
import { migrateDown, migrateUp, migrationStatus } from '../../database/migrate.ts'
import { migrations } from '../../database/migrations/index.ts'
import type { Command, Environment, ExitCode } from '../command.ts'
import { newMigration } from '../new-migration.ts'
import { fail, wrongUsage } from '../output.ts'
import { databaseExists, withConfig, withDatabase } from '../with-database.ts'

const migrationsFolder = join(import.meta.dirname, '../../database/migrations')

export const command: Command = {
  name: 'migrate',
  summary: 'Change or show the database schema',
  description: [
    'up applies every migration that is missing, all of them or none. down takes back the newest one, with the tables it made and what is in them. status names each and says whether it is applied. new writes the next numbered file from a template.',
  ],
  operands: [
    { name: 'ACTION', description: 'what to do', required: true, choices: ['up', 'down', 'status', 'new'] },
    { name: 'NAME', description: 'of the new migration: lower case with hyphens', required: false },
  ],
  options: {},
  examples: ['matinee migrate status', 'matinee migrate new price-lists'],
  async run(invocation, environment) {
    const action = invocation.requiredOperand(0)
    const name = invocation.operands[1]
    if (action === 'new') return makeMigration(name, environment)
    if (name !== undefined) return wrongUsage(environment.errors, `${action} takes no name`, 'migrate')
    if (action === 'status') return await showStatus(environment)
    return await withDatabase(environment, async ({ database }) => {
      if (action === 'up') {
        const applied = await migrateUp(database)
        if (applied.length === 0) environment.output.write('Nothing to do: the schema is up to date.\n')
        for (const migration of applied) environment.output.write(`applied  ${migration}\n`)
      } else {
        const takenBack = await migrateDown(database)
        environment.output.write(takenBack === null ? 'Nothing to take back.\n' : `taken back  ${takenBack}\n`)
      }
      return 0
    })
  },
}

async function showStatus(environment: Environment): Promise<ExitCode> {
  const show = (state: readonly { readonly name: string; readonly applied: boolean }[]): ExitCode => {
    const longest = Math.max(...state.map(({ name }) => name.length))
    for (const { name, applied } of state) {
      environment.output.write(`${name.padEnd(longest)}  ${applied ? 'applied' : 'pending'}\n`)
    }
    return 0
  }
  return await withConfig(environment, async ({ database: location }) => {
    // Asking must not make a file.
    if (!databaseExists(location)) return show(migrations.map(({ name }) => ({ name, applied: false })))
    return await withDatabase(environment, async ({ database }) => show(await migrationStatus(database)))
  })
}

function makeMigration(name: string | undefined, environment: Environment): ExitCode {
  if (name === undefined) return wrongUsage(environment.errors, 'new needs a NAME', 'migrate')
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 60) {
    return wrongUsage(environment.errors, `"${name}" is not a name like price-lists`, 'migrate')
  }
  const made = newMigration(migrationsFolder, name)
  if (made.problem !== undefined) return fail(environment.errors, made.problem)
  environment.output.write(`wrote ${made.file}\n`)
  return 0
}
