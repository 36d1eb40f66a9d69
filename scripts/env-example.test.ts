import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')

test('.env.example shows every variable that the configuration reads, and no other', () => {
  const sources = globSync('server/config*.ts', { cwd: root, exclude: ['**/*.test.ts'] })
  const code = sources.map((path) => readFileSync(join(root, path), 'utf8')).join('\n')
  const read = [...code.matchAll(/'([A-Z][A-Z_]{3,})'/g)].map((match) => match[1])
  const example = readFileSync(join(root, '.env.example'), 'utf8')
  const shown = [...example.matchAll(/^# ([A-Z][A-Z_]+)=/gm)].map((match) => match[1])
  expect(new Set(shown)).toEqual(new Set(read.filter((name) => name !== 'EEXIST')))
})
