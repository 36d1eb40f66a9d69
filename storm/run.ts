import { parseArgs } from 'node:util'
import { stopOnSignal } from '../server/testing/children.ts'
import { spawnServer } from '../server/testing/spawned-server.ts'
import { breakGround } from './ground.ts'
import { openOnlineTrade } from './online-trade.ts'
import { inWords, isCalm } from './report.ts'
import { runStorm } from './storm.ts'
import { endBy, stormEnvironment } from './weather.ts'

/*
 * A crowd that buys while the server is killed:
 * `npm run storm -- --engine sqlite|postgres --clients 500 --seconds 30 --kill 10 --seed 1`, or, with payment providers that
 * misbehave, `npm run storm -- --engine sqlite|postgres --clients 48 --purchases 10000 --kill-every 5`. With `--engine postgres
 * --servers 2` another server takes every second request, and is not killed. Exit 1 unless all is as it was told, and the providers
 * have the money of what was sold.
 */
const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'sqlite' },
    clients: { type: 'string', default: '500' },
    seconds: { type: 'string', default: '30' },
    purchases: { type: 'string', default: '0' },
    kill: { type: 'string', default: '10' },
    servers: { type: 'string', default: '1' },
    'kill-every': { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
    hesitate: { type: 'string', default: '400' },
  },
})

/** A whole number within its bounds; ends the command with what is wrong. */
function whole(name: Exclude<keyof typeof values, 'engine' | 'seed'>, least: number, most: number): number {
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
const [purchases, killEverySeconds] = [whole('purchases', 0, 1_000_000), whole('kill-every', 1, 3600)]
const servers = whole('servers', 1, 2)
if (servers === 2 && (engine === 'sqlite' || purchases > 0)) {
  console.error('--servers 2 needs --engine postgres, and goes without --purchases')
  process.exit(2)
}

const stop = stopOnSignal()

/** Where purchases are counted, payment providers take the money, and the storm lasts for as long as they take. */
const paying = purchases > 0 ? await openOnlineTrade(seed) : null
// On a busy machine a server that lives for seconds serves few.
const wanted = paying
  ? { payments: purchases, seconds: 0, kills: 0, killEverySeconds, patienceMs: 900_000, trade: paying }
  : { seconds, kills }
/** Halls of 2,000 seats, so that some seats are wanted twice and most are not. */
const halls = paying ? Math.ceil(purchases / 500) + 1 : Math.min(40, Math.max(2, Math.ceil((clients * seconds) / 4000)))

const ground = await breakGround(engine)
const beside = servers === 2 ? spawnServer(ground.location, { environment: stormEnvironment }) : null
try {
  const length = paying ? `${purchases} payments` : `${seconds} s`
  console.log(`storm [${engine}]: ${clients} clients, ${length}, ${beside ? 'two servers, ' : ''}seed ${seed}`)
  const report = await runStorm({
    location: ground.location,
    seed,
    clients,
    ...wanted,
    habits: { hesitationMs, doubleClicks: 0.1 },
    halls,
    signal: stop,
    ...(beside && { secondUrl: await beside.url }),
  })
  console.log(inWords(report))
  const besideCode = beside ? (await endBy(beside, 'SIGTERM')).code : 0
  if (besideCode !== 0) console.log(`The second server ended with ${besideCode}`)
  process.exitCode = isCalm(report) && besideCode === 0 ? 0 : 1
} finally {
  if (beside) await endBy(beside, 'SIGKILL')
  await paying?.close()
  await ground.drop()
}
