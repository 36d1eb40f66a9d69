import { afterAll } from 'vitest'
import { killChildren } from './children.ts'

/*
 * Vitest's set-up of each test file: whatever its tests failed at, no process that they started outlives them, nor the
 * worker that is told to end because one of its hooks failed.
 */
afterAll(killChildren)
process.once('SIGTERM', () => {
  killChildren()
  process.kill(process.pid, 'SIGTERM')
})
