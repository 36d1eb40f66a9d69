import { parseArgs } from 'node:util'
import { stopOnSignal } from '../server/testing/children.ts'
import { breakGround, watching } from '../storm/ground.ts'
import type { Ground } from '../storm/ground.ts'
import type { Engine } from '../server/database/database.ts'
import type { Fault } from './fault.ts'
import { faults } from './list.ts'
import { missing } from './needs.ts'

/*
 * Brings faults about, one after the other, and says what was seen: `npm run faults -- --only F1,F15 --engine sqlite --long
 * --seed 1`. `--list` only names them. Exit 1 unless all held; what cannot be brought about here has not held.
 */
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    engine: { type: 'string' },
    seed: { type: 'string', default: '1' },
    rounds: { type: 'string' },
    long: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
  },
})

const wanted = values.only?.split(',').map((id) => id.trim().toUpperCase())
const unknown = wanted?.filter((id) => !faults.some((fault) => fault.id === id)) ?? []
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')}: there are ${faults.map(({ id }) => id).join(', ')}.`)
  process.exit(2)
}

const stop = stopOnSignal()

let failures = 0
for (const fault of faults) {
  if (stop.aborted) break
  if (wanted && !wanted.includes(fault.id)) continue
  console.log(`${fault.id.padEnd(4)} ${fault.holds}\n     ${fault.injection}`)
  if (values.list) continue
  const lacking = missing(fault.needs)
  if (lacking.length > 0) {
    console.log(`     CANNOT BE TRIED HERE: this machine has no ${lacking.join(', ')}`)
    failures += 1
    continue
  }
  for (const engine of fault.engines) if (!values.engine || values.engine === engine) await tryOut(fault, engine)
}
console.log(failures === 0 ? 'All held.' : `${failures} did not hold.`)
process.exit(failures === 0 ? 0 : 1)

/** Brings one fault about on one engine, and says what came of it. */
async function tryOut(fault: Fault, engine: Engine): Promise<void> {
  const grounds: Ground[] = []
  const rounds = Number(values.rounds ?? (values.long ? fault.rounds.long : fault.rounds.short))
  const startedAt = performance.now()
  const told = (how: string, what: string) =>
    console.log(
      `     [${engine}] ${how} after ${rounds} rounds, ${Math.round((performance.now() - startedAt) / 1000)} s: ${what}`,
    )
  try {
    const seen = await fault.run({
      engine,
      rounds,
      seed: values.seed,
      signal: stop,
      async breakGround() {
        const ground = await breakGround(engine)
        grounds.push(ground)
        await watching(ground.location, async () => undefined)
        return ground.location
      },
    })
    told('held', seen)
  } catch (error) {
    failures += 1
    told('DID NOT HOLD', error instanceof Error ? (error.stack ?? error.message) : String(error))
  }
  for (const ground of grounds) await ground.drop()
}
