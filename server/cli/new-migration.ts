import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export type NewMigration =
  | { readonly file: string; readonly problem?: undefined }
  | { readonly file?: undefined; readonly problem: string }

/** Writes the next numbered migration into a folder and enters it in the folder's `index.ts`. */
export function newMigration(folder: string, name: string): NewMigration {
  const taken = readdirSync(folder).filter((file) => /^\d{4}-.*\.ts$/.test(file))
  if (taken.some((file) => file.slice(5) === `${name}.ts`)) return { problem: `there is a migration "${name}" already` }
  const latest = Math.max(0, ...taken.map((file) => Number(file.slice(0, 4))))
  const full = `${String(latest + 1).padStart(4, '0')}-${name}`
  const variable = name.replaceAll(/-([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase())
  const index = entered(readFileSync(join(folder, 'index.ts'), 'utf8'), full, variable)
  if (index === null) return { problem: 'the list in migrations/index.ts was not found: it must end with a bracket' }
  writeFileSync(join(folder, `${full}.ts`), template(full, variable), { flag: 'wx' })
  writeFileSync(join(folder, 'index.ts'), index)
  return { file: join(folder, `${full}.ts`) }
}

/** The index with one more import and one more entry at the end of its list; null where it has no such list. */
function entered(index: string, full: string, variable: string): string | null {
  const imports = [...index.matchAll(/^import .*$/gm)].at(-1)
  const list = /(export const migrations[^=]*= \[)([^\]]*)\]/.exec(index)
  if (!imports || !list) return null
  const [whole, head = '', entries = ''] = list
  const multiline = entries.includes('\n')
  const kept = entries.trimEnd().replace(/,$/, '')
  const separator = kept.trim() === '' ? '' : ','
  const extended = multiline
    ? `${head}${kept}${separator}\n  ${variable},\n]`
    : `${head}${kept}${separator}${separator && ' '}${variable}]`
  const at = imports.index + imports[0].length
  return `${index.slice(0, at)}\nimport { ${variable} } from './${full}.ts'${index.slice(at)}`.replace(
    whole,
    () => extended,
  )
}

function template(full: string, variable: string): string {
  return `import type { Migration } from '../schema.ts'

/** Why this change is needed, in a sentence. */
export const ${variable}: Migration = {
  name: '${full}',
  // One dialect for both engines: TEXT, INTEGER (64 bits), REAL, BLOB; milliseconds for times, minor units for money.
  up: [],
  // Takes back exactly what \`up\` did.
  down: [],
}
`
}
