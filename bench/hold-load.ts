import { parentPort } from 'node:worker_threads'
import { runLoad, shot } from './load.ts'
import type { LoadResult } from './load.ts'
import { pairs } from './stage.ts'

/** How many holds a second a server takes, asked from a thread of its own. */
export interface HoldLoad {
  readonly port: number
  readonly connections: number
  readonly seconds: number
  readonly showtimes: readonly string[]
}

let sold = 0

async function measure({ port, connections, seconds, showtimes }: HoldLoad): Promise<LoadResult> {
  const until = performance.now() + seconds * 1000
  return await runLoad(port, connections, () => {
    const pair = pairs[Math.floor(sold / showtimes.length)]
    const showtime = showtimes[sold % showtimes.length]
    sold += 1
    if (!pair || performance.now() > until) return null
    return shot('POST', `/api/v1/showtimes/${showtime}/holds`, { seats: pair })
  })
}

parentPort?.on('message', (load: HoldLoad) => {
  void measure(load).then((result) => parentPort?.postMessage(result))
})
