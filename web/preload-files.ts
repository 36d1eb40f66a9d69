import type { Plugin, Rolldown } from 'vite'

/** Pages that are loaded apart, by the first part of their address. */
const pages = {
  films: /\/web\/catalogue\/FilmPage\.tsx$/,
  theatres: /\/web\/catalogue\/TheatrePage\.tsx$/,
  showtimes: /\/web\/seat-map\/SeatMapPage\.tsx$/,
}

/** Lists the files of each language and page, so that the server's page can ask for the right ones at once. */
export function preloadFiles(): Plugin {
  return {
    name: 'preload-files',
    apply: 'build',
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk')
      const holding = (file: RegExp) => chunks.filter(({ moduleIds }) => moduleIds.some((id) => file.test(id)))
      const first = closureOf(bundle, holding(/\/web\/main\.tsx$/))
      const words = chunks.flatMap(({ facadeModuleId, fileName }) => {
        const locale = /\/web\/messages\/(\w\w)\.ts$/.exec(facadeModuleId ?? '')?.[1]
        return locale === undefined ? [] : [[locale, `/${fileName}`] as const]
      })
      const ownFiles = Object.entries(pages).map(([page, file]) => {
        const own = [...closureOf(bundle, holding(file))].filter((name) => !first.has(name))
        return [page, own.map((name) => `/${name}`)] as const
      })
      const source = JSON.stringify({ words: Object.fromEntries(words), pages: Object.fromEntries(ownFiles) })
      this.emitFile({ type: 'asset', fileName: 'preload.json', source })
    },
  }
}

/** The names of chunks and of all that they import. */
function closureOf(bundle: Rolldown.OutputBundle, roots: readonly Rolldown.OutputChunk[]): Set<string> {
  const names = new Set<string>()
  const add = (chunk: Rolldown.OutputChunk) => {
    if (names.has(chunk.fileName)) return
    names.add(chunk.fileName)
    for (const name of chunk.imports) {
      const imported = bundle[name]
      if (imported?.type === 'chunk') add(imported)
    }
  }
  for (const root of roots) add(root)
  return names
}
