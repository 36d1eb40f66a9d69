import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { bugs } from '../planted/bugs.ts'

const root = join(import.meta.dirname, '..')

it('there are twenty bugs to plant at least, and each still has its place and its tests', () => {
  expect(bugs.length).toBeGreaterThanOrEqual(20)
  for (const { what, file, find, replace, tests } of bugs) {
    expect(readFileSync(join(root, file), 'utf8').split(find).length, what).toBe(2)
    expect(replace, what).not.toBe(find)
    expect(tests.length, what).toBeGreaterThan(0)
    for (const test of tests) expect(existsSync(join(root, test)), test).toBe(true)
  }
})
