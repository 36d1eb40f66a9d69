import { gzipSync } from 'node:zlib'
import type { Plugin, Rolldown } from 'vite'

/** Compressed JavaScript that a visitor's first look may cost, bytes, whichever language they read. */
const budgets = [
  { page: 'programme', entry: /\/web\/main\.tsx$/, bytes: 100_000 },
  { page: 'seat map', entry: /\/web\/seat-map\/SeatMapPage\.tsx$/, bytes: 150_000 },
] as const

/** Ends the build when a page has grown beyond its budget: a phone in a foyer pays for each kilobyte. */
export function budget(): Plugin {
  return {
    name: 'budget',
    apply: 'build',
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk')
      const chunkOf = (entry: RegExp) => chunks.find(({ moduleIds }) => moduleIds.some((id) => entry.test(id)))
      const main = chunkOf(budgets[0].entry)
      const languages = chunks.filter(({ facadeModuleId }) => /\/web\/messages\/\w\w\.ts$/.test(facadeModuleId ?? ''))
      if (!main || languages.length < 4) this.error('the budget finds no programme or no languages')
      for (const { page, entry, bytes } of budgets) {
        const chunk = chunkOf(entry)
        if (!chunk) this.error(`the budget finds no ${page}`)
        for (const language of languages) {
          const sum = sizeOf(bundle, [main, chunk, language])
          const name = /(\w\w)\.ts$/.exec(language.facadeModuleId ?? '')?.[1]
          const told = `${page} in ${name}: ${sum} bytes of JavaScript, compressed; the budget is ${bytes}`
          if (sum > bytes) this.error(told)
          this.info(told)
        }
      }
    },
  }
}

/** What these chunks and all that they import come to, each once, compressed apart as they are sent. */
function sizeOf(bundle: Rolldown.OutputBundle, roots: readonly Rolldown.OutputChunk[]): number {
  const sizes = new Map<string, number>()
  const add = (chunk: Rolldown.OutputChunk) => {
    if (sizes.has(chunk.fileName)) return
    sizes.set(chunk.fileName, gzipSync(chunk.code).length)
    for (const name of chunk.imports) {
      const imported = bundle[name]
      if (imported?.type === 'chunk') add(imported)
    }
  }
  for (const root of roots) add(root)
  return [...sizes.values()].reduce((sum, size) => sum + size, 0)
}
