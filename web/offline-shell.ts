import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plugin, Rolldown } from 'vite'

/** Pages that open without a network, what they say, and what they fetch only when it is needed. */
const offline = /\/web\/(main\.tsx|messages\/|tickets\/|door\/)|\/qr\/decode\.js$/
const worker = join(dirname(fileURLToPath(import.meta.url)), 'service-worker.js')

/** Emits the service worker with the list of the files that it keeps: those of the pages for flight mode. */
export function offlineShell(): Plugin {
  return {
    name: 'offline-shell',
    apply: 'build',
    generateBundle(_options, bundle) {
      const assets = filesOf(bundle).map((name) => `/${name}`)
      const files = ['/', '/door', '/theme.js', '/icon.svg', '/manifest.webmanifest', ...assets.toSorted()]
      const version = createHash('sha256').update(files.join('\n')).digest('hex').slice(0, 12)
      const source = `const shell = ${JSON.stringify({ version, files })}\n${readFileSync(worker, 'utf8')}`
      this.emitFile({ type: 'asset', fileName: 'sw.js', source })
    },
  }
}

function filesOf(bundle: Rolldown.OutputBundle): string[] {
  const found = new Set<string>()
  const add = (name: string) => {
    const file = bundle[name]
    if (file?.type !== 'chunk' || found.has(name)) return
    found.add(name)
    for (const imported of file.imports) add(imported)
    for (const css of file.viteMetadata?.importedCss ?? []) found.add(css)
  }
  for (const file of Object.values(bundle)) {
    if (file.type === 'chunk' && file.moduleIds.some((id) => offline.test(id))) add(file.fileName)
    // The letters of the four languages; the others come when a title needs them.
    else if (/archivo-latin-standard.*\.woff2$/.test(file.fileName)) found.add(file.fileName)
  }
  return [...found]
}
