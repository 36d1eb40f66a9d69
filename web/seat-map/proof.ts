import type { WorkChallenge } from '../../contract/holds.ts'
import { isRefused } from '../api.ts'

/** How often a challenge is solved for one act: what is asked for may rise in between. */
const mostTries = 3

/** Does what may be refused for want of work; solves what is asked for, and does it again. Nobody sees more than a wait. */
export async function withProof<Result>(act: (proof: string | undefined) => Promise<Result>): Promise<Result> {
  let proof: string | undefined
  for (let tries = 0; ; tries += 1) {
    try {
      return await act(proof)
    } catch (error) {
      const challenge = isRefused(error, 'pow_required') ? error.problem.challenge : undefined
      if (!challenge || tries >= mostTries) throw error
      proof = await solveApart(challenge)
    }
  }
}

/** In a thread of its own, so that the plan stays lively. */
async function solveApart({ text, bits }: WorkChallenge): Promise<string> {
  const worker = new Worker(new URL('./proof-worker.ts', import.meta.url), { type: 'module' })
  try {
    return await new Promise<string>((resolve, reject) => {
      worker.addEventListener('message', ({ data }: MessageEvent<string>) => resolve(data))
      worker.addEventListener('error', () => reject(new Error('The challenge could not be solved')))
      worker.postMessage({ text, bits })
    })
  } finally {
    worker.terminate()
  }
}
