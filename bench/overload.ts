import { parseArgs } from 'node:util'
import { breakGround } from '../storm/ground.ts'
import { overload, overloadInWords } from '../storm/overload.ts'

/*
 * What becomes of people, and of the server, when more ask than it can serve:
 * `npm run bench -- overload --engine sqlite|postgres --seconds 10 --times 5`. The client shares the machine with it.
 */
const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    engine: { type: 'string', default: 'sqlite' },
    seconds: { type: 'string', default: '10' },
    times: { type: 'string', default: '5' },
  },
})
const ground = await breakGround(values.engine === 'postgres' ? 'postgres' : 'sqlite')
try {
  const { location } = ground
  const report = await overload({ location, seconds: Number(values.seconds), times: Number(values.times) })
  console.log(overloadInWords(report).replaceAll('; ', '\n'))
  for (const problem of report.problems) console.log(`WRONG: ${problem}`)
  process.exitCode = report.problems.length === 0 ? 0 : 1
} finally {
  await ground.drop()
}
