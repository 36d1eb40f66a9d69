import { readFile } from 'node:fs/promises'
import { auditDatabase } from '../../audit/audit.ts'
import type { AuditReport, AuditResult } from '../../audit/audit.ts'
import { parseJournal } from '../../audit/journal.ts'
import type { Acknowledged } from '../../audit/journal.ts'
import { migrationStatus } from '../../database/migrate.ts'
import type { Command, Environment, ExitCode } from '../command.ts'
import { count, fail, printable, wrap } from '../output.ts'
import { showProgress } from '../progress.ts'
import { databaseExists, withConfig, withDatabase } from '../with-database.ts'
import type { Workplace } from '../with-database.ts'

/** Nothing was found because nothing could be looked at. */
const couldNotCheck = 2

export const command: Command = {
  name: 'audit',
  summary: 'Prove that the ledger is sound',
  description: [
    'Checks every invariant of seats, money and tickets on one snapshot of the database, with queries of its own. Reads only, and may run beside the server.',
    'A journal has one acknowledged answer a line, "KIND ID KEY": KIND is hold, booking, confirmed (a booking that was confirmed), payment, refund or ticket. What it names must be there.',
    'Exit codes: 0 sound, 1 something is broken and named, 2 it could not be checked.',
  ],
  operands: [],
  options: {
    json: { kind: 'flag', description: 'the whole report as one JSON document' },
    'against-journal': { kind: 'text', placeholder: 'FILE', description: 'answers that clients wrote down' },
  },
  examples: ['matinee audit', 'matinee audit --json --against-journal acks.txt'],
  async run(invocation, environment) {
    const journal = await readJournal(invocation.text('against-journal'))
    if (typeof journal === 'string') return cannot(environment, journal)
    let verdict: ExitCode = couldNotCheck
    try {
      await withConfig(environment, async ({ database }) => {
        if (!databaseExists(database)) return cannot(environment, 'There is no database yet.')
        return await withDatabase(environment, async (workplace) => {
          verdict = await audit(workplace, journal, invocation.flag('json'), environment)
          return verdict
        })
      })
    } catch (error) {
      // Whatever kept it from looking: "broken" is said of the database alone.
      return cannot(environment, error instanceof Error ? error.message : String(error))
    }
    return verdict
  },
}

async function audit(
  { database, clock }: Workplace,
  journal: readonly Acknowledged[],
  json: boolean,
  environment: Environment,
): Promise<ExitCode> {
  const state = await migrationStatus(database)
  if (!state.every(({ applied }) => applied)) {
    return cannot(environment, 'The database is not migrated: run "matinee migrate up" first.')
  }
  const progress = showProgress(environment.errors, 'Checking', 100)
  const report = await auditDatabase(database, clock.now(), {
    journal,
    onProgress: (done, total) => progress.advance((done / total) * 100),
  })
  progress.finish()
  environment.output.write(json ? `${JSON.stringify(report, null, 2)}\n` : inWords(report))
  return report.sound ? 0 : 1
}

async function readJournal(file: string | undefined): Promise<readonly Acknowledged[] | string> {
  if (file === undefined) return []
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch {
    return `The journal ${file} cannot be read.`
  }
  const journal = parseJournal(text)
  return 'unreadable' in journal
    ? `Line ${journal.unreadable} of the journal ${file} is not "KIND ID KEY" with a kind that is known.`
    : journal
}

function cannot(environment: Environment, reason: string): ExitCode {
  fail(environment.errors, reason)
  return couldNotCheck
}

function inWords(report: AuditReport): string {
  const broken = report.invariants.filter(({ violations }) => violations.length > 0)
  const verdict = report.sound
    ? `Sound: all ${report.invariants.length} invariants hold.`
    : `Broken: ${count(broken.length, 'invariant')} of ${report.invariants.length}.`
  return [...report.invariants.map(lineOf), verdict, ''].join('\n')
}

function lineOf({ id, title, rows, violations, more }: AuditResult): string {
  const head = wrap(
    `${violations.length === 0 ? 'ok    ' : 'BROKEN'} ${id.padEnd(3)} ${title} (${count(rows, 'row')})`,
    11,
    0,
  )
  const named = violations.map((violation) => wrap(printable(violation), 13, 11))
  return [head, ...named, ...(more ? [`${' '.repeat(11)}… and more`] : [])].join('\n')
}
