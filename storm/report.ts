import type { StormReport } from './storm.ts'

/** So many of a kind are told in full. */
const told = 10

/** Whether all that must be nothing is nothing. */
export function isCalm({ findings, met, audit }: StormReport): boolean {
  const all = Object.values(findings)
  return all.every(({ length }) => length === 0) && met.serverErrors.size === 0 && audit.code === 0
}

/** A storm in words: what was done, then what must be zero. */
export function inWords(report: StormReport): string {
  const { findings, met, audit } = report
  const columns: [string, readonly string[]][] = [
    ['lost', findings.lost],
    ['double', findings.double],
    ['charged without seats', findings.chargedWithoutSeats],
    ['unpaid with seats', findings.unpaidWithSeats],
    ['5xx', [...met.serverErrors].map(([name, times]) => `${times} × ${name}`)],
    ['anything else', findings.other],
  ]
  const verdict = audit.code === 0 ? 'sound' : `exit ${audit.code}`
  return [
    ...doneLines(report),
    '',
    ...columns.flatMap(([name, found]) => [
      `${name.padEnd(24)}${found.length}`,
      ...found.slice(0, told).map((what) => `  ${what}`),
      ...(found.length > told ? [`  … and ${found.length - told} more`] : []),
    ]),
    `${'matinee audit'.padEnd(24)}${verdict}`,
    ...(audit.code === 0 ? [] : [audit.output]),
    isCalm(report) ? 'All is as it was told.' : 'THE STORM BROKE SOMETHING.',
  ].join('\n')
}

/** The same in a line, for a test's output. */
export function inALine(report: StormReport): string {
  return doneLines(report).join('; ')
}

function doneLines({ journal, met, kills, startsMs, lines }: StormReport): string[] {
  const { purchases, acknowledged, refused, replayed, doubleClicks } = journal
  const of = (table: string) => acknowledged.filter((each) => each.table === table && !each.confirmed).length
  const confirmed = acknowledged.filter((each) => each.confirmed).length
  const having = (name: 'exchanged' | 'cancelled' | 'admitted' | 'released') =>
    purchases.filter((purchase) => purchase[name] !== undefined).length
  return [
    `${kills} times disturbed${startsMs.length === 0 ? '' : `, open again after at most ${Math.round(Math.max(...startsMs))} ms`}`,
    `${purchases.length} purchases begun, acknowledged: ${of('holds')} holds, ${of('bookings')} bookings, ${confirmed} paid, ${having('exchanged')} exchanged, ${having('cancelled')} cancelled, ${having('released')} given back, ${having('admitted')} let in`,
    `${met.unanswered} requests without an answer, ${doubleClicks} double clicks, ${replayed} answers given again`,
    `refused: ${listed(refused)}`,
    `turned away for now, each settled later: ${listed(met.turnedAway)}`,
    ...lines,
  ]
}

function listed(counts: ReadonlyMap<string, number>): string {
  const entries = [...counts].toSorted(([, one], [, other]) => other - one)
  return entries.length === 0 ? 'none' : entries.map(([name, times]) => `${times} ${name}`).join(', ')
}
