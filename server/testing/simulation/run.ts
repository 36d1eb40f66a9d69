import { parseArgs } from 'node:util'
import { simulate } from './world.ts'

/*
 * `npm run sim -- --seed 1 --histories 1000`: histories of the seat ledger, one per seed, with crashes between any two steps. The first that goes
 * wrong is told step by step; its seed tells it again. `--trace` tells it whatever comes of it.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    histories: { type: 'string', default: '1000' },
    trace: { type: 'boolean', default: false },
  },
})
const first = Number(values.seed)
const last = first + Number(values.histories) - 1
const totals = { steps: 0, crashes: 0, unknown: 0, asked: 0 }
const beganAt = performance.now()
let failed: number | null = null
for (let seed = first; seed <= last && failed === null; seed += 1) {
  const { problems, trace, counts } = simulate(seed)
  totals.steps += counts.steps
  totals.crashes += counts.crashes
  totals.unknown += counts.unknown
  totals.asked += counts.asked
  if (problems.length > 0) failed = seed
  if (problems.length > 0 || values.trace) process.stdout.write(`${trace.join('\n')}\n`)
  for (const problem of problems) process.stdout.write(`seed ${seed}: ${problem}\n`)
}
const seconds = (performance.now() - beganAt) / 1000
const told = (failed ?? last) - first + 1
process.stdout.write(
  `${told} histories, ${totals.steps} steps, ${totals.asked} requests, ${totals.unknown} unanswered, ${totals.crashes} crashes in ${seconds.toFixed(1)} s (${Math.round((told / seconds) * 60)} histories a minute)\n`,
)
if (failed !== null) process.stdout.write(`again: npm run sim -- --seed ${failed} --histories 1\n`)
process.exitCode = failed === null ? 0 : 1
