import { copyFileSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import tailwind from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import type { Plugin } from 'vite'
import { api, basePath } from '../contract/api.ts'
import { budget } from './budget.ts'
import { offlineShell } from './offline-shell.ts'
import { preloadFiles } from './preload-files.ts'

const root = dirname(fileURLToPath(import.meta.url))
const packages = createRequire(import.meta.url)

/** The browser needs of the contract only how to call it; the schemas, and the library behind them, stay at home. */
function contractInShort(): Plugin {
  const short = Object.fromEntries(Object.entries(api).map(([id, { method, path }]) => [id, { method, path }]))
  return {
    name: 'contract-in-short',
    enforce: 'pre',
    load: (id) =>
      id.endsWith('/contract/api.ts')
        ? `export const api = ${JSON.stringify(short)}; export const basePath = ${JSON.stringify(basePath)}`
        : null,
  }
}

/** `/docs` and `/redoc` are other people's pages: their files are copied, not bundled. */
function apiReference(): Plugin {
  let folder = ''
  return {
    name: 'api-reference',
    apply: 'build',
    configResolved(config) {
      folder = join(config.build.outDir, 'reference')
    },
    closeBundle() {
      mkdirSync(folder, { recursive: true })
      const swagger = dirname(packages.resolve('swagger-ui-dist/package.json'))
      for (const name of ['swagger-ui.css', 'swagger-ui-bundle.js'])
        copyFileSync(join(swagger, name), join(folder, name))
      const redoc = dirname(packages.resolve('redoc/package.json'))
      copyFileSync(join(redoc, 'bundles', 'redoc.standalone.js'), join(folder, 'redoc.standalone.js'))
    },
  }
}

export default defineConfig({
  root,
  plugins: [contractInShort(), react(), tailwind(), offlineShell(), preloadFiles(), budget(), apiReference()],
  build: {
    outDir: join(root, 'dist'),
    emptyOutDir: true,
    target: 'es2023',
    // Inlined files would be data: addresses, which the content security policy does not let fonts have.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})
