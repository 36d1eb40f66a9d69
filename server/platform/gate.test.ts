import { describe, expect, it } from 'vitest'
import { createGate } from './gate.ts'
import { isRefusal } from './refusal.ts'

describe('a gate before heavy work', () => {
  it('lets a few in, keeps some waiting in order and refuses the rest at once', async () => {
    const gate = createGate(2, 3, 'Too much.')
    const finish: (() => void)[] = []
    const begun: number[] = []
    const work = (number: number) => () => {
      begun.push(number)
      return new Promise<number>((resolve) => finish.push(() => resolve(number)))
    }
    const answers = [1, 2, 3, 4, 5, 6].map((number) => gate(work(number)))
    const refused = await answers[5]
    expect(isRefusal(refused) && refused.code).toBe('overloaded')
    expect(begun).toEqual([1, 2])
    for (let done = 0; done < 5; done += 1) {
      finish[done]?.()
      await answers[done]
    }
    expect(begun).toEqual([1, 2, 3, 4, 5])
    expect(await Promise.all(answers.slice(0, 5))).toEqual([1, 2, 3, 4, 5])
  })

  it('gives a place on when the work fails', async () => {
    const gate = createGate(1, 1, 'Too much.')
    const failing = gate(async () => {
      throw new Error('no memory')
    })
    const next = gate(async () => 'fine')
    await expect(failing).rejects.toThrow('no memory')
    expect(await next).toBe('fine')
  })
})
