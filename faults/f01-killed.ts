import { bothEngines } from './fault.ts'
import type { Fault } from './fault.ts'
import { stormInALine } from './stormy.ts'

export const killed: Fault = {
  id: 'F1',
  holds:
    'A server that is killed under load loses nothing that it acknowledged, and a retry with the same key has one effect.',
  injection: 'SIGKILL at random moments of a storm',
  engines: bothEngines,
  // The test of the storm itself kills too.
  rounds: { test: 0, short: 5, long: 200 },
  needs: [],
  run: async (trial) => await stormInALine(trial, { location: await trial.breakGround() }),
}
