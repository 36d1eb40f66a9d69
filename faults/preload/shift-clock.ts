import { readFileSync } from 'node:fs'

/*
 * Loaded into a server before anything else (`--import`): the clock of its host is wrong by as many milliseconds as the file
 * CLOCK_SHIFT says. Timers and the monotonic clock go on, as they do when somebody sets a host's clock.
 */
const path = process.env['CLOCK_SHIFT']
const hostNow = Date.now
const readEveryMs = 20

let shiftMs = 0
let readAt = -Infinity

if (path !== undefined) {
  Date.now = () => {
    const now = performance.now()
    if (now - readAt > readEveryMs) {
      shiftMs = Number(readFileSync(path, 'utf8'))
      readAt = now
    }
    return hostNow() + shiftMs
  }
}
