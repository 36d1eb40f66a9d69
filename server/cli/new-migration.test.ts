import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { newMigration } from './new-migration.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

function folderWith(index: string, ...files: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'matinee-migrations-'))
  folders.push(folder)
  writeFileSync(join(folder, 'index.ts'), index)
  for (const file of files) writeFileSync(join(folder, file), '')
  return folder
}

const oneLine = `import type { Migration } from '../schema.ts'
import { platform } from './0001-platform.ts'

export const migrations: readonly Migration[] = [platform]
`

test('a new migration has the next number and stands at the end of the list', () => {
  const folder = folderWith(oneLine, '0001-platform.ts')
  expect(newMigration(folder, 'price-lists')).toEqual({ file: join(folder, '0002-price-lists.ts') })
  expect(readFileSync(join(folder, '0002-price-lists.ts'), 'utf8')).toContain("name: '0002-price-lists'")
  expect(readFileSync(join(folder, 'index.ts'), 'utf8')).toBe(`import type { Migration } from '../schema.ts'
import { platform } from './0001-platform.ts'
import { priceLists } from './0002-price-lists.ts'

export const migrations: readonly Migration[] = [platform, priceLists]
`)
})

test('a list of several lines stays one', () => {
  const folder = folderWith(
    oneLine.replace('[platform]', '[\n  platform,\n  accounts,\n]'),
    '0001-platform.ts',
    '0009-audit.ts',
  )
  newMigration(folder, 'seats')
  expect(readFileSync(join(folder, 'index.ts'), 'utf8')).toContain('[\n  platform,\n  accounts,\n  seats,\n]')
  expect(readdirSync(folder)).toContain('0010-seats.ts')
})

test('a name that is taken, or a list that cannot be found, writes nothing', () => {
  const folder = folderWith(oneLine, '0001-platform.ts')
  expect(newMigration(folder, 'platform').problem).toBe('there is a migration "platform" already')
  const strange = folderWith('export default null\n')
  expect(newMigration(strange, 'seats').problem).toContain('was not found')
  expect(readdirSync(strange)).toEqual(['index.ts'])
})
