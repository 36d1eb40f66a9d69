import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { within } from '../server/testing/children.ts'
import { inALine } from '../storm/report.ts'
import { bothEngines, ensure } from './fault.ts'
import type { Fault } from './fault.ts'
import { storm } from './stormy.ts'

const kibibyte = 1024
const mebibyte = 1024 * kibibyte

export const noMemory: Fault = {
  id: 'F23',
  holds:
    'A server that gets no more memory ends in the middle of its work: nothing acknowledged is lost, a retry has one effect, the next start is clean.',
  injection: 'a limit of data (prlimit) at what the running server has, or 2 or 4 MiB above',
  engines: bothEngines,
  rounds: { test: 0, short: 3, long: 50 },
  needs: ['linux', 'prlimit'],
  async run(trial) {
    const ways = new Set<string>()
    const report = await storm(trial, {
      location: await trial.breakGround(),
      async disturb(weather, round) {
        const { child, ended } = weather.server
        const leftMebibytes = (round % 3) * 2
        const most = dataOf(child.pid) + leftMebibytes * mebibyte
        execFileSync('prlimit', ['--pid', String(child.pid), `--data=${most}`, '--core=0'])
        const { code, errors } = await within(60_000, 'The end of the server', ended)
        ensure(code === null || code > 0, `Without memory the server ended with ${code}: ${errors}`)
        ways.add(child.signalCode ?? `exit ${code}`)
        await weather.restart('SIGKILL')
      },
    })
    return `${inALine(report)}; ended by ${[...ways].join(', ')}`
  },
}

/** What Linux counts against the limit of data, bytes. */
function dataOf(pid: number | undefined): number {
  const kibibytes = /^VmData:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kibibytes) * kibibyte
}
