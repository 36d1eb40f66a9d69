import { createHash } from 'node:crypto'
import type { WorkChallenge } from '../../contract/holds.ts'
import { leadingZeroBits } from '../holds/proof-of-work.ts'
import type { TestAnswer } from './harness.ts'

/** The challenge that a refusal carries. */
export function challengeOf({ problem }: Pick<TestAnswer<unknown>, 'problem'>): WorkChallenge {
  const challenge = problem['challenge']
  if (typeof challenge !== 'object' || challenge === null) throw new Error('the refusal carries no challenge')
  return challenge as WorkChallenge
}

/** Solves a challenge as an outsider would who has read the documentation alone. */
export function solveChallenge({ text, bits }: Pick<WorkChallenge, 'text' | 'bits'>): string {
  for (let number = 0; ; number += 1) {
    const proof = `${text}.${number}`
    if (leadingZeroBits(createHash('sha256').update(proof).digest()) >= bits) return proof
  }
}
