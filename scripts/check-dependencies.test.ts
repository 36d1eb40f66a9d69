import { expect, test } from 'vitest'
import { lockProblems, recordProblems, unpinned } from './check-dependencies.mjs'

test('a range is not a pinned version', () => {
  expect(unpinned({ exact: '1.2.3', beta: '18.4.0-beta.17', range: '^1.2.3', any: '*' })).toHaveLength(2)
})

test('a lock file without the package of another platform is found out, and so is one that names where packages came from', () => {
  const tool = { version: '1.0.0', optionalDependencies: { 'tool-linux': '1.0.0', 'tool-windows': '1.0.0' } }
  const linux = { version: '1.0.0' }
  expect(lockProblems({ 'node_modules/tool': tool, 'node_modules/tool-linux': linux })).toEqual([
    'the lock file lacks tool-windows, which node_modules/tool needs',
  ])
  expect(lockProblems({ 'node_modules/tool-linux': { ...linux, resolved: 'somewhere' } })).toHaveLength(1)
  expect(lockProblems({ 'node_modules/tool-linux': { ...linux, hasInstallScript: true } })).toHaveLength(1)
})

test('a nested package counts as there', () => {
  const packages = {
    'node_modules/a': { version: '1.0.0', dependencies: { b: '^1.0.0' } },
    'node_modules/a/node_modules/b': { version: '1.0.0', dependencies: { c: '^1.0.0' } },
    'node_modules/c': { version: '1.0.0' },
  }
  expect(lockProblems(packages)).toEqual([])
})

test('every dependency has its reason, and no reason is left of one that has gone', () => {
  expect(recordProblems({ a: '1.0.0', b: '1.0.0' }, '| `a`  | because |\n| `gone` | was |\n')).toHaveLength(2)
})
