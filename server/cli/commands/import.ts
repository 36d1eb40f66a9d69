import { statSync } from 'node:fs'
import type { Upserted } from '../../database/chunks.ts'
import type { Command, Environment, ExitCode } from '../command.ts'
import { reportOf } from '../import/problems.ts'
import type { LineProblem } from '../import/problems.ts'
import { programmeFiles, readProgramme } from '../import/read-programme.ts'
import { writeProgramme } from '../import/write-programme.ts'
import type { Written } from '../import/write-programme.ts'
import { count, fail } from '../output.ts'
import { showProgress } from '../progress.ts'
import { withMigratedDatabase } from '../with-database.ts'
import type { Workplace } from '../with-database.ts'

export const command: Command = {
  name: 'import',
  summary: 'Take over theatres, films and showtimes from files',
  description: [
    'DIR holds theatres.ndjson, auditoriums.ndjson, movies.ndjson and showtimes.ndjson: UTF-8, one JSON object a line. Every problem is named with file and line, and then nothing is imported.',
    'The ids in the files are kept: importing the same files again changes nothing, importing a changed line changes what it names. Nothing is ever deleted.',
  ],
  operands: [{ name: 'DIR', description: 'the folder with the four files', required: true }],
  options: {},
  examples: ['matinee import ./programme'],
  async run(invocation, environment) {
    const folder = invocation.requiredOperand(0)
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
      return fail(environment.errors, `There is no folder ${folder}.`)
    }
    return await withMigratedDatabase(environment, (workplace) => importFrom(folder, workplace, environment))
  },
}

async function importFrom(folder: string, { database }: Workplace, environment: Environment): Promise<ExitCode> {
  const progress = showProgress(environment.errors, 'Importing', programmeFiles.length + 1)
  const problems: LineProblem[] = []
  const programme = await readProgramme(folder, problems, (files) => progress.advance(files))
  const written = await writeProgramme(database, programme, problems)
  progress.finish()
  if (written) {
    environment.output.write(summaryOf(written))
    return 0
  }
  environment.errors.write(reportOf(problems, programmeFiles))
  return fail(environment.errors, `${count(problems.length, 'problem')}: nothing was imported.`)
}

/** `theatres        24 created`. */
function summaryOf(written: Written): string {
  return programmeFiles
    .map((file) => `${file.replace('.ndjson', '').padEnd(12)} ${outcomesOf(written[file])}\n`)
    .join('')
}

function outcomesOf(upserted: readonly Upserted[]): string {
  const outcomes = ['created', 'changed', 'unchanged'] as const
  const told = outcomes.flatMap((outcome) => {
    const amount = upserted.filter((each) => each.outcome === outcome).length
    return amount > 0 ? [`${amount.toLocaleString('en')} ${outcome}`] : []
  })
  return told.join(', ') || 'none'
}
