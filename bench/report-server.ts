import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createApp } from '../server/app.ts'
import { parseConfig } from '../server/config.ts'
import { openDatabase } from '../server/database/open.ts'
import { createSystemClock } from '../server/platform/clock.ts'
import { createLog } from '../server/platform/log.ts'

/** What the server under measurement says of itself when it is asked; the counts begin anew with each answer. */
export interface Vitals {
  /** The longest time in which its event loop answered nobody. */
  readonly blockedMs: number
  /** The most processor time that its main thread spent in one turn: what of it was the server's own doing. */
  readonly busyMs: number
  readonly residentMiB: number
}

const config = parseConfig(process.env)
const log = createLog(config.logLevel)
const clock = createSystemClock()
const database = openDatabase(config.database, clock, log)
const app = await createApp({ config, database, clock, log })
await app.http.listen({ port: config.port, host: '127.0.0.1' })

const delay = monitorEventLoopDelay({ resolution: 1 })
delay.enable()
let busyMs = 0
let before = process.threadCpuUsage()
setInterval(() => {
  const now = process.threadCpuUsage()
  busyMs = Math.max(busyMs, (now.user + now.system - before.user - before.system) / 1000)
  before = now
}, 1)
let residentMiB = 0
const watch = () => (residentMiB = Math.max(residentMiB, process.memoryUsage.rss() / 2 ** 20))
setInterval(watch, 20)

process.on('message', () => {
  watch()
  const vitals: Vitals = { blockedMs: delay.max / 1e6, busyMs, residentMiB }
  delay.reset()
  busyMs = 0
  residentMiB = 0
  process.send?.(vitals)
})
process.on('disconnect', () => process.exit(0))
process.send?.('listening')
