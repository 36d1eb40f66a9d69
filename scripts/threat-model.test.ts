import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const text = readFileSync(join(root, 'docs', 'threat-model.md'), 'utf8')

/** `a/file.test.ts` “the name of a test in it” */
const reference = /`([\w./-]+\.test\.ts)` “([^”]+)”/g

it('every threat has a row, and every row a test', () => {
  const rows = new Map([...text.matchAll(/^\| (T\d+) +\|.*$/gm)].map(([row, number]) => [number, row]))
  expect([...rows.keys()]).toEqual(Array.from({ length: 46 }, (_, index) => `T${index + 1}`))
  for (const [number, row] of rows) expect(row.match(reference), number).not.toBeNull()
})

it('every test that is named is there', () => {
  const named = [...text.matchAll(reference)]
  expect(named.length).toBeGreaterThan(46)
  for (const [, file = '', name = ''] of named) {
    expect(readFileSync(join(root, file), 'utf8'), `${file} has no “${name}”`).toContain(name)
  }
})
