import { parseArgs } from 'node:util'
import { breakGround } from './ground.ts'
import { inWords, isCalm } from './report.ts'
import { runStorm } from './storm.ts'

/*
 * A crowd that buys while the server is killed:
 * `npm run storm -- --engine sqlite|postgres --clients 500 --seconds 30 --kill 10 --seed 1`. Exit 1 unless all is as it was told.
 */
const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'sqlite' },
    clients: { type: 'string', default: '500' },
    seconds: { type: 'string', default: '30' },
    kill: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    hesitate: { type: 'string', default: '400' },
  },
})

/** A whole number within its bounds; ends the command with what is wrong. */
function whole(name: 'clients' | 'seconds' | 'kill' | 'hesitate', least: number, most: number): number {
  const value = Number(values[name])
  if (Number.isInteger(value) && value >= least && value <= most) return value
  console.error(`--${name} must be a whole number from ${least} to ${most}`)
  return process.exit(2)
}

const { engine, seed } = values
if (engine !== 'sqlite' && engine !== 'postgres') {
  console.error('--engine must be sqlite or postgres')
  process.exit(2)
}
const [clients, seconds, kills] = [whole('clients', 1, 5000), whole('seconds', 1, 3600), whole('kill', 0, 1000)]
const hesitationMs = whole('hesitate', 0, 60_000)

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())

const ground = await breakGround(engine)
try {
  console.log(`storm [${engine}]: ${clients} clients, ${seconds} s, seed ${seed}`)
  const report = await runStorm({
    location: ground.location,
    seed,
    clients,
    seconds,
    kills,
    habits: { hesitationMs, doubleClicks: 0.1 },
    halls: Math.min(40, Math.max(2, Math.ceil((clients * seconds) / 4000))),
    signal: stop.signal,
  })
  console.log(inWords(report))
  process.exitCode = isCalm(report) ? 0 : 1
} finally {
  await ground.drop()
}
