import { expect } from 'vitest'
import { hasRefusal } from './harness.ts'
import type { TestAnswer, TestApp } from './harness.ts'

/** Everybody at once: the answers in the order of those who asked. */
export async function crowd<Answer>(count: number, act: (index: number) => Promise<Answer>): Promise<Answer[]> {
  return await Promise.all(Array.from({ length: count }, (_person, index) => act(index)))
}

/** What came of it, counted: `{ '201': 1, '409 seats_unavailable': 299 }`. Nobody may hear that it is our fault. */
export function tally(answers: readonly TestAnswer<unknown>[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const answer of answers) {
    expect(answer.status, answer.raw.body.slice(0, 500)).toBeLessThan(500)
    const name = hasRefusal(answer) ? `${answer.status} ${answer.problem.code}` : String(answer.status)
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

/** Those who got what they wanted. */
export function winners<Body>(answers: readonly TestAnswer<Body>[]): TestAnswer<Body>[] {
  return answers.filter((answer) => !hasRefusal(answer))
}

/** Lets the loop turn and the database answer, so that what was begun gets some way before something else happens. */
export async function beats(test: TestApp, count: number): Promise<void> {
  for (let beat = 0; beat < count; beat += 1) {
    await new Promise((resume) => setImmediate(resume))
    await test.database.ping()
  }
}
