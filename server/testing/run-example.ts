import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const docs = join(import.meta.dirname, '..', '..', 'docs')

/** The blocks of one language in a page of `docs/`, in their order. */
export function blocksOf(page: string, language: string): string[] {
  const text = readFileSync(join(docs, page), 'utf8')
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map((match) => match[1] ?? '')
}

/** Runs what a reader of the docs would, against a server; answers what it prints. Throws when it fails. */
export async function runExample(code: string, interpreter: 'bash' | 'node', serverUrl: string): Promise<string> {
  const path = `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`
  const [file, args] =
    interpreter === 'bash'
      ? ['bash', ['-euo', 'pipefail', '-c', code]]
      : [process.execPath, ['--input-type=module', '-e', code]]
  const { stdout } = await run(file, [...args], { env: { PATH: path, MATINEE_URL: serverUrl }, timeout: 150_000 })
  return stdout
}
