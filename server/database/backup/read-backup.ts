import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import { createZstdDecompress } from 'node:zlib'
import { UnusableBackup, formatVersion } from './format.ts'
import type { BackupFooter, BackupHeader, BackupRow, BackupTable } from './format.ts'

export type BackupPart =
  | { readonly header: BackupHeader }
  | { readonly table: BackupTable }
  | { readonly row: BackupRow }

/**
 * Reads a backup part by part and ends only when it is whole: at its footer, with the right number of rows and the right
 * hash. Throws `UnusableBackup` for everything else; whoever takes the parts must not have kept anything by then.
 */
export async function* readBackup(file: string): AsyncGenerator<BackupPart> {
  const hash = createHash('sha256')
  let rows = 0
  let footer: BackupFooter | null = null
  let first = true
  for await (const line of linesOf(file)) {
    if (footer) throw new UnusableBackup('There is something behind its end.')
    const value = parse(line)
    if (isFooter(value)) {
      footer = value
      continue
    }
    hash.update(line).update('\n')
    if (first) {
      yield { header: headerOf(value) }
      first = false
    } else if (isRow(value)) {
      rows += 1
      yield { row: value }
    } else if (isTable(value)) yield { table: value }
    else throw new UnusableBackup('A line of it means nothing.')
  }
  if (!footer) throw new UnusableBackup('It is cut short: its end is missing.')
  if (footer.rows !== rows || footer.sha256 !== hash.digest('hex')) {
    throw new UnusableBackup('It was changed after it was written: its hash is another one.')
  }
}

async function* linesOf(file: string): AsyncGenerator<string> {
  const source = createReadStream(file)
  const plain = createZstdDecompress()
  // An error of either stream ends the iteration below.
  pipeline(source, plain, () => {})
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let rest = ''
  try {
    for await (const chunk of plain) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
      rest = lines.pop() ?? ''
      yield* lines
    }
    rest += decoder.decode()
  } catch (error) {
    if (error instanceof UnusableBackup) throw error
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    throw new UnusableBackup(`It cannot be read as a backup (${code}).`, { cause: error })
  }
  if (rest !== '') throw new UnusableBackup('It is cut short in the middle of a line.')
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch (error) {
    throw new UnusableBackup('A line of it is not JSON.', { cause: error })
  }
}

function headerOf(value: unknown): BackupHeader {
  if (!isHeader(value)) throw new UnusableBackup('It is not a backup of Matinee.')
  if (value.format > formatVersion) throw new UnusableBackup('It was made by a newer version of Matinee.')
  return value
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

function isHeader(value: unknown): value is BackupHeader {
  return (
    isObject(value) &&
    value['matinee'] === 'backup' &&
    typeof value['format'] === 'number' &&
    typeof value['createdAt'] === 'number' &&
    typeof value['rows'] === 'number' &&
    typeof value['secretCheck'] === 'string' &&
    isTexts(value['migrations'])
  )
}

function isTable(value: unknown): value is BackupTable {
  return (
    isObject(value) &&
    typeof value['table'] === 'string' &&
    typeof value['rows'] === 'number' &&
    isTexts(value['columns'])
  )
}

function isFooter(value: unknown): value is BackupFooter {
  return (
    isObject(value) && value['end'] === true && typeof value['rows'] === 'number' && typeof value['sha256'] === 'string'
  )
}

function isRow(value: unknown): value is BackupRow {
  return (
    Array.isArray(value) && value.every((item) => item === null || typeof item === 'string' || typeof item === 'number')
  )
}
